"""What services hand to screens: communities, wishes, proposals and runs as people see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copbot.communities.rules import CommunityState


@dataclass(frozen=True)
class Community:
    """A community as people see it. `name` is its channel's; `channel` is empty while there is none."""

    id: int
    name: str
    purpose: str
    topics: tuple[str, ...]
    lead: str
    lead_name: str
    welcome: str
    rhythm: str
    private: bool
    state: CommunityState
    channel: str
    trouble: str
    members: int = 0
    mine: bool = False
    wished: bool | None = None
    """Asked for and not done yet: True to get in, False to get out; None: nothing is under way."""
    closes_at: datetime | None = None


@dataclass(frozen=True)
class SetupCounts:
    """How far the set-up has come: open communities, those of them with a channel, proposals that wait."""

    open: int
    with_channel: int
    proposed: int


@dataclass(frozen=True)
class Own:
    """A community as a line in the Home of somebody who is in it."""

    id: int
    name: str
    purpose: str
    channel: str


@dataclass(frozen=True)
class MembershipWish:
    """Somebody's wish to be in a channel, or out of it."""

    community: Community
    user: str
    wants_in: bool
    state: str
    code: str


@dataclass(frozen=True)
class Proposal:
    uid: str
    name: str
    purpose: str
    topics: tuple[str, ...]
    leads_it: bool
    by_user: str
    by_name: str
    state: str
    decided_by: str
    community: int = 0
    """The community that was made of it; 0: none."""
    channel: str = ""
    trouble: str = ""
    can_undo: bool = False


@dataclass(frozen=True)
class Run:
    """One plan or apply, as its asker reads it. `result` is as `channels.jobs` writes it."""

    id: int
    kind: str
    state: str
    done: int
    of: int
    result: dict[str, Any]
    by_user: str


@dataclass(frozen=True)
class ForStaff:
    """`troubles`: name, code and detail (`words.in_the_way`)."""

    being_made: int
    quiet: int
    closing: int
    archived: int
    posts: int
    answers: int
    reactions: int
    troubles: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class StatusSummary:
    """`mine` are channel ids."""

    mine: tuple[str, ...]
    open: int
    staff: ForStaff | None


@dataclass(frozen=True)
class News:
    """A few words of staff about what the program did, and when they were said."""

    uid: str
    text: str
    at: datetime


@dataclass(frozen=True)
class OpenQuestions:
    """How many questions in a channel nobody has answered, and where the oldest stands; never what they say."""

    channel: str
    count: int
    oldest: str
