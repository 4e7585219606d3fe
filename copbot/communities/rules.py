"""Pure decisions about communities: what is to be done so that Slack's channels are as wanted; when one is quiet."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

NAME_LENGTH = 80
WORDS_LENGTH = 250
"""Slack takes so many characters in a channel's topic and purpose."""
WARNED_FOR = timedelta(days=7)
"""How long a channel reads that it will be archived before it is."""

WELCOME = "community.welcome"
"""The kind of the message that is pinned in a community's channel."""

_NOT_IN_NAMES = re.compile(r"[^a-z0-9_-]+")


class CommunityState(StrEnum):
    ACTIVE = "active"
    CLOSING = "closing"  # the channel has been told; it is archived when the time has come
    ARCHIVED = "archived"
    REVIVING = "reviving"  # an administrator has been asked to unarchive it


class Do(StrEnum):
    """One step towards what is wanted: one call to Slack, or one message."""

    CREATE = "create"
    ADOPT = "adopt"
    JOIN = "join"
    RENAME = "rename"
    TOPIC = "topic"
    PURPOSE = "purpose"
    BOOKMARK = "bookmark"
    RETITLE = "retitle"
    UNBOOKMARK = "unbookmark"
    INVITE_LEAD = "invite_lead"
    WELCOME = "welcome"
    PIN = "pin"


@dataclass(frozen=True)
class BookmarkLink:
    title: str
    url: str


@dataclass(frozen=True)
class Bookmark:
    id: str
    title: str
    url: str


@dataclass(frozen=True)
class Wanted:
    """A community as its channel should be. `channel` is the id it is known by; empty: it has none yet.

    An empty topic, purpose or lead means that there is no wish. `welcome` is the timestamp of our welcome in
    that channel, empty while it does not stand there. `app_links`: how every link to this app begins; empty: unknown.
    """

    id: int
    name: str
    topic: str = ""
    purpose: str = ""
    private: bool = False
    channel: str = ""
    lead: str = ""
    links: tuple[BookmarkLink, ...] = ()
    app_links: str = ""
    welcome: str = ""


@dataclass(frozen=True)
class WantedChannel:
    """A channel as Slack shows it. `ours`: this app made it; `inside`: this app is in it."""

    id: str
    name: str
    topic: str = ""
    purpose: str = ""
    private: bool = False
    archived: bool = False
    general: bool = False
    ours: bool = False
    inside: bool = False
    bookmarks: tuple[Bookmark, ...] = ()
    pins: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    """Only as far as they were asked for: the leads."""


@dataclass(frozen=True)
class Actual:
    """The workspace as far as it matters here. `fit` are the people whom Slack would let into any channel."""

    channels: tuple[WantedChannel, ...] = ()
    fit: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Action:
    """`detail` says what of it: a new name, a bookmark's title, a person."""

    do: Do
    community: int
    channel: str = ""
    detail: str = ""


ProblemCode = Literal["bad_name", "twice", "in_use", "archived", "privacy", "general", "lead"]
STOPS_NOTHING = {"lead"}
"""Problems beside which everything else about their community can be done."""


@dataclass(frozen=True)
class Problem:
    """Why a community cannot be made so; `detail` is the name or the person concerned."""

    code: ProblemCode
    community: int
    detail: str = ""


@dataclass(frozen=True)
class ChannelPlan:
    """`unknown` are channels that belong to no community: reported, never touched."""

    actions: tuple[Action, ...] = ()
    problems: tuple[Problem, ...] = ()
    unknown: tuple[str, ...] = ()


