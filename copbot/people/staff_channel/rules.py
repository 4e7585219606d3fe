"""Whether text for staff may stand in a channel: decisions on the last reading of the staff channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from copbot.delivery.readers import Allowed, Mask, Verdict, Wait

FRESH_FOR = timedelta(minutes=1)
"""A reading older than this says nothing about who can read the channel now."""

EXPOSED = frozenset({"public", "shared", "guests", "others"})
"""Problems that let others than staff, or than leads in their channel, read: what stands there is withdrawn."""


@dataclass(frozen=True)
class ChannelReading:
    """The last reading of the staff channel. `doubts` counts what made one necessary, `answered` how many it knew of."""

    channel: str = ""
    at: datetime | None = None
    doubts: int = 0
    answered: int = 0

    def is_fresh(self, channel: str, now: datetime) -> bool:
        if self.at is None or self.channel != channel or self.answered != self.doubts:
            return False
        return abs(now - self.at) <= FRESH_FOR


def channel_verdict(
    reading: ChannelReading, channel: str, problem: str, destination: str, now: datetime
) -> Verdict:
    """Whether text for staff may go to `destination`; `channel` and its `problem` are the staff channel's."""
    is_stale = not reading.is_fresh(channel, now)
    if channel and destination != channel:
        return Mask("elsewhere")  # no longer the staff channel, so nobody watches who can read it
    if problem in EXPOSED:
        return Mask(problem, stale=is_stale)
    if is_stale or problem:
        return Wait(problem or "unread", stale=is_stale)
    return Allowed()
