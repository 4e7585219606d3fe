"""Values for Home: what somebody asked, what waits for staff, and who has how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from copbot.assistance import rules
from copbot.assistance import tables as requests
from copbot.assistance.facts import Line, line_of
from copbot.assistance.lists import tables
from copbot.assistance.lists.tables import ListAsked
from copbot.people.service import flags_of
from copbot.program.profile import Profile
from copbot.slack.person import Person
from copbot.store import Session

SHOWN = 5


@dataclass(frozen=True)
class Beginning:
    """The first lines of a list, how many there are in all, and after which number it goes on (None: ends)."""

    lines: tuple[Line, ...] = ()
    total: int = 0
    next: int | None = None


@dataclass(frozen=True)
class StaffLoad:
    """`away_until` is the last day of being away, None for somebody who is here."""

    name: str
    open: int
    late: int
    waiting: int
    capacity: int | None
    away_until: date | None


def own(session: Session, person: Person, now: datetime) -> dict[str, Beginning]:
    """What the person asked, newest first; apart from the rest, what waits for their answer."""
    theirs, waits = requests.is_requesters(person.id), requests.is_in((rules.WAITING_REQUESTER,))
    asked = [
        ListAsked("needed", (theirs, waits), newest=True, most=SHOWN),
        ListAsked("mine", (theirs, requests.is_not(waits)), newest=True, most=SHOWN),
    ]
    return _read(session, asked, now)


def queue(session: Session, person: Person, now: datetime) -> dict[str, Beginning]:
    """For staff: what is late, what else nobody has, and what is theirs; in each what is due first."""
    late = requests.is_unanswered(now)
    asked = [
        ListAsked("late", (requests.is_in((*rules.UNOWNED, rules.ASSIGNED)), late), most=SHOWN),
        ListAsked(
            "unassigned",
            (requests.is_in(rules.OPEN), requests.has_no_owner(), requests.is_not(late)),
            most=SHOWN,
        ),
        ListAsked("owned", (requests.is_in(rules.OPEN), requests.is_owned(person.id)), most=SHOWN),
    ]
    return _read(session, asked, now)


def load(session: Session, profile: Profile, now: datetime) -> tuple[StaffLoad, ...]:
    """Everybody of the staff, whoever has most first."""
    today = now.astimezone(ZoneInfo(profile.time_zone)).date()
    waits = (rules.WAITING_REQUESTER, rules.WAITING_PARTNER)
    found = tables.load(session, opened=rules.OPEN, waits=waits, now=now, today=today)
    return tuple(
        StaffLoad(each.person.name, each.open, each.late, each.waiting, each.capacity, each.away_until)
        for each in found
        if flags_of(each.person).full_member
    )


def _read(session: Session, asked: Sequence[ListAsked], now: datetime) -> dict[str, Beginning]:
    found: dict[str, list[tables.Listed]] = {each.name: [] for each in asked}
    for one in tables.lists(session, asked):
        found[one.name].append(one)
    return {name: _beginning(rows, now) for name, rows in found.items()}


def _beginning(rows: Sequence[tables.Listed], now: datetime) -> Beginning:
    if not rows:
        return Beginning()
    lines = tuple(line_of(each.around, each.topics, each.areas, now) for each in rows)
    total = rows[0].total
    return Beginning(lines, total, lines[-1].id if total > len(lines) else None)