def channel_name(words: str) -> str:
    """A name Slack takes, made of these words; empty when nothing of them can stand in one."""
    plain = unicodedata.normalize("NFKD", words.strip().lstrip("#").casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    name = re.sub(r"-{2,}", "-", _NOT_IN_NAMES.sub("-", plain)).strip("-")[:NAME_LENGTH].rstrip("-")
    return name if any(letter.isalnum() for letter in name) else ""


def words_for_slack(text: str) -> str:
    """One line that fits into a channel's topic or purpose and comes back from Slack as it was sent."""
    line = " ".join(text.split())
    return line if len(line) <= WORDS_LENGTH else line[: WORDS_LENGTH - 1].rstrip() + "…"


def matched(wanted: Sequence[Wanted], channels: Iterable[WantedChannel]) -> dict[int, WantedChannel]:
    """Each community's channel: the one it is known by; else one of its name that belongs to no other."""
    listed = tuple(channels)
    by_id = {channel.id: channel for channel in listed}
    by_name = {channel.name: channel for channel in listed}
    found = {each.id: by_id[each.channel] for each in wanted if each.channel in by_id}
    held = {channel.id for channel in found.values()}
    for each in wanted:
        named = by_name.get(each.name)
        if each.id not in found and named is not None and named.id not in held:
            found[each.id] = named
            held.add(named.id)
    return found


def plan_channels(
    wanted: Sequence[Wanted], actual: Actual, *, ignore: Collection[str] = (), only: int | None = None
) -> ChannelPlan:
    """The steps from what there is to what is wanted, in an order in which they can be done.

    A problem stops its own community and no other; a lead who cannot be added stops only the invitation.
    `ignore` are ids of channels that are somebody else's business and need no mention (the staff channel).
    `only` is the id of the one community to plan for; the others still hold their names.
    """
    found = matched(wanted, actual.channels)
    problems = [*_names(wanted, found), *_problems(wanted, found, actual.fit)]
    moves, stuck = _moves(wanted, found, actual.channels)
    refused = {each.community for each in (*problems, *stuck) if each.code not in STOPS_NOTHING}
    actions: list[Action] = []
    for each in moves:
        if each.id not in refused and only in (None, each.id):
            channel = found.get(each.id)
            actions += [*_place(each, channel), *_details(each, channel, leads=actual.fit)]
    told = {each.community for each in problems}
    problems += [each for each in stuck if each.community not in told]
    problems = [each for each in problems if only in (None, each.community)]
    known = {channel.id for channel in found.values()} | set(ignore)
    unknown = [each.name for each in actual.channels if each.id not in known and not each.archived]
    return ChannelPlan(tuple(actions), tuple(problems), tuple(sorted(unknown)))


def _names(wanted: Sequence[Wanted], found: dict[int, WantedChannel]) -> list[Problem]:
    """Names that cannot be given. One that Slack itself reports is good, whatever letters it has."""
    counted = Counter(each.name for each in wanted)
    new = [each for each in wanted if each.id not in found or found[each.id].name != each.name]
    bad = [Problem("bad_name", each.id, each.name) for each in new if channel_name(each.name) != each.name]
    return bad + [Problem("twice", each.id, each.name) for each in new if counted[each.name] > 1]


def _problems(
    wanted: Sequence[Wanted], found: dict[int, WantedChannel], fit: Collection[str]
) -> list[Problem]:
    problems = []
    for each in wanted:
        channel = found.get(each.id)
        if channel is not None and channel.archived:
            problems.append(Problem("archived", each.id, channel.name))
        elif channel is not None and channel.general:
            problems.append(Problem("general", each.id, channel.name))
        elif channel is not None and channel.private != each.private:
            problems.append(Problem("privacy", each.id, channel.name))
        if each.lead and each.lead not in fit:
            problems.append(Problem("lead", each.id, each.lead))
    return problems


def _moves(
    wanted: Sequence[Wanted], found: dict[int, WantedChannel], channels: Sequence[WantedChannel]
) -> tuple[list[Wanted], list[Problem]]:
    """The communities in an order in which each name is free when it is asked for; those for which none is."""
    names = {channel.name: channel.id for channel in channels}
    order: list[Wanted] = []
    waiting = list(wanted)
    while waiting:
        free = [each for each in waiting if names.get(each.name) in (None, _id(found.get(each.id)))]
        if not free:
            break
        for each in free:
            channel = found.get(each.id)
            if names.get(each.name) in (None, _id(channel)):  # not taken within this very round
                if channel is not None:
                    names.pop(channel.name, None)
                names[each.name] = _id(channel) or f"new {each.id}"
                order.append(each)
        waiting = [each for each in waiting if each not in order]
    return order, [Problem("in_use", each.id, each.name) for each in waiting]


def _id(channel: WantedChannel | None) -> str:
    return channel.id if channel is not None else ""


def _place(wanted: Wanted, channel: WantedChannel | None) -> list[Action]:
    """There is a channel of that name, and we are in it."""
    if channel is None:
        return [Action(Do.CREATE, wanted.id, detail=wanted.name)]
    steps = []
    if channel.id != wanted.channel:
        steps.append(Action(Do.ADOPT, wanted.id, channel.id, channel.name))
    if not channel.inside:
        steps.append(Action(Do.JOIN, wanted.id, channel.id))
    if channel.name != wanted.name:
        steps.append(Action(Do.RENAME, wanted.id, channel.id, wanted.name))
    return steps


def _details(wanted: Wanted, channel: WantedChannel | None, *, leads: Collection[str]) -> list[Action]:
    """What stands in the channel; of one that is yet to be made, everything is missing."""
    has = channel or WantedChannel(id="", name=wanted.name)
    kept = wanted.welcome if has.id and has.id == wanted.channel else ""
    steps = []
    if wanted.topic and has.topic != wanted.topic:
        steps.append(Action(Do.TOPIC, wanted.id, has.id, wanted.topic))
    if wanted.purpose and has.purpose != wanted.purpose:
        steps.append(Action(Do.PURPOSE, wanted.id, has.id, wanted.purpose))
    steps += _marks(wanted, has)
    if wanted.lead in leads and wanted.lead not in has.members:
        steps.append(Action(Do.INVITE_LEAD, wanted.id, has.id, wanted.lead))
    if not kept:
        steps.append(Action(Do.WELCOME, wanted.id, has.id))
    if not kept or kept not in has.pins:
        steps.append(Action(Do.PIN, wanted.id, has.id))
    return steps


def _marks(wanted: Wanted, has: WantedChannel) -> list[Action]:
    """Bookmarks that are missing, have another title, or lead to a place in this app that is none any more."""
    by_url, links = {each.url: each for each in has.bookmarks}, {each.url for each in wanted.links}
    steps = []
    for link in wanted.links:
        mark = by_url.get(link.url)
        if mark is None or mark.title != link.title:
            do = Do.RETITLE if mark else Do.BOOKMARK
            steps.append(Action(do, wanted.id, has.id, link.url))
    ours = [url for url in by_url if wanted.app_links and url.startswith(wanted.app_links)]
    return steps + [Action(Do.UNBOOKMARK, wanted.id, has.id, url) for url in ours if url not in links]


# -- what Slack's side did meanwhile


@dataclass(frozen=True)
class Known:
    """What the database holds of a community's channel: what is wanted, and what was seen last."""

    id: int
    channel: str
    name: str
    seen_name: str
    private: bool
    seen_private: bool
    state: str


@dataclass(frozen=True)
class Change:
    """`what`: renamed, public, private, archived, unarchived or gone."""

    community: int
    what: Literal["renamed", "public", "private", "archived", "unarchived", "gone"]
    detail: str = ""


def changes(known: Iterable[Known], channels: Iterable[WantedChannel]) -> tuple[Change, ...]:
    """What somebody did to our channels in Slack since we last looked. What is only wanted otherwise is not in it."""
    by_id = {channel.id: channel for channel in channels}
    found: list[Change] = []
    for each in known:
        if not each.channel:
            continue
        channel = by_id.get(each.channel)
        if channel is None:
            found.append(Change(each.id, "gone"))
            continue
        if channel.archived != (each.state in (CommunityState.ARCHIVED, CommunityState.REVIVING)):
            found.append(Change(each.id, "archived" if channel.archived else "unarchived"))
        if channel.name != each.seen_name:
            found.append(Change(each.id, "renamed", channel.name))
        if channel.private != each.seen_private:
            found.append(Change(each.id, "private" if channel.private else "public"))
    return tuple(found)


def best_match(words: str, names: Mapping[int, Iterable[str]]) -> tuple[int, ...]:
    """The communities (by id, each with its names) that these words may mean: an exact name alone, else all that hold them."""
    wanted = channel_name(words)
    plain = {ident: [channel_name(name) for name in each] for ident, each in names.items()}
    exact = tuple(ident for ident, each in plain.items() if wanted and wanted in each)
    return exact or tuple(
        ident for ident, each in plain.items() if wanted and any(wanted in name for name in each)
    )


# -- what is said there, as numbers


@dataclass(frozen=True)
class Post:
    """A message in a community's channel, without its words and without who wrote them."""

    ts: str
    at: datetime
    asks: bool = False
    answers: int = 0
    reactions: int = 0


@dataclass
class ActivityCount:
    posts: int = 0
    reactions: int = 0
    answers: int = 0

    def add(self, posts: int, reactions: int, answers: int) -> None:
        self.posts += posts
        self.reactions += reactions
        self.answers += answers


def week_of(moment: datetime) -> date:
    """The Monday of that week, in UTC."""
    day = moment.date()
    return day - timedelta(days=day.weekday())


def by_week(posts: Iterable[Post]) -> dict[date, ActivityCount]:
    """Counts only; a week in which nothing was posted is not in it."""
    weeks: dict[date, ActivityCount] = {}
    for post in posts:
        weeks.setdefault(week_of(post.at), ActivityCount()).add(1, post.reactions, post.answers)
    return weeks
