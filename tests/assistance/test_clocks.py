"""Clocks in business time: when they start, stand still and run out. Every time of day is Wisconsin's."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copbot.assistance.clocks import rules
from copbot.assistance.clocks.rules import RequestClocks
from copbot.program.calendar.hours import BusinessHours
from tests.assistance.given import profile

ZONE = ZoneInfo("America/Chicago")
HOURS = profile().hours
ALWAYS = BusinessHours("America/Chicago", (((0, 1440),),) * 7)
"""A program that is open day and night."""


def at(words: str, year: int = 2031) -> datetime:
    """`04-07 09:00` of a year far away, in which April 4 is a Friday, November 27 Thanksgiving."""
    return datetime.fromisoformat(f"{year}-{words.replace(' ', 'T')}").replace(tzinfo=ZONE).astimezone(UTC)


def words(moment: datetime | None) -> str:
    return moment.astimezone(ZONE).strftime("%m-%d %H:%M") if moment else ""


def started(when: str, *, urgent: bool = False) -> RequestClocks:
    return rules.started(profile(), at(when), urgent)


def paused(clocks: RequestClocks, begin: str, end: str, hours: BusinessHours = HOURS) -> RequestClocks:
    return rules.resumed(RequestClocks(**{**vars(clocks), "paused_at": at(begin)}), hours, at(end))


@pytest.mark.parametrize(
    ("asked", "due", "waits", "then"),
    [
        ("04-04 16:00", "04-07 16:00", ("04-07 09:00", "04-08 09:00"), "04-08 16:00"),
        # Thanksgiving: Thursday is closed, Friday is not.
        ("11-26 16:00", "11-28 16:00", ("11-28 09:00", "12-01 09:00"), "12-01 16:00"),
        ("11-25 16:00", "11-26 16:00", ("11-26 09:00", "11-28 09:00"), "11-28 16:00"),
        # Over a weekend only the business time between counts.
        ("04-03 16:00", "04-04 16:00", ("04-04 12:00", "04-07 12:00"), "04-07 16:00"),
        # A wait outside opening time moves nothing.
        ("04-04 16:00", "04-07 16:00", ("04-04 17:00", "04-07 07:00"), "04-07 16:00"),
        # Into the evening, and on the next morning.
        ("04-07 16:00", "04-08 16:00", ("04-08 10:00", "04-08 11:00"), "04-09 08:30"),
    ],
)
def test_a_wait_moves_what_is_due_by_its_business_time(
    asked: str, due: str, waits: tuple[str, str], then: str
) -> None:
    clocks = started(asked)
    assert words(clocks.first_reply_due) == due
    after = paused(clocks, *waits)
    assert (words(after.first_reply_due), after.paused_at) == (then, None)


def test_every_clock_is_moved_by_the_same_wait() -> None:
    clocks = started("04-04 16:00")
    assert (words(clocks.triage_due), words(clocks.delivery_due)) == ("04-08 16:00", "05-02 16:00")
    after = paused(clocks, "04-07 09:00", "04-08 09:00")
    assert (words(after.triage_due), words(after.delivery_due)) == ("04-09 16:00", "05-05 16:00")


def test_two_waits_move_it_twice() -> None:
    once = paused(started("04-04 16:00"), "04-07 09:00", "04-07 10:00")
    assert words(once.first_reply_due) == "04-08 08:30"
    assert words(paused(once, "04-07 11:00", "04-07 12:00").first_reply_due) == "04-08 09:30"


def test_a_clock_that_had_run_out_before_the_wait_stays_where_it_was() -> None:
    after = paused(started("04-04 16:00"), "04-07 16:15", "04-09 09:00")
    assert words(after.first_reply_due) == "04-07 16:00"
    assert words(after.triage_due) == "04-10 08:45"


def test_what_an_older_release_did_not_start_is_not_moved() -> None:
    old = RequestClocks(at("04-07 16:00"), None, None)
    assert rules.resumed(old, HOURS, at("04-08 09:00")) == old
    assert paused(old, "04-07 09:00", "04-07 10:00").triage_due is None


@pytest.mark.parametrize(
    ("due", "waits", "then"),
    [
        # Spring: an hour is left out on March 9. Autumn: one comes twice on November 2.
        ("03-10 12:00", ("03-08 12:00", "03-09 12:00"), "03-11 11:00"),
        ("11-03 12:00", ("11-01 12:00", "11-02 12:00"), "11-04 13:00"),
        # Over midnight.
        ("04-08 00:30", ("04-07 23:00", "04-08 00:15"), "04-08 01:45"),
    ],
)
def test_a_wait_over_a_change_of_the_clocks_counts_hours_that_passed(
    due: str, waits: tuple[str, str], then: str
) -> None:
    clocks = RequestClocks(at(due), None, None)
    assert words(paused(clocks, *waits, ALWAYS).first_reply_due) == then


def test_office_hours_that_changed_meanwhile_count_for_the_wait_and_leave_the_past() -> None:
    mornings = BusinessHours("America/Chicago", (*(((8 * 60, 12 * 60),),) * 5, (), ()))
    clocks = started("04-04 16:00")  # Monday 16:00
    after = paused(clocks, "04-08 08:00", "04-08 09:00", mornings)
    assert after.first_reply_due == clocks.first_reply_due  # it was over before
    after = paused(clocks, "04-07 08:00", "04-07 09:00", mornings)
    assert words(after.first_reply_due) == "04-08 09:00"


@pytest.mark.parametrize(("answered", "first"), [(True, "04-07 16:00"), (False, "05-02 10:00")])
def test_reopening_starts_delivery_anew_and_the_first_reply_only_if_there_was_none(
    answered: bool, first: str
) -> None:
    before = started("04-04 16:00")
    after = rules.reopened(before, profile(), at("05-01 10:00"), urgent=False, answered=answered)
    assert words(after.first_reply_due) == first
    assert after.delivery_due == started("05-01 10:00").delivery_due
    assert after.triage_due == before.triage_due


@pytest.mark.parametrize(
    ("due", "now", "warned"),
    [
        ("04-07 12:00", "04-07 10:59", False),
        ("04-07 12:00", "04-07 11:00", True),
        ("04-07 12:00", "04-07 12:00", False),  # now it is late
        ("04-07 08:30", "04-04 15:59", False),
        ("04-07 08:30", "04-04 16:00", True),  # the last business hour began on Friday
        ("11-28 08:30", "11-26 16:00", True),  # before Thanksgiving
    ],
)
def test_the_warning_comes_in_the_last_business_hour(due: str, now: str, warned: bool) -> None:
    assert rules.warns(HOURS, at(due), at(now)) is warned


@pytest.mark.parametrize(
    ("told", "now", "rings"),
    [
        ("04-07 12:00", "04-07 12:59", False),
        ("04-07 12:00", "04-07 13:00", True),
        ("04-04 16:00", "04-07 08:30", True),
    ],
)
def test_leads_are_rung_again_after_a_business_hour(told: str, now: str, rings: bool) -> None:
    assert rules.rings_again(HOURS, at(told), at(now)) is rings


@pytest.mark.parametrize(
    ("nudged", "now", "step"),
    [
        (None, "04-09 15:59", None),
        (None, "04-09 16:00", "nudge"),  # asked Friday 16:00: three business days
        ("04-09 16:00", "04-16 15:59", None),
        ("04-09 16:00", "04-16 16:00", "nudge"),  # eight
        ("04-16 16:00", "04-25 15:59", None),
        ("04-16 16:00", "04-25 16:00", "no_answer"),  # fifteen
        (None, "04-18 12:00", "nudge"),  # the clock jumped over both: one
        ("04-18 12:00", "04-18 12:10", None),
        ("04-18 12:00", "04-25 16:00", "no_answer"),
        (None, "06-02 12:00", "nudge"),  # down for weeks: nobody is closed unreminded
        ("06-02 12:00", "06-03 12:00", None),
        ("06-02 12:00", "06-05 12:00", "no_answer"),
    ],
)
def test_an_open_question_is_reminded_of_twice_and_then_ends(
    nudged: str | None, now: str, step: str | None
) -> None:
    found = rules.after_question(HOURS, at("04-04 16:00"), at(nudged) if nudged else None, at(now))
    assert found == step


def test_over_thanksgiving_a_reminder_waits_a_day_longer() -> None:
    asked: dict[str, Any] = {"asked_at": at("11-25 10:00"), "nudged_at": None}
    assert rules.after_question(HOURS, **asked, now=at("12-01 09:59")) is None
    assert rules.after_question(HOURS, **asked, now=at("12-01 10:00")) == "nudge"


def test_a_wait_never_makes_anything_due_earlier() -> None:
    clocks = started("04-04 16:00")
    begin = at("04-07 08:00")
    dues = [
        rules.resumed(
            RequestClocks(**{**vars(clocks), "paused_at": begin}), HOURS, begin + timedelta(minutes=17 * n)
        )
        for n in range(200)
    ]
    assert [each.first_reply_due for each in dues] == sorted(each.first_reply_due for each in dues)
    assert all(time(8) <= each.first_reply_due.astimezone(ZONE).time() <= time(16, 30) for each in dues)
