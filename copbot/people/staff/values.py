"""What this room's service hands to its screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Away:
    """Both days included, in the program's time zone."""

    id: int
    first: date
    last: date
    note: str


@dataclass(frozen=True)
class StaffFacts:
    """`capacity` is how many open requests at most, None for as many as come; `backup` a person. `away`: now and to come.

    `version` goes into the form and comes back as `seen`.
    """

    id: int
    user: str
    name: str
    tz: str
    since: datetime
    is_lead: bool
    lead_by: str
    lead_at: datetime | None
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int | None
    backup: int | None
    away: tuple[Away, ...]
    away_now: bool
    version: int

    @property
    def away_until(self) -> date | None:
        """The last day of being away; None for somebody who is here."""
        return self.away[0].last if self.away_now else None
