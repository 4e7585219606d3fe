"""What the room hands out: plain values, no rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Agency:
    id: int
    name: str


@dataclass(frozen=True)
class Remembered:
    """What the form fills in from last time."""

    agency: Agency | None = None
    not_agency: bool = False
    areas: tuple[str, ...] = ()


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
