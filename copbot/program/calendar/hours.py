"""Business time: when the program is open, and what is due when.

All instants are aware datetimes; what comes back is UTC. Opening times are wall-clock times in the
program's zone: an opening inside a daylight-saving gap happens at the next valid instant, one inside a fold
at its first occurrence. Durations are real elapsed time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.program.calendar.closed_days import ClosedDays

_ONE_DAY = timedelta(days=1)
# A program that never opens must not hang a clock.
_LONGEST_CLOSURE_IN_DAYS = 400
_NO_CLOSED_DAYS = ClosedDays()

# A year and a half; who asks for more days than that begins anew.
_MOST_DAYS_KNOWN = 600

DaySpans = tuple[tuple[int, int], ...]
"""One day's opening times: (opens, closes) in minutes after midnight, in order, 1440 for midnight's end."""


def spoken_hours(text: str) -> str:
    """`08:00-16:30` as people write it, `8:00 AM–4:30 PM`, wherever it stands in a text."""
    return re.sub(r"\b\d\d:\d\d-\d\d:\d\d\b", lambda found: "–".join(map(_twelve, found[0].split("-"))), text)


def _twelve(written: str) -> str:
    hour, minute = map(int, written.split(":"))
    return f"{(hour - 1) % 12 + 1}:{minute:02d} {'PM' if 12 <= hour < 24 else 'AM'}"


@dataclass(frozen=True)
class BusinessHours:
    """`week` has seven entries, Monday first; an empty one is a closed day."""

    time_zone: str
    week: tuple[DaySpans, ...]
    closed_days: ClosedDays = _NO_CLOSED_DAYS
    # Every clock of a request reckons the same few days, before its form is acknowledged.
    _known: dict[date, tuple[_Opening, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def openings_on(self, day: date) -> tuple[_Opening, ...]:
        known = self._known.get(day)
        if known is None:
            if len(self._known) >= _MOST_DAYS_KNOWN:
                self._known.clear()
            known = self._known[day] = tuple(self._reckoned(day))
        return known

    def _reckoned(self, day: date) -> Iterator[_Opening]:
        for opens, closes in self.spans_on(day):
            begin = instant_of(self.time_zone, _midnight(day) + timedelta(minutes=opens))
            end = instant_of(self.time_zone, _midnight(day) + timedelta(minutes=closes))
            # A span that lies wholly inside a daylight-saving gap has no length that day.
            if begin < end:
                yield _Opening(day, begin, end)

    def spans_on(self, day: date) -> DaySpans:
        return () if self.closed_days.name_on(day) else self.week[day.weekday()]


@dataclass(frozen=True)
class ClockSpan:
    """How long a clock may run: so many business hours, or so many business days."""

    amount: float
    unit: Literal["hours", "days"]

    def __str__(self) -> str:
        one = self.amount == 1
        return f"{self.amount:g} business {self.unit[:-1] if one else self.unit}"


@dataclass(frozen=True)
class _Opening:
    day: date
    opens: datetime
    closes: datetime


def is_open(hours: BusinessHours, at: datetime) -> bool:
    return _next(hours, at).opens <= at


def next_opening(hours: BusinessHours, at: datetime) -> datetime:
    """`at` itself while the program is open (closing time is no longer open), else when it next opens."""
    return max(_next(hours, at).opens, _utc(at))


def add_business_hours(hours: BusinessHours, start: datetime, hours_: float) -> datetime:
    """The instant when `hours_` of opening time have passed since `start`; may be exactly a closing time."""
    if hours_ < 0:
        raise ValueError("business hours cannot be negative")
    left = timedelta(hours=hours_)
    for opening in _openings(hours, start):
        begin = max(opening.opens, _utc(start))
        if begin + left <= opening.closes:
            return begin + left
        left -= opening.closes - begin
    raise AssertionError("openings never end")


def add_business_days(hours: BusinessHours, start: datetime, days: int) -> datetime:
    """The same working time `days` business days later; outside opening time it counts from the next opening.

    When that day opens later or closes earlier, the nearest time it is open.
    """
    if days < 0:
        raise ValueError("business days cannot be negative")
    first = _next(hours, start)
    begin = max(first.opens, _utc(start))
    if days == 0:
        return begin
    openings = _nth_business_day(hours, first.day, days)
    time_of_day = _time_of_day(hours, first.day, begin)
    same_time = instant_of(hours.time_zone, _midnight(openings[0].day) + time_of_day)
    for opening in openings:
        if same_time <= opening.closes:
            return max(same_time, opening.opens)
    return openings[-1].closes


def business_minutes_between(hours: BusinessHours, a: datetime, b: datetime) -> float:
    """Opening time from `a` to `b` in minutes; negative when `b` lies before `a`."""
    if b < a:
        return -business_minutes_between(hours, b, a)
    total = timedelta()
    for opening in _openings(hours, a):
        if opening.opens >= b:
            break
        total += min(opening.closes, _utc(b)) - max(opening.opens, _utc(a))
    return total / timedelta(minutes=1)


def due_after(hours: BusinessHours, start: datetime, span: ClockSpan) -> datetime:
    if span.unit == "hours":
        return add_business_hours(hours, start, span.amount)
    return add_business_days(hours, start, int(span.amount))


def instant_of(time_zone: str, wall: datetime) -> datetime:
    """The UTC instant of a naive wall-clock time: in a fold the first, in a gap the next valid one."""
    zone = ZoneInfo(time_zone)
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # In a gap fold=0 still reads with the old offset, so lands behind the change; fold=1 lands before it.
    return _offset_change(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), instant)


def _offset_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first whole second after `before` at which the zone has the offset it has at `after`."""
    new = after.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        at = before + timedelta(seconds=middle)
        low, high = (low, middle) if at.astimezone(zone).utcoffset() == new else (middle, high)
    return (before + timedelta(seconds=high)).replace(microsecond=0)


