"""When two people are introduced. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from copbot.slack.person import Person

SIDES = ("requester", "peer")
YES, NO = "yes", "no"
OPEN_FOR = timedelta(days=14)
MINUTES = 15
"""What an introduction counts as in staff's log."""


@dataclass(frozen=True)
class PeerMatch:
    """A suggestion as one side's messages show it. `says`: that side's answer; the other's stays out of it."""

    uid: str
    request_id: int
    peer: Person
    is_open: bool
    is_matched: bool
    until: datetime
    says: str


def is_open(asked_at: datetime, matched_at: datetime | None, now: datetime, *, over: bool) -> bool:
    """Whether it waits still; a refusal ends it no sooner, so that nobody can tell that there was one.

    `over`: nobody is to be introduced about its request any more.
    """
    return matched_at is None and now < asked_at + OPEN_FOR and not over
