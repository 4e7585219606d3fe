"""An alert as it is shown, and what digests tell of their readers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from copbot.alerts.rules import APPROVED
from copbot.store import Session


class DigestReaders(NamedTuple):
    """The channels that leads named; and members who chose a digest: number, user, topics, areas, by pages.

    A page: (session, after this number, at most so many).
    """

    channels: Callable[[Session], Sequence[str]]
    members: Callable[[Session, int, int], Sequence[tuple[int, str, Collection[str], Collection[str]]]]


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
