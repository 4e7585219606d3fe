"""A feed or calendar that is followed: what is new in it, and when to look again. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import compress
from typing import Literal

from copbot.imports.readers.values import Entry
from copbot.resources.index.rules import fold
from copbot.resources.library.rules import link_key, near

SourceKind = Literal["feed", "calendar"]
Decision = Literal["", "take", "leave"]

FIRST = 10
"""Entries taken from a feed that is read for the first time."""
MANY = 20
"""New entries at once from a known feed that are asked about: a site that moved calls everything new."""
EVERY: dict[SourceKind, timedelta] = {"feed": timedelta(hours=1), "calendar": timedelta(hours=6)}
_LONGEST_WAIT = timedelta(days=7)


@dataclass(frozen=True)
class Source:
    """A feed or calendar as it is listed. `held`: new entries that wait for somebody's decision."""

    id: int
    uid: str
    kind: SourceKind
    url: str
    title: str
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    publish: bool
    read_at: datetime | None
    trouble: str
    failures: int
    held: int
    etag: str
    last_modified: str


@dataclass(frozen=True)
class Mark:
    """By what an entry is known again: its own id, its normalized address and its folded title, each possibly empty."""

    guid_key: str
    link_key: str
    title_key: str


@dataclass(frozen=True)
class FeedPlan:
    """`take`: entries to take in. `held`: how many wait for a decision. `marks`: what counts as seen from now on."""

    take: tuple[Entry, ...]
    held: int
    marks: tuple[Mark, ...]
    decision: Decision


def mark_of(entry: Entry) -> Mark:
    guid = hashlib.blake2b(entry.guid.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return Mark(guid if entry.guid else "", link_key(entry.url), fold(entry.title)[:200])


def plan(entries: Sequence[Entry], seen: Iterable[Mark], *, first: bool, decision: Decision = "") -> FeedPlan:
    """What to do with a feed's entries, newest first.

    An entry is known by its id, or by its address with nearly the same title: neither alone is kept by all sites.
    """
    known, marks = _Known(seen), tuple(map(mark_of, entries))
    is_old = [known.has_or_learns(mark) for mark in marks]
    new = tuple(entry for entry, old in zip(entries, is_old, strict=True) if not old)
    if len(new) > MANY and not first and not decision:
        return FeedPlan((), len(new), tuple(compress(marks, is_old)), decision)
    take = new[:FIRST] if first else () if decision == "leave" else new
    return FeedPlan(take, 0, marks, decision)


class _Known:
    def __init__(self, marks: Iterable[Mark]) -> None:
        self._guids: set[str] = set()
        self._titles: dict[str, list[str]] = {}
        for mark in marks:
            self._learn(mark)

    def has_or_learns(self, mark: Mark) -> bool:
        """Whether an entry is known; if not, it is from now on, so that a feed that names it twice gives one."""
        by_id = bool(mark.guid_key) and mark.guid_key in self._guids
        titles = self._titles.get(mark.link_key, [])
        if mark.link_key:
            by_link = any(near(title, mark.title_key) for title in titles)
        else:
            by_link = not mark.guid_key and mark.title_key in titles
        if not by_id and not by_link:
            self._learn(mark)
        return by_id or by_link

    def _learn(self, mark: Mark) -> None:
        if mark.guid_key:
            self._guids.add(mark.guid_key)
        self._titles.setdefault(mark.link_key, []).append(mark.title_key)


def next_look(kind: SourceKind, now: datetime, failures: int, retry_after: str = "") -> datetime:
    """When to look again: later after each failure, and never before the site said."""
    wait = min(EVERY[kind] * 2.0 ** min(failures, 10), _LONGEST_WAIT)
    return now + max(wait, min(_asked(retry_after, now), _LONGEST_WAIT))


def _asked(retry_after: str, now: datetime) -> timedelta:
    """The header's seconds or date."""
    if retry_after.isascii() and retry_after.isdecimal() and len(retry_after) < 9:
        return timedelta(seconds=int(retry_after))
    try:
        until = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return timedelta()
    return max(until - now, timedelta()) if until.tzinfo else timedelta()
