"""Care and crisis lines: confirmed by somebody, asked about again, added and taken out; on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.program.profile import Profile
from copbot.program.settings import edits, hotlines
from copbot.program.settings.edits import Edited
from copbot.program.settings.filed import ChangedMeanwhile
from copbot.store import Store
from copbot.store.journal import JournalRow
from tests.days import DAY, NOON, day
from tests.program.editing import ADA, KIM, LOU, MEI, NOW, changed, effective, seeded

LINE = {
    "name": "Warm line",
    "number": "211",
    "text": "Somebody to talk to.",
    "source": "https://211.org",
    "note": "",
}


def confirmed(store: Store, profile: Profile, ident: str, *, now: datetime = NOW) -> Edited:
    with store.writing() as session:
        seen = edits.current(session, profile, f"hotline.{ident}").version
        return hotlines.confirm_hotline(session, profile, ident, seen=seen, by=MEI, now=now)


def due(store: Store, profile: Profile, now: datetime = NOW) -> list[str]:
    with store.reading() as session:
        return [line.id for line in hotlines.hotlines_due(session, profile, now)]


def added(store: Store, profile: Profile, **texts: str) -> Edited:
    with store.writing() as session:
        return hotlines.add_hotline(session, profile, {**LINE, **texts}, by=ADA, now=NOW)


def test_every_shipped_line_waits_to_be_confirmed(store: Store) -> None:
    profile = seeded(store)
    assert due(store, profile) == [
        "emergency",
        "crisis_988",
        "never_use_alone",
        "samhsa_helpline",
        "wi_recovery_helpline",
    ]


def test_a_confirmed_line_says_when_and_by_whom(store: Store) -> None:
    profile = seeded(store)
    made = confirmed(store, profile, "crisis_988")
    assert made.value is not None
    assert (made.value["last_verified"], made.value["verified_by"]) == (day(), "U0MEI")
    line = effective(store, profile).hotline("crisis_988")
    assert line is not None
    assert line.last_verified == DAY
    assert "crisis_988" not in due(store, profile)
    with store.reading() as session:
        deeds = [(row.actor, row.subject, row.why) for row in session.scalars(select(JournalRow))]
    assert deeds == [("U0MEI", "choice:hotline.crisis_988", "confirmed")]


def test_the_day_is_the_programmes_own(sqlite_store: Store) -> None:
    profile = seeded(sqlite_store)
    evening = NOW + timedelta(hours=12)  # still the same day in Wisconsin
    made = confirmed(sqlite_store, profile, "crisis_988", now=evening)
    assert made.value is not None
    assert made.value["last_verified"] == day()


def test_it_is_asked_for_again_after_six_months_to_the_day(store: Store) -> None:
    profile = seeded(store)
    confirmed(store, profile, "crisis_988")
    half_a_year = hotlines.months_after(DAY, 6) - DAY
    assert "crisis_988" not in due(store, profile, NOON + half_a_year - timedelta(days=1))
    with store.reading() as session:
        again = hotlines.hotlines_due(session, profile, NOON + half_a_year)
        value = edits.current(session, profile, "hotline.crisis_988").value or {}
    line = next(line for line in again if line.id == "crisis_988")
    assert (line.last_verified, value["verified_by"], line.number) == (DAY, "U0MEI", "988")
    confirmed(store, profile, "crisis_988", now=NOON + half_a_year)
    assert "crisis_988" not in due(store, profile, NOON + half_a_year + timedelta(days=9))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ((2026, 11, 23), 6, (2027, 5, 23)),
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 6, 30), 6, (2026, 12, 30)),
        ((2026, 12, 1), 1, (2027, 1, 1)),
    ],
)
def test_half_a_year_ends_in_a_real_day(day: tuple[int, ...], months: int, later: tuple[int, ...]) -> None:
    assert hotlines.months_after(date(*day), months) == date(*later)


def test_a_changed_number_has_to_be_confirmed_anew_and_a_changed_name_has_not(store: Store) -> None:
    profile = seeded(store)
    confirmed(store, profile, "crisis_988")
    renamed = changed(store, profile, "hotline.crisis_988", name="Lifeline")
    assert renamed.value is not None
    assert (renamed.label, renamed.value["verified_by"]) == ("Lifeline", "U0MEI")
    assert "crisis_988" not in due(store, profile)
    changed(store, profile, "hotline.crisis_988", number="1-988")
    assert "crisis_988" in due(store, profile)
    with store.reading() as session:
        now = edits.current(session, profile, "hotline.crisis_988").value
    assert now is not None
    assert now["last_verified"] == ""
    assert "verified_by" not in now


def test_confirming_what_somebody_has_just_changed_is_refused(store: Store) -> None:
    profile = seeded(store)
    changed(store, profile, "hotline.crisis_988", number="1-988")
    with pytest.raises(ChangedMeanwhile), store.writing() as session:
        hotlines.confirm_hotline(session, profile, "crisis_988", seen=1, by=MEI, now=NOW)


def test_a_line_that_is_added_stands_behind_the_files_and_can_be_edited(store: Store) -> None:
    profile = seeded(store)
    made = added(store, profile)
    ident = made.name.partition(".")[2]
    assert [line.id for line in effective(store, profile).hotlines][-2:] == ["wi_recovery_helpline", ident]
    assert due(store, profile)[-1] == ident
    changed(store, profile, made.name, text="By night, too.")
    assert effective(store, profile).hotlines[-1].text == "By night, too."
    with store.reading() as session:
        names = [each.name for each in edits.everything(session, profile)]
        assert edits.differences(session, profile) == ()
    assert names.index(made.name) == names.index("hotline.wi_recovery_helpline") + 1


def test_the_same_number_twice_is_refused(store: Store) -> None:
    profile = seeded(store)
    with pytest.raises(InvalidInput) as refused:
        added(store, profile, number="988")
    assert refused.value.fields == {"number": "This number is already in the list."}
    assert len(effective(store, profile).hotlines) == 5


def test_a_line_taken_out_is_gone_everywhere_and_can_be_taken_back_from_the_file(store: Store) -> None:
    profile = seeded(store)
    with store.writing() as session:
        gone = hotlines.remove_hotline(session, profile, "never_use_alone", seen=1, by=ADA, now=NOW)
    assert gone.value is None
    assert gone.label == "Never Use Alone"
    assert effective(store, profile).hotline("never_use_alone") is None
    assert "never_use_alone" not in due(store, profile)
    with pytest.raises(NotFound), store.writing() as session:
        hotlines.confirm_hotline(session, profile, "never_use_alone", seen=2, by=ADA, now=NOW)
    with store.writing() as session:
        edits.seed(session, profile, NOW + timedelta(days=1))  # the next start
    assert effective(store, profile).hotline("never_use_alone") is None
    with store.writing() as session:
        hotlines.restore_hotline(session, profile, "never_use_alone", seen=2, by=ADA, now=NOW)
    assert {line.id for line in effective(store, profile).hotlines} == {line.id for line in profile.hotlines}


def test_a_line_added_here_and_taken_out_leaves_the_rest(store: Store) -> None:
    profile = seeded(store)
    made = added(store, profile)
    with store.writing() as session:
        hotlines.remove_hotline(
            session, profile, made.name.partition(".")[2], seen=made.version, by=ADA, now=NOW
        )
    assert effective(store, profile).hotlines == profile.hotlines


def test_only_leads_and_administrators_touch_lines_inv7(sqlite_store: Store) -> None:
    profile = seeded(sqlite_store)
    with pytest.raises(NotAllowed), sqlite_store.writing() as session:
        hotlines.confirm_hotline(session, profile, "emergency", seen=1, by=KIM, now=NOW)
    with pytest.raises(NotAllowed), sqlite_store.writing() as session:
        hotlines.add_hotline(session, profile, LINE, by=KIM, now=NOW)
    with pytest.raises(NotAllowed), sqlite_store.writing() as session:
        hotlines.remove_hotline(session, profile, "emergency", seen=1, by=KIM, now=NOW)
    with sqlite_store.writing() as session:  # on the first afternoon there is no lead yet
        hotlines.confirm_hotline(session, profile, "emergency", seen=1, by=LOU, now=NOW)


@pytest.mark.parametrize("ident", ["emergency", "crisis_988"])
def test_lines_for_danger_cannot_be_removed_and_say_how_to_check_without_a_call(
    sqlite_store: Store, ident: str
) -> None:
    profile = seeded(sqlite_store)
    with pytest.raises(Conflict), sqlite_store.writing() as session:
        hotlines.remove_hotline(session, profile, ident, seen=1, by=ADA, now=NOW)
    changed(sqlite_store, profile, f"hotline.{ident}", text="Call right away.")
    line = effective(sqlite_store, profile).hotline(ident)
    assert line is not None
    assert line.essential
    assert "call" in str(line.check)
    with sqlite_store.reading() as session:
        told = {each.id: each.check or "" for each in hotlines.hotlines_due(session, profile, NOW)}
    assert told[ident] == line.check
    assert told["never_use_alone"] == ""
