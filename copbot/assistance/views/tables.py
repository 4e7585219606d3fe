"""The lists that Home shows, each list or all of somebody's in one query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from copbot.assistance import rules
from copbot.assistance.tables import (
    AROUND,
    RequestAreaRow,
    RequestRow,
    RequestTopicRow,
    RequestWithPeople,
    Where,
    is_in,
    is_late,
    is_readable_by,
    is_requesters,
    with_people,
)
from copbot.assistance.views.rules import ANY, ASKED, ENDED, LATE, ME, NOBODY, WAITING, Filters
from copbot.people.tables import AgencyRow, AwayRow, PersonRow, StaffRow
from copbot.slack.person import Person
from copbot.store import Session

if TYPE_CHECKING:
    from copbot.program.profile import Profile


@dataclass(frozen=True)
class ListAsked:
    """A list by its name: what belongs into it, the newest first or what is due first, and how much is wanted."""

    name: str
    where: tuple[Where, ...]
    newest: bool
    most: int
    start: int = 0


ListedRequest = tuple[str, int, RequestWithPeople]
"""A request in one of several lists: the list's name, and how many it holds in all."""


def lists(session: Session, asked: Sequence[ListAsked]) -> list[ListedRequest]:
    """The beginnings of several lists, each with its length, in one query."""
    places = union_all(*(_beginning(each).select() for each in asked)).subquery()
    query = AROUND.add_columns(places.c.list, places.c.total)
    query = query.join(places, places.c.id == RequestRow.id).order_by(places.c.list, places.c.place)
    return [(row.list, row.total, with_people(row)) for row in session.execute(query)]


def _beginning(asked: ListAsked) -> Any:
    row = RequestRow
    order = (row.id.desc(),) if asked.newest else (row.first_reply_due.asc(), row.id.asc())
    found = select(
        literal(asked.name).label("list"),
        row.id.label("id"),
        func.row_number().over(order_by=order).label("place"),
        func.count().over().label("total"),
    )
    return found.where(*asked.where).order_by(*order).limit(asked.most).offset(asked.start).subquery()


def belongs(name: str, person: Person, now: datetime) -> tuple[Where, ...]:
    """What stands in a list of this person's. No request stands in two of them."""
    row, theirs, late = RequestRow, is_requesters(person.id), is_late(now)
    asked_them = and_(theirs, row.state == rules.WAITING_REQUESTER)
    is_owned, has_no_owner = row.owner_id == person.id, row.owner_id.is_(None)
    seen = is_readable_by(person.id, is_lead=person.is_lead)
    if name == "late":
        return (late, seen)
    if name == "needed":
        return (asked_them,)
    if name == "mine":
        queued = and_(is_in(rules.OPEN), or_(has_no_owner, is_owned, late))
        return (theirs, ~asked_them, *((~queued,) if person.is_staff else ()))
    return (is_in(rules.OPEN), has_no_owner if name == "unassigned" else is_owned, ~late, ~asked_them, seen)


def left_by(filters: Filters, person: Person, profile: Profile, now: datetime) -> list[Where]:
    """What the filters leave, words apart. A number is one request, whatever else is chosen."""
    row, where = RequestRow, [is_readable_by(person.id, is_lead=person.is_lead)]
    if not person.is_staff or filters.whose == ASKED:
        where.append(is_requesters(person.id))
    if (number := rules.parse_number(filters.words)) is not None:
        return [*where, row.id == number]
    if person.is_staff and filters.state != ANY:
        states = {LATE: is_late(now), WAITING: is_in(rules.WAITING), ENDED: is_in(rules.ENDED)}
        where.append(states.get(filters.state, is_in(rules.OPEN)))
    if filters.whose == NOBODY:
        where.append(row.owner_id.is_(None))
    elif filters.whose == ME or filters.whose.isdecimal():
        where.append(row.owner_id == (person.id if filters.whose == ME else int(filters.whose)))
    if filters.topic:
        about = select(RequestTopicRow.request_id).where(RequestTopicRow.topic == filters.topic)
        where.append(row.id.in_(about))
    if filters.area:
        inside = [each.id for each in profile.areas if filters.area in (each.id, each.region)]
        found = RequestAreaRow.area.in_(inside or [filters.area])
        where.append(row.id.in_(select(RequestAreaRow.request_id).where(found)))
    return where


def among(ids: Collection[int], reader: int, *, is_lead: bool) -> tuple[Where, ...]:
    """Those of these requests that somebody may read."""
    return RequestRow.id.in_(ids), is_readable_by(reader, is_lead=is_lead)


IS_CONFIDENTIAL: Where = RequestRow.confidential.is_(true())


def holds(word: str) -> Where:
    """The word is in what they need, in their name or in their agency's; capitals count for nothing."""
    named = select(PersonRow.id).where(PersonRow.name.icontains(word, autoescape=True))
    agencies = select(AgencyRow.id).where(AgencyRow.name.icontains(word, autoescape=True))
    needed = RequestRow.need.icontains(word, autoescape=True)
    return or_(needed, RequestRow.requester_id.in_(named), RequestRow.agency_id.in_(agencies))


def count(session: Session, where: Sequence[Where]) -> int:
    return session.execute(select(func.count(RequestRow.id)).where(*where)).scalar_one()


_Handed = aliased(RequestRow)
_HANDED = select(func.max(_Handed.assigned_at)).where(_Handed.owner_id == PersonRow.id).scalar_subquery()

Load = tuple[PersonRow, StaffRow, int, int, int, date | None, datetime | None]
"""Somebody of staff: how many open requests, of these late and waiting; their last day away, if they are away; and
when they last got a request that is still theirs."""


def load(session: Session, *, now: datetime, today: date) -> list[Load]:
    """Everybody on the staff list, whoever has most first."""
    away = select(func.max(AwayRow.last_day)).where(
        AwayRow.staff_id == StaffRow.id, AwayRow.first_day <= today, AwayRow.last_day >= today
    )
    has, count = and_(RequestRow.owner_id == PersonRow.id, is_in(rules.OPEN)), func.count(RequestRow.id)
    late, waiting = (func.count(case((part, RequestRow.id))) for part in (is_late(now), is_in(rules.WAITING)))
    query: Any = (
        select(PersonRow, StaffRow, count, late, waiting, away.scalar_subquery(), _HANDED)
        .join(StaffRow, and_(StaffRow.person_id == PersonRow.id, StaffRow.active))
        .outerjoin(RequestRow, has)
        .group_by(PersonRow.id, StaffRow.id)
        .order_by(count.desc(), PersonRow.name, PersonRow.id)
    )
    return [tuple(row) for row in session.execute(query)]
