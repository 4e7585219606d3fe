"""Business time against calendars written by hand: weekends, breaks, holidays and changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from copbot.program import deadlines as program_deadlines
from copbot.program.calendar import hours as business
from copbot.program.calendar.closed_days import ClosedDays, DayMark
from copbot.program.calendar.hours import BusinessHours, ClockSpan
from copbot.program.profile import load
from tests.program.opening import always, at, office, wall, with_lunch
from tests.rows import for_each

WISCONSIN = ClosedDays(country="US", subdivision="WI")


@for_each(
    ("start", "hours", "due"),
    [
        ("2026-06-02 09:00", 4, "Tue 2026-06-02 13:00"),
        ("2026-06-02 08:00", 8.5, "Tue 2026-06-02 16:30"),  # exactly a day ends with the day
        ("2026-06-02 15:00", 4, "Wed 2026-06-03 10:30"),
        ("2026-06-02 03:00", 4, "Tue 2026-06-02 12:00"),  # before opening
        ("2026-06-02 16:30", 1, "Wed 2026-06-03 09:00"),  # closing time is closed
        ("2026-06-02 20:00", 4, "Wed 2026-06-03 12:00"),  # after closing
        ("2026-06-05 15:30", 4, "Mon 2026-06-08 11:00"),  # over a weekend
        ("2026-06-05 18:00", 4, "Mon 2026-06-08 12:00"),
        ("2026-06-06 12:00", 4, "Mon 2026-06-08 12:00"),
        ("2026-06-07 23:59", 0.25, "Mon 2026-06-08 08:15"),
        ("2026-06-02 09:00", 0, "Tue 2026-06-02 09:00"),
        ("2026-06-06 09:00", 0, "Mon 2026-06-08 08:00"),
        ("2026-06-01 08:00", 42.5, "Fri 2026-06-05 16:30"),  # a whole week
        ("2026-06-01 08:00", 42.75, "Mon 2026-06-08 08:15"),
        ("2026-06-01 08:00", 425, "Fri 2026-08-07 16:30"),  # ten weeks
    ],
)
def test_business_hours_run_only_while_open(start: str, hours: float, due: str) -> None:
    assert wall(business.add_business_hours(office(), at(start), hours)) == due


@for_each(
    ("start", "days", "due"),
    [
        ("2026-06-02 09:20", 1, "Wed 2026-06-03 09:20"),
        ("2026-06-05 14:00", 1, "Mon 2026-06-08 14:00"),
        ("2026-06-05 18:00", 1, "Tue 2026-06-09 08:00"),  # counts from Monday's opening
        ("2026-06-06 10:00", 1, "Tue 2026-06-09 08:00"),
        ("2026-06-02 05:00", 2, "Thu 2026-06-04 08:00"),
        ("2026-06-02 16:30", 1, "Thu 2026-06-04 08:00"),
        ("2026-06-02 10:00", 20, "Tue 2026-06-30 10:00"),
        ("2026-06-02 10:00", 0, "Tue 2026-06-02 10:00"),
        ("2026-06-06 10:00", 0, "Mon 2026-06-08 08:00"),
    ],
)
def test_business_days_keep_the_working_time(start: str, days: int, due: str) -> None:
    assert wall(business.add_business_days(office(), at(start), days)) == due


@for_each(
    ("start", "days", "due"),
    [
        ("2026-06-04 15:00", 1, "Fri 2026-06-05 12:00"),  # Friday closes at noon
        ("2026-06-04 12:30", 1, "Fri 2026-06-05 12:00"),  # in the break: counts from 13:00
        ("2026-06-03 10:00", 1, "Thu 2026-06-04 10:00"),
        ("2026-06-05 12:00", 1, "Tue 2026-06-09 09:00"),
    ],
)
def test_a_day_that_closes_earlier_is_met_at_its_closing(start: str, days: int, due: str) -> None:
    assert wall(business.add_business_days(with_lunch(), at(start), days)) == due


def test_a_time_that_falls_into_a_later_days_break_waits_for_its_end() -> None:
    no_break_on_monday = ((540, 1020),)
    break_on_tuesday = ((540, 720), (780, 1020))
    hours = BusinessHours("America/Chicago", (no_break_on_monday, break_on_tuesday, (), (), (), (), ()))
    due = business.add_business_days(hours, at("2026-06-01 12:30"), 1)
    assert wall(due) == "Tue 2026-06-02 13:00"


@for_each(
    ("start", "hours", "due"),
    [
        ("2026-06-02 11:00", 2, "Tue 2026-06-02 14:00"),
        ("2026-06-02 12:00", 1, "Tue 2026-06-02 14:00"),
        ("2026-06-02 12:30", 4, "Tue 2026-06-02 17:00"),
        ("2026-06-05 11:00", 2, "Mon 2026-06-08 10:00"),
    ],
)
def test_a_break_stops_the_clock(start: str, hours: float, due: str) -> None:
    assert wall(business.add_business_hours(with_lunch(), at(start), hours)) == due


@for_each(
    ("start", "hours", "due"),
    [
        ("2026-05-22 15:30", 2, "Tue 2026-05-26 09:00"),  # Memorial Day
        ("2026-07-02 15:30", 2, "Mon 2026-07-06 09:00"),  # the Fourth is a Saturday, kept on Friday
        ("2026-12-23 15:30", 2, "Mon 2026-12-28 09:00"),  # the 24th and 25th, then a weekend
        ("2026-11-26 10:00", 1, "Fri 2026-11-27 09:00"),  # Thanksgiving itself
        ("2026-12-30 16:00", 1, "Mon 2027-01-04 08:30"),  # over the turn of the year
    ],
)
def test_holidays_stop_the_clock(start: str, hours: float, due: str) -> None:
    assert wall(business.add_business_hours(office(WISCONSIN), at(start), hours)) == due


def test_business_days_skip_holidays_and_own_closed_days() -> None:
    own = ClosedDays(country="US", subdivision="WI", extra=((DayMark(2026, 11, 27), "Day after"),))
    start = at("2026-11-25 10:00")
    assert wall(business.add_business_days(office(WISCONSIN), start, 1)) == "Fri 2026-11-27 10:00"
    assert wall(business.add_business_days(office(own), start, 1)) == "Mon 2026-11-30 10:00"


@for_each(
    ("start", "minutes_open"),
    [
        # The clock goes forward on Sunday 2026-03-08 at 02:00 and back on Sunday 2026-11-01 at 02:00.
        (("2026-03-07 12:00", "2026-03-08 12:00"), 23 * 60),
        (("2026-10-31 12:00", "2026-11-01 12:00"), 25 * 60),
        (("2026-03-08 01:30", "2026-03-08 03:30"), 60),
        (("2026-11-01 00:30", "2026-11-01 02:30"), 180),
    ],
)
def test_round_the_clock_hours_count_real_time(start: tuple[str, str], minutes_open: int) -> None:
    first, last = start
    assert business.business_minutes_between(always(), at(first), at(last)) == minutes_open


@for_each(
    ("start", "hours", "due"),
    [
        ("2026-03-06 15:30", 4, "Mon 2026-03-09 11:00"),  # the gap lies in the weekend
        ("2026-10-30 15:30", 4, "Mon 2026-11-02 11:00"),  # so does the fold
    ],
)
def test_office_hours_stay_on_the_wall_clock_across_a_change(start: str, hours: float, due: str) -> None:
    assert wall(business.add_business_hours(office(), at(start), hours)) == due


def test_a_business_day_across_a_change_keeps_the_wall_clock_not_the_utc_time() -> None:
    forward = business.add_business_days(office(), at("2026-03-06 10:00"), 1)
    back = business.add_business_days(office(), at("2026-10-30 10:00"), 1)
    assert forward == datetime(2026, 3, 9, 15, tzinfo=UTC)
    assert back == datetime(2026, 11, 2, 16, tzinfo=UTC)


def test_an_opening_inside_a_gap_happens_at_the_next_valid_instant() -> None:
    from_half_past_two = BusinessHours("America/Chicago", (((150, 360),),) * 7)
    opening = business.next_opening(from_half_past_two, at("2026-03-08 00:00"))
    assert opening == datetime(2026, 3, 8, 8, tzinfo=UTC)  # 03:00 in summer time
    until_six = business.business_minutes_between(from_half_past_two, opening, at("2026-03-08 23:00"))
    assert until_six == 180


def test_a_span_that_lies_wholly_in_a_gap_does_not_exist_that_day() -> None:
    small_hours = BusinessHours("America/Chicago", (((125, 175),),) * 7)
    assert wall(business.next_opening(small_hours, at("2026-03-08 00:00"))) == "Mon 2026-03-09 02:05"
    due = business.add_business_days(small_hours, at("2026-03-07 02:30"), 1)
    assert wall(due) == "Mon 2026-03-09 02:30"


def test_an_opening_inside_a_fold_happens_once_at_its_first_occurrence() -> None:
    from_half_past_one = BusinessHours("America/Chicago", (((90, 180),),) * 7)
    opening = business.next_opening(from_half_past_one, at("2026-11-01 00:00"))
    assert opening == at("2026-11-01 01:30", fold=0)
    second = at("2026-11-01 01:30", fold=1)
    assert business.next_opening(from_half_past_one, second) == second
    assert business.business_minutes_between(from_half_past_one, opening, second) == 60


def test_what_comes_in_the_repeated_hour_is_not_due_before_what_came_earlier() -> None:
    earlier = business.add_business_days(always(), at("2026-11-01 01:45", fold=0), 1)
    later = business.add_business_days(always(), at("2026-11-01 01:15", fold=1), 1)
    assert wall(earlier) == "Mon 2026-11-02 01:45"
    assert wall(later) == "Mon 2026-11-02 02:00"


@for_each(
    ("wall_time", "utc"),
    [
        ("2026-03-08 01:59", "2026-03-08T07:59"),
        ("2026-03-08 02:00", "2026-03-08T08:00"),
        ("2026-03-08 02:30", "2026-03-08T08:00"),
        ("2026-03-08 02:59:59", "2026-03-08T08:00"),
        ("2026-03-08 03:00", "2026-03-08T08:00"),
        ("2026-11-01 01:30", "2026-11-01T06:30"),
        ("2026-11-01 02:00", "2026-11-01T08:00"),
    ],
)
def test_wall_times_in_gap_and_fold_have_one_instant(wall_time: str, utc: str) -> None:
    instant = business.instant_of("America/Chicago", datetime.fromisoformat(wall_time))
    assert instant == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@for_each(
    ("zone", "wall_time", "utc"),
    [
        ("Australia/Lord_Howe", "2026-10-04 02:10", "2026-10-03T15:30"),  # a gap of half an hour
        ("America/Havana", "2026-03-08 00:20", "2026-03-08T05:00"),  # a gap at midnight
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T10:00"),  # a day that was left out
        ("Asia/Kathmandu", "2026-06-01 09:00", "2026-06-01T03:15"),
    ],
)
def test_unusual_zones_are_read_right(zone: str, wall_time: str, utc: str) -> None:
    instant = business.instant_of(zone, datetime.fromisoformat(wall_time))
    assert instant == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@for_each(
    ("a", "b", "minutes"),
    [
        ("2026-06-02 09:00", "2026-06-02 11:30", 150),
        ("2026-06-02 16:00", "2026-06-03 08:15", 45),
        ("2026-06-05 16:00", "2026-06-08 09:00", 90),
        ("2026-06-06 09:00", "2026-06-07 18:00", 0),
        ("2026-06-02 11:00", "2026-06-02 11:00", 0),
        ("2026-06-03 08:15", "2026-06-02 16:00", -45),
        ("2026-06-01 00:00", "2026-06-29 00:00", 20 * 8.5 * 60),
    ],
)
def test_minutes_between_count_opening_time_only(a: str, b: str, minutes: float) -> None:
    assert business.business_minutes_between(office(), at(a), at(b)) == minutes


@for_each(
    ("moment", "open_now", "opens"),
    [
        ("2026-06-02 07:59", False, "Tue 2026-06-02 08:00"),
        ("2026-06-02 08:00", True, "Tue 2026-06-02 08:00"),
        ("2026-06-02 12:00", True, "Tue 2026-06-02 12:00"),
        ("2026-06-02 16:30", False, "Wed 2026-06-03 08:00"),
        ("2026-06-06 12:00", False, "Mon 2026-06-08 08:00"),
        ("2026-06-19 12:00", False, "Mon 2026-06-22 08:00"),  # Juneteenth
    ],
)
def test_next_opening_is_now_while_open(moment: str, open_now: bool, opens: str) -> None:
    assert business.is_open(office(WISCONSIN), at(moment)) is open_now
    assert wall(business.next_opening(office(WISCONSIN), at(moment))) == opens


def test_an_instant_in_any_zone_gives_the_same_utc_answer() -> None:
    tokyo_time = at("2026-06-02 09:00").astimezone(timezone(timedelta(hours=9)))
    due = business.add_business_hours(office(), tokyo_time, 1)
    assert due.tzinfo is UTC
    assert due == at("2026-06-02 10:00")


def test_a_naive_time_is_refused() -> None:
    naive = datetime(2026, 6, 2, 9)
    with pytest.raises(ValueError, match="aware"):
        business.add_business_hours(office(), naive, 1)


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        business.add_business_hours(office(), at("2026-06-02 09:00"), -1)
    with pytest.raises(ValueError, match="negative"):
        business.add_business_days(office(), at("2026-06-02 09:00"), -1)


def test_hours_that_never_open_are_said_not_searched_for_ever() -> None:
    never = BusinessHours("America/Chicago", ((),) * 7)
    for question in (business.next_opening, lambda hours, when: business.add_business_days(hours, when, 1)):
        with pytest.raises(ValueError, match="no opening"):
            question(never, at("2026-06-02 09:00"))


def test_a_clock_span_is_hours_or_days() -> None:
    start = at("2026-06-05 15:30")
    assert wall(business.due_after(office(), start, ClockSpan(4, "hours"))) == "Mon 2026-06-08 11:00"
    assert wall(business.due_after(office(), start, ClockSpan(1, "days"))) == "Mon 2026-06-08 15:30"
    assert [str(ClockSpan(1, "days")), str(ClockSpan(4, "hours"))] == ["1 business day", "4 business hours"]


@for_each(
    ("received", "urgent", "due"),
    [
        ("2026-06-05 18:00", True, "Mon 2026-06-08 12:00"),
        ("2026-06-05 18:00", False, "Tue 2026-06-09 08:00"),
        ("2026-06-02 09:10", True, "Tue 2026-06-02 13:10"),
        ("2026-06-02 09:10", False, "Wed 2026-06-03 09:10"),
        ("2026-07-02 16:00", True, "Fri 2026-07-03 11:30"),  # a Saturday holiday closes no Friday
    ],
)
def test_the_first_reply_is_due_as_the_default_profile_says(received: str, urgent: bool, due: str) -> None:
    assert wall(program_deadlines.first_reply_due(load(), at(received), urgent)) == due


def test_triage_and_delivery_have_their_own_clocks() -> None:
    received = at("2026-06-02 09:10")
    assert wall(program_deadlines.triage_due(load(), received)) == "Thu 2026-06-04 09:10"
    assert wall(program_deadlines.delivery_due(load(), received)) == "Wed 2026-07-01 09:10"
