"""What the room hands out: plain values, no rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Agency:
    id: int
    name: str


@dataclass(frozen=True)
class AgencyFacts:
    """`eligible` is None until somebody of the staff has said. `also` are names that lead here, too."""

    id: int
    name: str
    kind: str
    area: str
    eligible: bool | None
    people: int
    also: tuple[str, ...]

    @property
    def state(self) -> str:
        """Stands for what the form shows; goes into the form and comes back as `seen`."""
        told = repr((self.id, self.name, self.kind, self.area, self.eligible))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Remembered:
    """What the form fills in from last time."""

    agency: Agency | None = None
    not_agency: bool = False
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonProfile:
    """`tz` comes from Slack and is changed there. An empty `language` is the program's own."""

    id: int
    user: str
    name: str
    tz: str
    agency: Agency | None
    not_agency: bool
    areas: tuple[str, ...]
    role: str
    topics: tuple[str, ...]
    language: str
    may_be_found: bool
    may_share: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """What could still be asked, gently: fields nobody has filled in."""
        agency = self.agency is not None or self.not_agency
        filled = {"agency": agency, "areas": self.areas, "role": self.role, "topics": self.topics}
        return tuple(name for name, is_there in filled.items() if not is_there)


@dataclass(frozen=True)
class Staff:
    id: int
    user: str
    name: str
    is_lead: bool


@dataclass(frozen=True)
class StaffChange:
    """Users who joined and left the list of staff, or why the old list stands."""

    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    refused_reason: str = ""
    first: bool = False


@dataclass(frozen=True)
class StaffChannel:
    """The channel's resolved id (empty: none yet), and why requests are held (empty: they are not)."""

    id: str
    problem: str


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
