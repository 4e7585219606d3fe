"""When a digest goes out: slots on the wall clock of a zone, one for each local week or month. Pure.

A period is a schedule's local ISO week ("2030-W10") or month ("2030-03"); its slot is the one instant at which its
edition is due. What was sent is known by its period, so a changed schedule or a moved zone never sends twice in one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from copbot.errors import InvalidInput
from copbot.program.calendar.hours import instant_of

Rhythm = Literal["weekly", "monthly"]
Timing = Literal["early", "due", "late"]

AHEAD = timedelta(hours=24)
"""How long before its slot an edition is composed."""
CATCH_UP = timedelta(hours=24)
"""How long after its slot an edition is still sent."""
SETTLING = timedelta(seconds=30)
"""What is newer than this may still be being saved; it waits for the next edition, so that none misses it."""
MOST_MISSED = 60
_PERIOD = re.compile(r"(\d{4})-(?:W(\d{2})|(\d{2}))")


@dataclass(frozen=True)
class Schedule:
    """`weekday` counts from Monday, 0; a monthly digest goes out on the month's first such day. `at` is wall-clock time."""

    zone: str
    rhythm: Rhythm = "weekly"
    weekday: int = 0
    at: time = time(9)


@dataclass(frozen=True)
class Slot:
    """A period and the instant (UTC) at which its edition is due."""

    period: str
    at: datetime


def schedule_of(zone: str, rhythm: str, weekday: int, at: str) -> Schedule:
    """A schedule as a form or a row has it. Raises `InvalidInput`."""
    try:
        wall = time.fromisoformat(at)
    except ValueError:
        raise InvalidInput.at("at", "Choose a time of day.") from None
    if rhythm not in ("weekly", "monthly") or not 0 <= weekday <= 6:
        raise InvalidInput("Choose how often and on which day.")
    return Schedule(zone, cast("Rhythm", rhythm), weekday, wall)


def slot_of(schedule: Schedule, period: str) -> Slot:
    """The slot of a period. A time that the day does not have is the next valid one; of one that comes twice, the first."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError("no period")
    year, week, month = found.groups()
    if week:
        day = date.fromisocalendar(int(year), int(week), schedule.weekday + 1)
    else:
        first = date(int(year), int(month), 1)
        day = first + timedelta(days=(schedule.weekday - first.weekday()) % 7)
    return Slot(period, instant_of(schedule.zone, datetime.combine(day, schedule.at)))


def period_at(schedule: Schedule, at: datetime) -> str:
    """The period that an instant lies in, on the schedule's own calendar."""
    return _period(schedule, at.astimezone(ZoneInfo(schedule.zone)).date())


def next_slot(schedule: Schedule, now: datetime, done: Collection[str] = ()) -> Slot:
    """The first slot that is not over and whose period has no edition yet: what “next run” shows."""
    return next(slot for slot in _slots_from(schedule, now) if slot.at >= now and slot.period not in done)


def to_compose(schedule: Schedule, now: datetime, since: datetime, done: Collection[str]) -> Slot | None:
    """The slot whose edition is to be composed now: from a day ahead until a day after, and never one before `since`."""
    for slot in _slots_from(schedule, now - CATCH_UP):
        if slot.at > now + AHEAD:
            return None
        if slot.at > now - CATCH_UP and slot.at >= since and slot.period not in done:
            return slot
    return None


def missed(schedule: Schedule, now: datetime, since: datetime, done: Collection[str]) -> tuple[Slot, ...]:
    """The slots since `since` that are over for more than a day and have no edition: skipped, and said so."""
    found = []
    for slot in _slots_from(schedule, max(since, now - timedelta(days=370))):
        if slot.at > now - CATCH_UP:
            break
        if slot.at >= since and slot.period not in done:
            found.append(slot)
    return tuple(found[-MOST_MISSED:])


def timing(slot_at: datetime, now: datetime) -> Timing:
    """Whether a slot is still to come, due, or too long over to send."""
    if now < slot_at:
        return "early"
    return "due" if now <= slot_at + CATCH_UP else "late"


def _slots_from(schedule: Schedule, start: datetime) -> Iterator[Slot]:
    """The slots of each period from the one that `start` lies in, without an end."""
    day = start.astimezone(ZoneInfo(schedule.zone)).date()
    while True:
        yield slot_of(schedule, _period(schedule, day))
        if schedule.rhythm == "weekly":
            day += timedelta(days=7 - day.weekday())
        else:
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _period(schedule: Schedule, day: date) -> str:
    if schedule.rhythm == "monthly":
        return f"{day:%Y-%m}"
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"
