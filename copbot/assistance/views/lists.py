"""Values for lists: what somebody asked, what waits for staff, what was searched, and each one's workload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from copbot.assistance import rules
from copbot.assistance import tables as q
from copbot.assistance.views import tables
from copbot.assistance.views.facts import RequestSummary, summary_of
from copbot.assistance.views.rules import ANY, ASKED, ENDED, LATE, ME, NOBODY, PAGE, WAITING, Filters
from copbot.assistance.views.tables import ListAsked
from copbot.people.service import flags_of
from copbot.program.profile import Profile
from copbot.routing.rules import StaffCandidate
from copbot.slack.person import Person
from copbot.store import Session

SHOWN, MOST_WORDS = 5, 8


@dataclass(frozen=True)
class Lines:
    """Requests of a list from place `start` on, how many it holds in all, and how many were not searched."""

    lines: tuple[RequestSummary, ...] = ()
    total: int = 0
    start: int = 0
    unsearched: int = 0


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


def own(session: Session, person: Person, now: datetime, most: int = SHOWN) -> dict[str, Lines]:
    """What the person asked, newest first; apart from the rest, what waits for their answer."""
    return _read(session, person, now, ("needed", "mine"), newest=True, most=most)


def queue(session: Session, person: Person, now: datetime) -> dict[str, Lines]:
    """For staff: what is late, what else nobody has, and what else is theirs; in each what is due first."""
    return _read(session, person, now, ("late", "unassigned", "owned"), newest=False, most=SHOWN)


def search(
    session: Session, filters: Filters, person: Person, *, profile: Profile, now: datetime, start: int = 0
) -> Lines:
    """A page of what these filters leave of the requests that the person may see; past the end, the last page.

    Words are not looked for in what is confidential: of that only the number is told.
    """
    where = _left_by(filters, person, profile, now)
    number = rules.parse_number(filters.words)
    words = filters.words.split()[:MOST_WORDS] if number is None else []
    holds = (q.is_not(q.is_confidential()), *map(tables.holds, words)) if words else ()
    unsearched = tables.count(session, (*where, q.is_confidential())) if words else 0
    newest = filters.state in (ENDED, ANY) or not person.is_staff
    asked = ListAsked("found", (*where, *holds), newest=newest, most=PAGE, start=start)
    found = tables.lists(session, [asked])
    if not found and start:
        last = (tables.count(session, asked.where) - 1) // PAGE * PAGE
        asked = replace(asked, start=max(0, min(last, start - PAGE)))
        found = tables.lists(session, [asked])
    return replace(_lines(found, now), start=asked.start, unsearched=unsearched)


def belongs(name: str, person: Person, now: datetime) -> tuple[q.Where, ...]:
    """What stands in a list of this person's. No request stands in two of them."""
    theirs = q.is_requesters(person.id)
    asked_them = q.is_all(theirs, q.is_in((rules.WAITING_REQUESTER,)))
    late, seen = q.is_late(now), q.is_readable_by(person.id, is_lead=person.is_lead)
    if name == "late":
        return (late, seen)
    if name == "needed":
        return (asked_them,)
    if name == "mine":
        work = q.is_any(q.has_no_owner(), q.is_owned(person.id), late)
        queued = (q.is_not(q.is_all(q.is_in(rules.OPEN), work)),) if person.is_staff else ()
        return (theirs, q.is_not(asked_them), *queued)
    whose = q.has_no_owner() if name == "unassigned" else q.is_owned(person.id)
    return (q.is_in(rules.OPEN), whose, q.is_not(late), q.is_not(asked_them), seen)


def _left_by(filters: Filters, person: Person, profile: Profile, now: datetime) -> list[q.Where]:
    """What the filters leave, words apart. A number is one request, whatever else is chosen."""
    where = [q.is_readable_by(person.id, is_lead=person.is_lead)]
    if not person.is_staff or filters.whose == ASKED:
        where.append(q.is_requesters(person.id))
    if (number := rules.parse_number(filters.words)) is not None:
        return [*where, q.is_one_of((number,))]
    if person.is_staff and filters.state != ANY:
        states = {LATE: q.is_late(now), WAITING: q.is_in(rules.WAITING), ENDED: q.is_in(rules.ENDED)}
        where.append(states.get(filters.state, q.is_in(rules.OPEN)))
    if filters.whose == NOBODY:
        where.append(q.has_no_owner())
    elif filters.whose == ME or filters.whose.isdecimal():
        where.append(q.is_owned(person.id if filters.whose == ME else int(filters.whose)))
    if filters.topic:
        where.append(tables.is_about(filters.topic))
    if filters.area:
        inside = [each.id for each in profile.areas if filters.area in (each.id, each.region)]
        where.append(tables.is_in_areas(inside or [filters.area]))
    return where


def load(session: Session, profile: Profile, now: datetime) -> tuple[StaffLoad, ...]:
    """Everybody of the staff, whoever has most first."""
    return tuple(
        StaffLoad(
            each.person.id,
            each.person.name,
            each.open,
            each.late,
            each.waiting,
            each.staff.capacity,
            each.away_until,
        )
        for each in _load(session, profile, now)
    )


def candidates(session: Session, profile: Profile, now: datetime) -> tuple[StaffCandidate, ...]:
    """Everybody of the staff as routing sees them; one query."""
    return tuple(
        StaffCandidate(
            id=each.person.id,
            user=each.person.user,
            name=each.person.name,
            is_lead=each.staff.is_lead,
            topics=tuple(each.staff.topics),
            areas=tuple(each.staff.areas),
            languages=tuple(each.staff.languages),
            capacity=each.staff.capacity,
            backup=each.staff.backup_id,
            open=each.open - each.waiting,
            handed_at=each.handed_at,
            away_until=each.away_until,
        )
        for each in _load(session, profile, now)
    )


def _load(session: Session, profile: Profile, now: datetime) -> list[tables.Load]:
    today = profile.today(now)
    found = tables.load(session, now=now, today=today)
    return [each for each in found if flags_of(each.person).full_member]


def _read(
    session: Session, person: Person, now: datetime, names: Sequence[str], *, newest: bool, most: int
) -> dict[str, Lines]:
    asked = [ListAsked(name, belongs(name, person, now), newest=newest, most=most) for name in names]
    found: dict[str, list[tables.ListedRequest]] = {each.name: [] for each in asked}
    for one in tables.lists(session, asked):
        found[one.name].append(one)
    return {name: _lines(rows, now) for name, rows in found.items()}


def _lines(rows: Sequence[tables.ListedRequest], now: datetime) -> Lines:
    return Lines(tuple(summary_of(each, now) for each in rows), rows[0].total) if rows else Lines()