def _openings(hours: BusinessHours, start: datetime) -> Iterator[_Opening]:
    """Every span of opening time that ends after `start`, in order, without end."""
    # A day early: the day before may still be open at its 24:00.
    day = _utc(start).astimezone(ZoneInfo(hours.time_zone)).date() - _ONE_DAY
    closed_for = 0
    while closed_for <= _LONGEST_CLOSURE_IN_DAYS:
        closed_for += 1
        for opening in hours.openings_on(day):
            closed_for = 0
            if opening.closes > start:
                yield opening
        day += _ONE_DAY
    raise ValueError(f"the business hours have no opening for {_LONGEST_CLOSURE_IN_DAYS} days")


def _next(hours: BusinessHours, at: datetime) -> _Opening:
    return next(_openings(hours, at))


def _nth_business_day(hours: BusinessHours, day: date, n: int) -> tuple[_Opening, ...]:
    closed_for = 0
    while closed_for <= _LONGEST_CLOSURE_IN_DAYS:
        day += _ONE_DAY
        openings = hours.openings_on(day)
        closed_for = 0 if openings else closed_for + 1
        n -= 1 if openings else 0
        if n == 0:
            return openings
    raise ValueError(f"the business hours have no opening for {_LONGEST_CLOSURE_IN_DAYS} days")


def _time_of_day(hours: BusinessHours, day: date, at: datetime) -> timedelta:
    """Wall-clock time since `day`'s midnight, never running backwards.

    In the second pass of a repeated hour the wall clock stands at the end of that hour, so that what comes
    in later is never due earlier.
    """
    zone = ZoneInfo(hours.time_zone)
    local = at.astimezone(zone)
    if local.fold:
        size = (local.replace(fold=0).utcoffset() or timedelta()) - (local.utcoffset() or timedelta())
        change = _offset_change(zone, at - size, at)
        local = (change.astimezone(zone).replace(tzinfo=None) + size).replace(tzinfo=zone)
    return local.replace(tzinfo=None) - _midnight(day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("business time is computed from aware datetimes only")
    return at.astimezone(UTC)
