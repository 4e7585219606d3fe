"""What readers return, whatever the form of the file, and how they say that it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


class Unreadable(Exception):
    """A file that cannot be read. `words` is the sentence for the person; it quotes nothing of the file."""

    def __init__(self, words: str) -> None:
        super().__init__("unreadable")
        self.words = words


@dataclass(frozen=True)
class Entry:
    """One entry of a feed. `guid` and `url` may be empty; `published` is aware, or None where no date is told."""

    guid: str
    url: str
    title: str
    summary: str = ""
    published: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """A feed, its entries newest first; those without anything to show are left out."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Happening:
    """One occurrence of an event. `starts` and `ends` are dates for a whole day, else aware times; `ends` may be None."""

    uid: str
    title: str
    starts: date | datetime
    ends: date | datetime | None = None
    summary: str = ""
    place: str = ""
    url: str = ""


@dataclass(frozen=True)
class EventCalendar:
    """A calendar's occurrences in the order of time, and a sentence for each event that was left out."""

    title: str
    happenings: tuple[Happening, ...]
    problems: tuple[str, ...] = ()
