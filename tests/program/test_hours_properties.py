"""What holds of business time for any opening hours, in any zone, at any moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from copbot.program.calendar import hours as business
from copbot.program.calendar.closed_days import ClosedDays, DayMark
from copbot.program.calendar.hours import BusinessHours, DaySpans

# Changes at two in the night, at midnight, of half an hour, in the other half-year, and none at all.
ZONES = ["America/Chicago", "America/Havana", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu"]
# Changes of these zones lie in each of these weeks: most examples should meet one.
NEAR_CHANGES = [
    datetime(2026, month, day, tzinfo=UTC) for month, day in [(3, 8), (4, 4), (9, 6), (10, 4), (11, 1)]
]
A_MICROSECOND_IN_MINUTES = 1 / 60_000_000


@st.composite
def spans(draw: st.DrawFn) -> DaySpans:
    edges = sorted(draw(st.sets(st.integers(0, 96), min_size=0, max_size=4)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple((15 * opens, 15 * closes) for opens, closes in pairs)


@st.composite
def opening_hours(draw: st.DrawFn) -> BusinessHours:
    week = tuple(draw(spans()) for _ in range(7))
    assume(any(week))
    extra = tuple(
        (DayMark(2026, month, 5), "closed") for month in draw(st.sets(st.integers(1, 12), max_size=3))
    )
    return BusinessHours(draw(st.sampled_from(ZONES)), week, ClosedDays(extra=extra))


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    return draw(st.sampled_from(NEAR_CHANGES)) + timedelta(seconds=draw(st.integers(-400_000, 400_000)))


amounts = st.integers(0, 40 * 60).map(lambda minutes: minutes / 60)


def is_inside(hours: BusinessHours, instant: datetime) -> bool:
    """Open, or exactly at a closing time."""
    return business.is_open(hours, instant) or business.is_open(hours, instant - timedelta(microseconds=1))


@given(opening_hours(), moments(), amounts)
def test_what_is_due_in_hours_is_due_while_open(hours: BusinessHours, start: datetime, amount: float) -> None:
    due = business.add_business_hours(hours, start, amount)
    assert due >= start
    assert is_inside(hours, due)


@given(opening_hours(), moments(), amounts)
def test_minutes_between_give_back_the_hours_added(
    hours: BusinessHours, start: datetime, amount: float
) -> None:
    due = business.add_business_hours(hours, start, amount)
    minutes = business.business_minutes_between(hours, start, due)
    assert abs(minutes - amount * 60) <= A_MICROSECOND_IN_MINUTES


@given(opening_hours(), moments(), st.integers(0, 200_000), amounts)
def test_what_comes_later_is_never_due_earlier(
    hours: BusinessHours, start: datetime, seconds: int, amount: float
) -> None:
    later = start + timedelta(seconds=seconds)
    first, second = (business.add_business_hours(hours, each, amount) for each in (start, later))
    assert first <= second


@given(opening_hours(), moments(), amounts, amounts)
def test_adding_twice_is_adding_the_sum(hours: BusinessHours, start: datetime, a: float, b: float) -> None:
    at_once = business.add_business_hours(hours, start, a + b)
    in_turn = business.add_business_hours(hours, business.add_business_hours(hours, start, a), b)
    # At a closing time nothing runs until the next opening: both name the same working time.
    assert abs(business.business_minutes_between(hours, at_once, in_turn)) <= 2 * A_MICROSECOND_IN_MINUTES


@given(opening_hours(), moments(), st.integers(0, 12))
def test_what_is_due_in_days_is_due_while_open(hours: BusinessHours, start: datetime, days: int) -> None:
    due = business.add_business_days(hours, start, days)
    assert due >= start
    assert is_inside(hours, due)


@given(opening_hours(), moments(), st.integers(0, 200_000), st.integers(0, 12))
def test_days_also_keep_the_order_of_what_comes_in(
    hours: BusinessHours, start: datetime, seconds: int, days: int
) -> None:
    later = start + timedelta(seconds=seconds)
    assert business.add_business_days(hours, start, days) <= business.add_business_days(hours, later, days)


@given(opening_hours(), moments(), st.integers(0, 11))
def test_one_more_day_is_due_later(hours: BusinessHours, start: datetime, days: int) -> None:
    due = business.add_business_days(hours, start, days)
    assert due < business.add_business_days(hours, start, days + 1)


@given(opening_hours(), moments(), st.integers(0, 400_000), st.integers(0, 400_000))
def test_minutes_between_add_up(hours: BusinessHours, a: datetime, first: int, second: int) -> None:
    b = a + timedelta(seconds=first)
    c = b + timedelta(seconds=second)
    parts = business.business_minutes_between(hours, a, b) + business.business_minutes_between(hours, b, c)
    assert abs(parts - business.business_minutes_between(hours, a, c)) < 1e-6


@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.integers(0, 1439))
def test_every_wall_time_has_an_instant_that_reads_back_or_follows_a_gap(
    zone: str, day: date, minutes: int
) -> None:
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    instant = business.instant_of(zone, wall)
    read_back = instant.astimezone(business.ZoneInfo(zone)).replace(tzinfo=None)
    just_before = (instant - timedelta(seconds=1)).astimezone(business.ZoneInfo(zone)).replace(tzinfo=None)
    assert read_back >= wall
    assert just_before < wall
