"""A member's digest, which resources it holds, and until when it is paused. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.digests.editions.rules import ORDER, EditionItem, Extras, Item, section_of
from copbot.digests.rules import Schedule
from copbot.resources.library.values import Resource

ACTIVE, PAUSED, STOPPED, GONE = "active", "paused", "stopped", "gone"
"""`GONE`: the account is deactivated, or no message reaches it."""
AHEAD = timedelta(minutes=15)
"""How long before its slot a member's digest is put together."""
MOST = 40
LONGEST_PAUSE = timedelta(days=366)


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


def reach(areas: Iterable[str], regions: Mapping[str, str], statewide: str) -> frozenset[str]:
    """The areas whose resources concern somebody in these: themselves, their regions, and the whole state."""
    own = set(areas)
    return frozenset(own | {regions[area] for area in own if area in regions} | {statewide})


def items_for(
    candidates: Sequence[Resource],
    *,
    wanted: Collection[str],
    areas: frozenset[str],
    since: datetime,
    had: Collection[int],
    today: date,
    topics: Mapping[str, str],
) -> tuple[Item, ...]:
    """A member's items, in the order of the candidates.

    `wanted`: the topics they chose, and `areas` the places, empty for all; everything up to `since` they have had or
    never asked for. `had`: what their channels got that week. `topics`: id to label.
    """
    found = []
    for one in candidates:
        is_over = one.review_by is not None and one.review_by < today
        if one.id in had or one.updated_at <= since or is_over:
            continue
        shared = [topic for topic in one.topics if topic in wanted]
        if (wanted and not shared) or (areas and one.areas and areas.isdisjoint(one.areas)):
            continue
        named = [topics[topic] for topic in shared if topic in topics]
        why = f"You follow {named[0]}." if named else "You get all topics."
        found.append(Item(one.id, section_of(one.kind), why))
    found.sort(key=lambda item: ORDER[item.section])
    return tuple(found[:MOST])


def paused_until(day: str, zone: str, now: datetime) -> datetime | None:
    """The end of a pause: the beginning of that day in the member's zone; None for no day to come."""
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        return None
    until = datetime.combine(chosen, time(), ZoneInfo(zone))
    return until if now < until <= now + LONGEST_PAUSE else None
