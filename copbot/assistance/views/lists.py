"""Values for lists: what somebody asked, what waits for staff, what was searched, and each one's workload."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from copbot.assistance import rules
from copbot.assistance.views import tables
from copbot.assistance.views.facts import RequestSummary, summary_of
from copbot.assistance.views.rules import ANY, ENDED, PAGE, Filters
from copbot.assistance.views.tables import ListAsked, ListedRequest
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


def own(session: Session, person: Person, now: datetime, most: int = SHOWN) -> dict[str, Lines]:
    """What the person asked, newest first; apart from the rest, what waits for their answer."""
    return _read(session, person, now, ("needed", "mine"), newest=True, most=most)


def queue(session: Session, person: Person, now: datetime) -> dict[str, Lines]:
    """For staff: what is late, what else nobody has, and what else is theirs; in each what is due first."""
    return _read(session, person, now, ("late", "unassigned", "owned"), newest=False, most=SHOWN)


def readable(
    session: Session, ids: Collection[int], now: datetime, *, reader: int = 0, is_lead: bool = False
) -> tuple[RequestSummary, ...]:
    """Those of these requests that somebody may read, what is due first; nobody but staff in general by default."""
    where = tables.among(ids, reader, is_lead=is_lead)
    return _lines(tables.lists(session, [ListAsked("", where, newest=False, most=len(ids))]), now).lines


def search(
    session: Session, filters: Filters, person: Person, *, profile: Profile, now: datetime, start: int = 0
) -> Lines:
    """A page of what these filters leave of the requests that the person may see; past the end, the last page.

    Words are not looked for in what is confidential: of that only the number is told.
    """
    where = tables.left_by(filters, person, profile, now)
    is_number = rules.parse_number(filters.words) is not None
    words = [] if is_number else filters.words.split()[:MOST_WORDS]
    holds = (~tables.IS_CONFIDENTIAL, *map(tables.holds, words)) if words else ()
    unsearched = tables.count(session, (*where, tables.IS_CONFIDENTIAL)) if words else 0
    newest = filters.state in (ENDED, ANY) or not person.is_staff
    asked = ListAsked("found", (*where, *holds), newest=newest, most=PAGE, start=start)
    found = tables.lists(session, [asked])
    if not found and start:
        last = (tables.count(session, asked.where) - 1) // PAGE * PAGE
        asked = replace(asked, start=max(0, min(last, start - PAGE)))
        found = tables.lists(session, [asked])
    return replace(_lines(found, now), start=asked.start, unsearched=unsearched)


def candidates(session: Session, profile: Profile, now: datetime) -> tuple[StaffCandidate, ...]:
    """Everybody of the staff with what they have, whoever has most first; one query."""
    return tuple(
        StaffCandidate(
            id=person.id,
            user=person.user,
            name=person.name,
            is_lead=staff.is_lead,
            topics=tuple(staff.topics),
            areas=tuple(staff.areas),
            languages=tuple(staff.languages),
            capacity=staff.capacity,
            backup=staff.backup_id,
            open=has,
            late=late,
            waiting=waiting,
            handed_at=handed_at,
            away_until=away_until,
        )
        for person, staff, has, late, waiting, away_until, handed_at in tables.load(
            session, now=now, today=profile.today(now)
        )
        if flags_of(person).full_member
    )


def _read(
    session: Session, person: Person, now: datetime, names: Sequence[str], *, newest: bool, most: int
) -> dict[str, Lines]:
    asked = [ListAsked(each, tables.belongs(each, person, now), newest=newest, most=most) for each in names]
    found = tables.lists(session, asked)
    return {name: _lines([each for each in found if each[0] == name], now) for name in names}


def _lines(rows: Sequence[ListedRequest], now: datetime) -> Lines:
    return Lines(tuple(summary_of(found, now) for _, _, found in rows), rows[0][1]) if rows else Lines()
