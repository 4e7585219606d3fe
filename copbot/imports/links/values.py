"""Links that are looked at, and dead ones as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Link:
    resource_id: int
    host: str
    url: str


@dataclass(frozen=True)
class DeadLink:
    """A resource whose owner was asked about its link. `missing_since` is None once somebody has decided."""

    uid: str
    title: str
    url: str
    state: str
    missing_since: datetime | None
