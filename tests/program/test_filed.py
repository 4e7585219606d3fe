"""A changed file: shown where it differs, and nothing overwritten unasked; on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from copbot.errors import NotAllowed, NotFound
from copbot.program.profile import Profile
from copbot.program.settings import edits, hotlines
from copbot.program.settings.filed import ChangedMeanwhile
from copbot.store import Store
from tests.program.editing import ADA, KIM, NOW, changed, effective, file_with, seeded

PHONE = ("608-555-0100", "608-555-0111")


@pytest.fixture
def later(tmp_path: Path) -> Profile:
    """The file after somebody changed the phone number and a topic's label in it."""
    return file_with(tmp_path, PHONE, ("label: Wound care", "label: Wounds"))


def restarted(store: Store, profile: Profile) -> list[edits.Edited]:
    with store.writing() as session:
        edits.seed(session, profile, NOW)
        return list(edits.differences(session, profile))


def test_the_same_file_differs_in_nothing_whatever_was_changed_here(store: Store) -> None:
    profile = seeded(store)
    changed(store, profile, "contact", phone="608-555-0199")
    with store.writing() as session:
        hotlines.confirm_hotline(session, profile, "emergency", seen=1, by=ADA, now=NOW)
    assert restarted(store, profile) == []


def test_a_changed_file_is_shown_and_changes_nothing(store: Store, later: Profile) -> None:
    seeded(store)
    found = {each.name: each for each in restarted(store, later)}
    assert set(found) == {"contact", "topic.wound_care"}
    contact = found["contact"]
    assert (contact.was["phone"], contact.file["phone"]) == PHONE
    assert contact.value == contact.was
    assert (contact.label, contact.version) == ("Who to contact when the app can't help", 1)
    now = effective(store, later)
    assert (now.contact.phone, now.topic_label("wound_care")) == ("608-555-0100", "Wound care")


def test_what_is_no_choice_follows_the_file_at_once(store: Store, tmp_path: Path) -> None:
    seeded(store)
    renamed = file_with(
        tmp_path, ("Harm Reduction Technical Assistance Center", "Centre"), ("  ta: /ta", "  ta: /help-us")
    )
    assert restarted(store, renamed) == []
    now = effective(store, renamed)
    assert (now.name, now.commands.ta) == ("Wisconsin Centre", "/help-us")


def test_the_files_words_are_taken_over_when_somebody_says_so(store: Store, later: Profile) -> None:
    seeded(store)
    with store.writing() as session:
        taken = edits.lock_part(session, later, "contact", seen=1, by=ADA, now=NOW).take_from_file()
    assert (taken.by, taken.version) == ("U0ADA", 2)
    assert effective(store, later).contact.phone == "608-555-0111"
    assert [each.name for each in restarted(store, later)] == ["topic.wound_care"]


def test_keeping_what_is_here_ends_the_question(store: Store, later: Profile) -> None:
    profile = seeded(store)
    changed(store, profile, "contact", phone="608-555-0199")
    with store.writing() as session:
        held = edits.lock_part(session, later, "contact", seen=2, by=ADA, now=NOW)
        kept = held.settle(edits.PARTS.mark(held.found), take=False)
    assert kept.value is not None
    assert kept.value["phone"] == "608-555-0199"
    assert [each.name for each in restarted(store, later)] == ["topic.wound_care"]
    assert effective(store, later).contact.phone == "608-555-0199"


def test_a_file_that_says_what_was_chosen_here_is_no_difference(store: Store, later: Profile) -> None:
    profile = seeded(store)
    changed(store, profile, "contact", phone=PHONE[1])
    assert [each.name for each in restarted(store, later)] == ["topic.wound_care"]


def test_a_file_taken_over_after_somebody_else_changed_it_is_refused(store: Store, later: Profile) -> None:
    profile = seeded(store)
    changed(store, profile, "contact", phone="608-555-0199")
    with pytest.raises(ChangedMeanwhile), store.writing() as session:
        edits.lock_part(session, later, "contact", seen=1, by=ADA, now=NOW).take_from_file()
    assert effective(store, later).contact.phone == "608-555-0199"


def test_a_file_that_changed_once_more_is_not_taken_unseen(
    store: Store, later: Profile, tmp_path: Path
) -> None:
    seeded(store)
    [shown] = [each for each in restarted(store, later) if each.name == "contact"]
    again = file_with(tmp_path, (PHONE[0], "608-555-0122"))
    with pytest.raises(ChangedMeanwhile), store.writing() as session:
        held = edits.lock_part(session, again, "contact", by=ADA, now=NOW)
        held.settle(edits.PARTS.mark(shown), take=True)
    assert effective(store, again).contact.phone == PHONE[0]


def test_a_topic_that_left_the_file_is_gone_and_its_label_waits(store: Store, tmp_path: Path) -> None:
    profile = seeded(store)
    changed(store, profile, "topic.housing", label="Homes")
    text = "      - id: housing\n        label: Housing and shelter\n        also: [shelter, unhoused, homelessness]\n"
    without = file_with(tmp_path, (text, ""))
    assert restarted(store, without) == []
    assert effective(store, without).topic("housing") is None
    assert effective(store, profile).topic_label("housing") == "Homes"


def test_only_leads_decide_and_only_about_what_the_file_has(sqlite_store: Store, later: Profile) -> None:
    seeded(sqlite_store)
    with pytest.raises(NotAllowed), sqlite_store.writing() as session:
        edits.lock_part(session, later, "contact", seen=1, by=KIM, now=NOW).take_from_file()
    with pytest.raises(NotAllowed), sqlite_store.writing() as session:
        edits.lock_part(session, later, "contact", by=KIM, now=NOW)
    line = {"name": "Ours", "number": "211", "text": "x", "source": "y"}
    with sqlite_store.writing() as session:
        made = hotlines.add_hotline(session, later, line, by=ADA, now=NOW)
    with pytest.raises(NotFound), sqlite_store.writing() as session:
        ident = made.name.removeprefix("hotline.")
        hotlines.restore_hotline(session, later, ident, seen=made.version, by=ADA, now=NOW)
