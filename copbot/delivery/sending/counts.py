"""What a process's sender has done since it started."""

from __future__ import annotations

from dataclasses import dataclass

from copbot.delivery.sending.outcomes import (
    Broken,
    Changed,
    Held,
    Looked,
    Outcome,
    Removed,
    Sent,
    ShutOut,
    Silent,
)
from copbot.slack.errors import NeverConnected, RateLimited, Refused, Unsure


@dataclass
class Counts:
    """What this process has done since it started, for the metrics page."""

    posted: int = 0
    updated: int = 0
    deleted: int = 0
    nothing: int = 0
    held: int = 0
    looked: int = 0
    found: int = 0
    refused: int = 0
    broken: int = 0
    unsure: int = 0
    rate_limited: int = 0
    unreachable: int = 0

    def add(self, outcome: Outcome) -> None:
        names = [_COUNTED[type(outcome)]] if type(outcome) in _COUNTED else []
        if isinstance(outcome, Looked) and outcome.found:
            names.append("found")
        for name in names:
            setattr(self, name, getattr(self, name) + 1)


_COUNTED: dict[type[object], str] = {
    Sent: "posted",
    Changed: "updated",
    Removed: "deleted",
    Silent: "nothing",
    Held: "held",
    Looked: "looked",
    Broken: "broken",
    Refused: "refused",
    ShutOut: "refused",
    RateLimited: "rate_limited",
    Unsure: "unsure",
    NeverConnected: "unreachable",
}
