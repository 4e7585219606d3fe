"""What digests and their editions are to those who read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from copbot.communities.values import News, OpenQuestions
from copbot.digests.rules import Schedule
from copbot.resources.library.values import Resource


@dataclass(frozen=True)
class Digest:
    """A digest and when it goes out next. `name` is a community's, empty for the program's."""

    id: int
    owner: str
    name: str
    schedule: Schedule
    active: bool
    channels: tuple[str, ...]
    next_run: datetime | None
    empty_in_a_row: int = 0


@dataclass(frozen=True)
class EditionItem:
    """An item as it is now. `gone`: its resource is not published any more."""

    resource: Resource
    section: str
    why: str
    dropped: bool
    gone: bool

    @property
    def shown(self) -> bool:
        return not self.dropped and not self.gone


@dataclass(frozen=True)
class Extras:
    """What stands beside the items: staff's news, and where questions wait for an answer, each with a link or none."""

    news: tuple[News, ...] = ()
    questions: tuple[tuple[OpenQuestions, str], ...] = ()


@dataclass(frozen=True)
class Edition:
    """An edition with its items in order. `posted`: in how many of its channels it stands."""

    id: int
    uid: str
    digest: Digest
    period: str
    slot_at: datetime
    due_at: datetime
    state: str
    why: str
    note: str
    by: str
    channels: tuple[str, ...]
    held_back: tuple[tuple[str, str], ...]
    items: tuple[EditionItem, ...]
    extras: Extras
    posted: int
    version: int

    @property
    def shown(self) -> tuple[EditionItem, ...]:
        return tuple(item for item in self.items if item.shown)

    @property
    def is_open(self) -> bool:
        """Neither sent nor skipped yet."""
        return self.state in ("waiting", "approved")

    @property
    def has_content(self) -> bool:
        return bool(self.shown or self.extras.news)
