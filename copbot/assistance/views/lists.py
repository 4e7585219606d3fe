"""Values for Home: what somebody asked, what waits for staff, and each one's workload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from copbot.assistance import rules
from copbot.assistance.views import tables
from copbot.assistance.views.facts import RequestSummary, belongs, summary_of
from copbot.assistance.views.tables import ListAsked
from copbot.people.service import flags_of
from copbot.program.profile import Profile
from copbot.slack.person import Person
from copbot.store import Session

SHOWN = 5


@dataclass(frozen=True)
class Beginning:
    """The first lines of a list, how many there are in all, and after which number it goes on (None: ends)."""

    lines: tuple[RequestSummary, ...] = ()
    total: int = 0
    next: int | None = None


@dataclass(frozen=True)
class StaffLoad:
    """`away_until` is the last day of being away, None for somebody who is here."""

    id: int
    name: str
    open: int
    late: int
    waiting: int
    capacity: int | None
    away_until: date | None


def own(session: Session, person: Person, now: datetime) -> dict[str, Beginning]:
    """What the person asked, newest first; apart from the rest, what waits for their answer."""
    return _read(session, person, now, ("needed", "mine"), newest=True)


def queue(session: Session, person: Person, now: datetime) -> dict[str, Beginning]:
    """For staff: what is late, what else nobody has, and what else is theirs; in each what is due first."""
    return _read(session, person, now, ("late", "unassigned", "owned"), newest=False)


def load(session: Session, profile: Profile, now: datetime) -> tuple[StaffLoad, ...]:
    """Everybody of the staff, whoever has most first."""
    today = now.astimezone(ZoneInfo(profile.time_zone)).date()
    waits = (rules.WAITING_REQUESTER, rules.WAITING_PARTNER)
    found = tables.load(session, opened=rules.OPEN, waits=waits, now=now, today=today)
    return tuple(
        StaffLoad(
            each.person.id,
            each.person.name,
            each.open,
            each.late,
            each.waiting,
            each.capacity,
            each.away_until,
        )
        for each in found
        if flags_of(each.person).full_member
    )


def _read(
    session: Session, person: Person, now: datetime, names: Sequence[str], *, newest: bool
) -> dict[str, Beginning]:
    asked = [ListAsked(name, belongs(name, person, now), newest=newest, most=SHOWN) for name in names]
    found: dict[str, list[tables.ListedRequest]] = {each.name: [] for each in asked}
    for one in tables.lists(session, asked):
        found[one.name].append(one)
    return {name: _beginning(rows, now) for name, rows in found.items()}


def _beginning(rows: Sequence[tables.ListedRequest], now: datetime) -> Beginning:
    if not rows:
        return Beginning()
    lines = tuple(summary_of(each.around, each.topics, each.areas, now) for each in rows)
    total = rows[0].total
    return Beginning(lines, total, lines[-1].id if total > len(lines) else None)
