"""What digests and their editions are, and what stands in one, in which order and why. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from copbot.communities.values import News, OpenQuestions
from copbot.digests.rules import Schedule
from copbot.resources.library.values import Resource

Section = Literal["new", "events", "answers"]

SHOWN = 10
"""Items in the message itself; the rest stands in its thread."""
MOST = 40
LOOKS_BACK = timedelta(days=28)
"""How far the first edition of a channel looks back."""
FURTHEST_BACK = timedelta(days=100)
EVENTS_AHEAD = {"weekly": timedelta(days=30), "monthly": timedelta(days=60)}
LONGEST_NOTE = 1_500
EMPTY_IN_A_ROW = 3
"""Empty editions after which the lead is offered a monthly rhythm."""
APPROVALS = ("off", "send", "hold")
"""Whether leads approve editions: not asked; asked, and without an answer it is sent; or it is held."""


@dataclass(frozen=True)
class Item:
    """A resource's place in an edition. `updated`: its channels had it, and it says something else now."""

    id: int
    section: Section
    why: str
    updated: bool = False


@dataclass(frozen=True)
class Composition:
    """`held_back` names what was left out, each with the reason."""

    items: tuple[Item, ...]
    held_back: tuple[tuple[str, str], ...] = ()


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


def words_of(found: Resource) -> str:
    """Sixteen hex digits that differ when what a digest says of it does."""
    plain = "\0".join(map(str, (found.title, found.summary, found.url, found.starts_at)))
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8).hexdigest()


def section_of(kind: str) -> Section:
    """Under which heading a kind of resource stands."""
    return "events" if kind == "event" else "answers" if kind == "answer" else "new"


ORDER = {"new": 0, "answers": 1, "events": 2}


def compose(
    candidates: Sequence[Resource],
    *,
    channels: Collection[str],
    shown: Mapping[tuple[str, int], str],
    topics: Mapping[str, str],
    only: Collection[str],
    today: date,
) -> Composition:
    """An edition for these channels. `shown`: (channel, resource) to the words it had. `topics`: id to label.

    `only`: the topics of a community; empty for all. Nothing that every channel had in these words stands in it,
    and nothing past the day by which somebody wanted to look at it again.
    """
    items: list[Item] = []
    held: list[tuple[str, str]] = []
    for one in candidates:
        if only and not set(one.topics) & set(only):
            continue
        had, words = [shown.get((channel, one.id)) for channel in channels], words_of(one)
        if had and all(each == words for each in had):
            continue
        if one.review_by is not None and one.review_by < today:
            held.append((one.title, f"its review was due {one.review_by:%B} {one.review_by.day}"))
            continue
        updated = bool(had) and all(had)
        why = _why(one, topics, only, updated=updated)
        items.append(Item(one.id, section_of(one.kind), why, updated))
    # Stable: the newest, or first, stays first.
    items.sort(key=lambda item: (ORDER[item.section], item.updated))
    return Composition(tuple(items[:MOST]), tuple(held))


def _why(one: Resource, topics: Mapping[str, str], only: Collection[str], *, updated: bool) -> str:
    shared = [topics[topic] for topic in one.topics if topic in topics and (not only or topic in only)]
    about = f" about {shared[0]}" if shared else ""
    if one.kind == "event":
        return f"A coming event{about}."
    again = f"Updated{about}: it was in an earlier digest and has changed since."
    return again if updated else f"New{about}."


def is_held(state: str, approval: str) -> bool:
    """Whether an edition stays unsent at its slot, because nobody has approved it."""
    return state != "approved" and approval not in ("off", "send")


def empty_in_a_row(states: Sequence[tuple[str, str]]) -> int:
    """How many of the newest editions, the newest first, were skipped because there was nothing new."""
    count = 0
    for state, why in states:
        if state != "skipped" or not why.startswith(NOTHING_NEW):
            break
        count += 1
    return count


NOTHING_NEW = "nothing new"
"""How the reason of an empty edition begins."""
TOO_LATE = "the app was not running when it was due"
NOT_APPROVED = "nobody approved it"
STOPPED = "a lead stopped the sending"
OUR_REASONS = (TOO_LATE, NOT_APPROVED, STOPPED)
