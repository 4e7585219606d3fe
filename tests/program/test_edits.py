"""Choices that leads make: loaded once, changed with who and when, never overwritten, on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from copbot.errors import InvalidInput, NotAllowed, NotFound
from copbot.program.profile import load
from copbot.program.settings import edits
from copbot.program.settings.edits import Edited
from copbot.program.settings.filed import FROM_FILE, ChangedMeanwhile
from copbot.program.settings.service import choose
from copbot.store import Store
from copbot.store.journal import JournalRow
from tests.days import WISCONSIN, to_monday
from tests.program.editing import ADA, KIM, LOU, MEI, NAMES, NOW, changed, effective, file_with, seeded

LOCAL = NOW.astimezone(WISCONSIN)

OTHER = {"phone": "608-555-0199", "email": "us@example.org"}


def journal(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as session:
        rows = session.scalars(select(JournalRow).order_by(JournalRow.id))
        return [(row.actor, row.subject, row.why) for row in rows]


def test_before_anything_is_loaded_the_file_counts(store: Store) -> None:
    profile = load()
    assert effective(store, profile) is profile


def test_loading_changes_no_word_and_happens_once(store: Store) -> None:
    profile = load()
    with store.writing() as session:
        assert edits.seed(session, profile, NOW) == 45
        assert edits.seed(session, profile, NOW) == 0
    assert effective(store, profile) == profile


def test_what_a_later_file_adds_is_loaded_and_nothing_else(store: Store, tmp_path: Path) -> None:
    seeded(store)
    changed(store, load(), "contact", **OTHER)
    line = "  - {id: fifth, name: Fifth, number: 211, text: Anything, source: here}\n"
    later = file_with(
        tmp_path,
        ("  - id: samhsa_helpline\n", f"{line}  - id: samhsa_helpline\n"),
        ("608-555-0100", "608-555-0111"),
    )
    with store.writing() as session:
        assert edits.seed(session, later, NOW) == 1
    now = effective(store, later)
    assert now.contact.phone == OTHER["phone"]
    assert now.hotline("fifth") is not None


def test_a_change_counts_from_then_on_with_who_and_when(store: Store) -> None:
    profile = seeded(store)
    with store.writing() as session:
        later = NOW + timedelta(hours=1)
        made = edits.change(session, profile, "contact", OTHER, seen=1, by=ADA, now=later)
        assert edits.effective(session, profile).contact.phone == OTHER["phone"]  # in the same transaction
    assert (made.value, made.by, made.at, made.version) == (OTHER, "U0ADA", later, 2)
    now = effective(store, profile)
    assert now.contact.email == "us@example.org"
    assert now.filed is profile
    assert effective(store, now).contact == now.contact  # whichever of the two a caller has
    assert journal(store) == [("U0ADA", "choice:contact", "changed")]


def test_a_change_to_the_same_is_no_change(store: Store) -> None:
    profile = seeded(store)
    assert changed(store, profile, "contact", phone=f" {profile.contact.phone}").version == 1
    assert journal(store) == []


def test_the_built_profile_is_used_again_until_something_changes(sqlite_store: Store) -> None:
    profile = seeded(sqlite_store)
    changed(sqlite_store, profile, "contact", **OTHER)
    first = effective(sqlite_store, profile)
    assert effective(sqlite_store, profile) is first
    changed(sqlite_store, profile, "topic.naloxone", label="Narcan")
    assert effective(sqlite_store, profile).topic_label("naloxone") == "Narcan"


def test_a_profile_that_has_not_changed_costs_one_short_query(store: Store) -> None:
    profile = seeded(store)
    changed(store, profile, "contact", **OTHER)
    effective(store, profile)
    asked: list[str] = []
    with store.reading() as session:
        session.connection()
        event.listen(store.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
        edits.effective(session, profile)
    assert len([statement for statement in asked if "choices" in statement]) == 1


def test_a_change_that_is_undone_leaves_no_trace_in_what_is_used_again(store: Store) -> None:
    profile = seeded(store)

    def spoiled() -> None:
        with store.writing() as session:
            edits.change(session, profile, "contact", OTHER, seen=1, by=ADA, now=NOW)
            assert edits.effective(session, profile).contact.phone == OTHER["phone"]
            raise NotFound("later in the same transaction")

    with pytest.raises(NotFound):
        spoiled()
    assert effective(store, profile) == profile
    changed(store, profile, "time_zone", time_zone="America/Denver")
    assert effective(store, profile).contact == profile.contact


def test_two_databases_do_not_share_what_was_built(sqlite_store: Store, postgres_store: Store) -> None:
    profile = seeded(sqlite_store)
    seeded(postgres_store)
    changed(sqlite_store, profile, "contact", **OTHER)
    assert effective(sqlite_store, profile).contact.phone == OTHER["phone"]
    assert effective(postgres_store, profile).contact == profile.contact


def test_who_saves_second_is_told_who_was_first_and_loses_nothing(store: Store) -> None:
    profile = seeded(store)
    changed(store, profile, "contact", **OTHER)
    typed = {"phone": "608-555-0155", "email": "mine@example.org"}
    with pytest.raises(ChangedMeanwhile) as late, store.writing() as session:
        edits.change(session, profile, "contact", typed, seen=1, by=MEI, now=NOW, called=NAMES.__getitem__)
    assert late.value.words.startswith(
        f"Ada Fenn changed this on {LOCAL:%a, %b} {LOCAL.day} at {f'{LOCAL:%I:%M %p}'.lstrip('0')}, after you opened it."
    )
    assert late.value.now.value == OTHER
    with store.writing() as session:
        made = edits.change(session, profile, "contact", typed, seen=late.value.now.version, by=MEI, now=NOW)
    assert (made.value, made.by) == (typed, "U0MEI")


@pytest.mark.both_databases
def test_two_leads_saving_at_once_are_one_change_and_one_refusal(store: Store) -> None:
    profile = seeded(store)
    start, ends = threading.Barrier(2), []

    def save(phone: str) -> None:
        start.wait(5)
        try:
            with store.writing() as session:
                edits.change(session, profile, "contact", {**OTHER, "phone": phone}, seen=1, by=ADA, now=NOW)
            ends.append(phone)
        except ChangedMeanwhile:
            ends.append("refused")

    threads = [threading.Thread(target=save, args=(f"608-555-010{n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert ends.count("refused") == 1
    assert effective(store, profile).contact.phone in ends


@pytest.mark.both_databases
def test_leads_changing_different_parts_at_once_both_count(store: Store) -> None:
    profile = seeded(store)
    start = threading.Barrier(2)

    def save(name: str, label: str) -> None:
        start.wait(5)
        with store.writing() as session:
            edits.change(session, profile, name, {"label": label}, seen=1, by=ADA, now=NOW)
            edits.effective(session, profile)

    threads = [
        threading.Thread(target=save, args=(f"topic.{each}", each)) for each in ("naloxone", "housing")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    now = effective(store, profile)
    assert (now.topic_label("naloxone"), now.topic_label("housing")) == ("naloxone", "housing")


def test_only_leads_and_administrators_change_anything_inv7(store: Store) -> None:
    profile = seeded(store)
    with pytest.raises(NotAllowed), store.writing() as session:
        edits.change(session, profile, "contact", OTHER, seen=1, by=KIM, now=NOW)
    with store.writing() as session:
        edits.change(session, profile, "contact", OTHER, seen=1, by=LOU, now=NOW)
    assert effective(store, profile).contact.phone == OTHER["phone"]


@pytest.mark.parametrize("name", ["topic.none", "commands", "staff_channel", "leads", "program_stamp"])
def test_what_is_no_part_of_the_profile_cannot_be_changed_here(sqlite_store: Store, name: str) -> None:
    profile = seeded(sqlite_store)
    with sqlite_store.writing() as session:
        choose(session, "staff_channel", "C0STAFF", by="U0LOU", now=NOW)
    with pytest.raises(NotFound), sqlite_store.writing() as session:
        edits.change(session, profile, name, {"staff_channel": "C0X", "label": "x"}, seen=0, by=ADA, now=NOW)


def test_what_is_refused_changes_nothing_and_names_the_field(sqlite_store: Store) -> None:
    profile = seeded(sqlite_store)
    with pytest.raises(InvalidInput) as refused, sqlite_store.writing() as session:
        edits.change(session, profile, "contact", {**OTHER, "phone": "x"}, seen=1, by=ADA, now=NOW)
    assert list(refused.value.fields) == ["phone"]
    assert effective(sqlite_store, profile) == profile


def test_days_that_would_close_the_programme_for_ever_are_refused(sqlite_store: Store) -> None:
    profile = seeded(sqlite_store)
    changed(
        sqlite_store,
        profile,
        "business_hours",
        **dict.fromkeys(("tuesday", "wednesday", "thursday", "friday"), ""),
    )
    mondays = "\n".join(f"{NOW.date() + timedelta(days=to_monday() + 7 * n)} Away" for n in range(60))
    with pytest.raises(InvalidInput) as refused:
        changed(sqlite_store, profile, "holidays", extra=mondays)
    assert "never be open" in refused.value.words


@pytest.mark.both_databases
def test_what_databases_and_slack_refuse_is_left_out_of_what_was_typed(store: Store) -> None:
    profile = seeded(store)
    made = changed(store, profile, "notice.funding", funding="Paid\0 by\ud800 us\x07.\nThanks.")
    assert made.value == {"funding": "Paid by us.\nThanks."}
    assert effective(store, profile).notices.funding == "Paid by us.\nThanks."


def test_a_choice_that_this_release_cannot_read_leaves_the_files_words(store: Store) -> None:
    profile = seeded(store)
    with store.writing() as session:
        choose(session, "clocks", {"urgent": "someday"}, by="U0ADA", now=NOW)
        choose(session, "program_stamp", "another", by="program", now=NOW)
    assert effective(store, profile) == profile


def test_everything_is_listed_in_one_order_with_what_the_environment_fixes(store: Store) -> None:
    profile = seeded(store)
    with store.writing() as session:
        choose(session, "staff_channel", "C0CHOSEN", by="U0LOU", now=NOW)
        choose(session, "leads", ["U0ADA", "U0MEI"], by="U0LOU", now=NOW)
    with store.reading() as session:
        listed = edits.everything(session, profile, environment={"staff_channel": "#ta-staff"})
        free = edits.current(session, profile, "staff_channel")
    by_name: dict[str, Edited] = {each.name: each for each in listed}
    assert list(by_name)[:4] == ["staff_channel", "leads", "contact", "time_zone"]
    fixed = by_name["staff_channel"]
    assert (fixed.value, fixed.fixed_by_environment) == ({"staff_channel": "#ta-staff"}, True)
    assert (free.value, free.fixed_by_environment) == ({"staff_channel": "C0CHOSEN"}, False)
    assert by_name["leads"].value == {"leads": "U0ADA U0MEI"}
    assert by_name["contact"].by == FROM_FILE
    assert not by_name["contact"].fixed_by_environment


def test_without_loading_everything_can_still_be_looked_at_and_changed(store: Store) -> None:
    profile = load()
    with store.reading() as session:
        shown = edits.current(session, profile, "contact")
    assert (shown.version, shown.value) == (0, {"phone": "608-555-0100", "email": "ta-center@example.org"})
    with store.writing() as session:
        edits.change(session, profile, "contact", OTHER, seen=0, by=ADA, now=NOW)
    assert effective(store, profile).contact.phone == OTHER["phone"]
