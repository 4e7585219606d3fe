"""Who may read a message: declared for each kind, and asked just before Slack is called, for posts and updates alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from copbot.delivery.subject import Subject
from copbot.store import Session

READERS = "readers"
"""What a transaction notes that changes who may read something."""


class Audience(StrEnum):
    """Whom a message's text is for. In a channel, staff and leads both mean the staff channel."""

    ANYBODY = "anybody"  # whoever it is addressed to: nothing in it is for staff only
    STAFF = "staff"  # what somebody wrote in a request or an invitation
    LEADS = "leads"  # who decides: staff, and administrators


Title = Callable[[Session, Subject], str]
"""(session, subject) → what a message is about, without a word that anybody typed: "TA-1004"."""


@dataclass(frozen=True)
class Readers:
    """The declaration of one kind of message. `title` begins the line that takes the place of a withheld text."""

    audience: Audience
    title: Title | None = None


Kinds = Mapping[str, Readers]

ANYBODY = Readers(Audience.ANYBODY)


@dataclass(frozen=True)
class Allowed:
    """The reader may read it now."""


@dataclass(frozen=True)
class Mask:
    """Others can read what stands there: it becomes a line without text, and what is new waits.

    `stale`: the last reading is too old, so a new one comes first.
    """

    reason: str
    stale: bool = False


@dataclass(frozen=True)
class Never:
    """This person is not to read it any more: what stands becomes a line, what is new falls away."""

    reason: str


@dataclass(frozen=True)
class Wait:
    """Not known, or out of reach: nothing is posted and nothing is changed. `stale` as in `Mask`."""

    reason: str
    stale: bool = False


Verdict = Allowed | Mask | Never | Wait

MayRead = Callable[[Session, Audience, str, datetime], Verdict]
"""(session, audience, destination, now) → whether text for this audience may be read at that channel or person."""

ClosedTo = Callable[[Session, Subject], frozenset[str] | None]
"""(session, subject) → the only users and channels that may read of it; None for what is not confidential."""
