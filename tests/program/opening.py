"""Business hours to test with, and a short way to write instants."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from copbot.program.calendar.closed_days import ClosedDays
from copbot.program.calendar.hours import BusinessHours, DaySpans

CHICAGO = "America/Chicago"
OFFICE_DAY: DaySpans = ((8 * 60, 16 * 60 + 30),)
ALWAYS: tuple[DaySpans, ...] = (((0, 1440),),) * 7


def office(closed_days: ClosedDays | None = None, zone: str = CHICAGO) -> BusinessHours:
    """Monday to Friday, 08:00 to 16:30."""
    return BusinessHours(zone, (OFFICE_DAY,) * 5 + ((), ()), closed_days or ClosedDays())


def with_lunch() -> BusinessHours:
    """Monday to Thursday 09:00-12:00 and 13:00-17:00, Friday 09:00-12:00."""
    long_day: DaySpans = ((540, 720), (780, 1020))
    return BusinessHours(CHICAGO, (long_day,) * 4 + (((540, 720),), (), ()))


def always(zone: str = CHICAGO) -> BusinessHours:
    return BusinessHours(zone, ALWAYS)


def at(wall: str, zone: str = CHICAGO, fold: int = 0) -> datetime:
    """`2026-06-05 16:00` on a wall clock in the zone, as UTC."""
    local = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return local.astimezone(UTC)


def wall(instant: datetime, zone: str = CHICAGO) -> str:
    """The other way round, with the weekday."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M")
