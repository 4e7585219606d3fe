"""Feeds and calendars as they are listed, and what reading one brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Source:
    """A feed or calendar as it is listed. `held`: new entries that wait for somebody's decision."""

    id: int
    uid: str
    kind: str
    url: str
    title: str
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    publish: bool
    added_by: str
    read_at: datetime | None
    trouble: str
    failures: int
    held: int
    etag: str
    last_modified: str


@dataclass(frozen=True)
class Taken:
    """What one reading brought. `asks` says that somebody must now decide about `held` entries."""

    created: int = 0
    updated: int = 0
    refused: int = 0
    retired: int = 0
    held: int = 0
    asks: bool = False

    def __add__(self, more: Taken) -> Taken:
        return Taken(
            self.created + more.created,
            self.updated + more.updated,
            self.refused + more.refused,
            self.retired + more.retired,
            self.held + more.held,
            self.asks or more.asks,
        )
