"""A member's digest as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from copbot.digests.editions.values import EditionItem, Extras
from copbot.digests.rules import Schedule


@dataclass(frozen=True)
class Subscription:
    """What a member chose. `next_run` is None while it is paused or stopped."""

    schedule: Schedule
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    state: str
    paused_until: datetime | None
    next_run: datetime | None


@dataclass(frozen=True)
class PersonalDigest:
    """One digest of a member, in their order. `stopped_by_lead`: nothing is sent just now."""

    uid: str
    slot_at: datetime
    subscription: Subscription
    items: tuple[EditionItem, ...]
    extras: Extras
    stopped_by_lead: bool = False
