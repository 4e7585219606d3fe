"""An alert, until when it counts, and whom it concerns. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.program.calendar.hours import instant_of

USUAL_DAYS, MOST_DAYS = 7, 30
WAITING, APPROVED, WITHDRAWN = "waiting", "approved", "withdrawn"


@dataclass(frozen=True)
class Alert:
    """`channels` and `members`: where it goes, as counted when it was written. `goes_at`: not before then."""

    uid: str
    version: int
    seen: str
    source: str
    todo: str
    topics: list[str]
    areas: list[str]
    channels: list[str]
    members: int
    expires_at: datetime
    state: str
    by: str
    approved_by: str
    goes_at: datetime | None
    corrections: int
    correction: str
    corrected_at: datetime | None
    now: datetime

    @property
    def is_over(self) -> bool:
        return self.expires_at <= self.now

    @property
    def is_out(self) -> bool:
        return self.state == APPROVED and self.goes_at is not None and self.goes_at <= self.now


def day_ahead(zone: str, now: datetime, days: int = USUAL_DAYS) -> date:
    return now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


def expires_at(day: str, zone: str, now: datetime) -> datetime | None:
    """The end of that day in the zone; None unless it lies between today and thirty days ahead."""
    first, last = (day_ahead(zone, now, days).isoformat() for days in (0, MOST_DAYS))
    if not first <= day <= last:
        return None
    return instant_of(zone, datetime.combine(date.fromisoformat(day) + timedelta(days=1), time()))


def concerns(
    topics: Collection[str],
    areas: Iterable[str],
    their_topics: Collection[str],
    their_areas: Iterable[str],
    region_of: Callable[[str], str | None],
) -> bool:
    """Whether what is about these topics and areas is for somebody who follows those; empty means all.

    A region and its counties concern each other.
    """
    if their_topics and set(topics).isdisjoint(their_topics):
        return False
    here, theirs = set(areas), set(their_areas)
    if not here or not theirs or here & theirs:
        return True
    return bool({region_of(area) for area in here} & theirs or {region_of(area) for area in theirs} & here)
