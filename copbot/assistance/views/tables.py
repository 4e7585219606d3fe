"""The lists that Home shows, each list or all of somebody's in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from copbot.assistance import rules
from copbot.assistance.tables import (
    AROUND,
    RequestAreaRow,
    RequestRow,
    RequestTopicRow,
    RequestWithPeople,
    Where,
    in_order,
    is_in,
    is_late,
)
from copbot.people.tables import AgencyRow, AwayRow, PersonRow, StaffRow
from copbot.store import Session


@dataclass(frozen=True)
class ListedRequest:
    """A request in one of several lists. `total` is how many that list holds in all."""

    name: str
    total: int
    around: RequestWithPeople
    topics: tuple[str, ...]
    areas: tuple[str, ...]


@dataclass(frozen=True)
class ListAsked:
    """A list by its name: what belongs into it, in which order, and how much of it is wanted."""

    name: str
    where: tuple[Where, ...]
    newest: bool
    most: int
    start: int = 0


def lists(session: Session, asked: Sequence[ListAsked]) -> list[ListedRequest]:
    """The beginnings of several lists, each with its length, in one query."""
    places = union_all(*(_beginning(each).select() for each in asked)).subquery()
    query = AROUND.add_columns(places.c.list, places.c.total, _TOPICS_HERE, _AREAS_HERE)
    query = query.join(places, places.c.id == RequestRow.id).order_by(places.c.list, places.c.place)
    return [
        ListedRequest(
            row.list,
            row.total,
            RequestWithPeople(row[0], row[1], row[2], row[3] or ""),
            _split(row[6]),
            _split(row[7]),
        )
        for row in session.execute(query)
    ]


def _beginning(asked: ListAsked) -> Any:
    order = in_order(newest=asked.newest)
    found = select(
        literal(asked.name).label("list"),
        RequestRow.id.label("id"),
        func.row_number().over(order_by=order).label("place"),
        func.count().over().label("total"),
    )
    return found.where(*asked.where).order_by(*order).limit(asked.most).offset(asked.start).subquery()


def _joined(place: Any, value: Any, request_id: Any) -> Any:
    """A request's topics or areas as one text, each with its place before it: no database sorts them alike."""
    pair = cast(place, String) + ":" + value
    return select(func.aggregate_strings(pair, ",")).where(request_id == RequestRow.id).scalar_subquery()


_TOPICS_HERE = _joined(RequestTopicRow.place, RequestTopicRow.topic, RequestTopicRow.request_id)
_AREAS_HERE = _joined(RequestAreaRow.place, RequestAreaRow.area, RequestAreaRow.request_id)


def _split(joined: str | None) -> tuple[str, ...]:
    pairs = (each.partition(":") for each in (joined or "").split(",") if each)
    return tuple(value for _, _, value in sorted(pairs, key=lambda pair: int(pair[0])))


def is_about(topic: str) -> Where:
    return RequestRow.id.in_(select(RequestTopicRow.request_id).where(RequestTopicRow.topic == topic))


def is_in_areas(areas: Sequence[str]) -> Where:
    return RequestRow.id.in_(select(RequestAreaRow.request_id).where(RequestAreaRow.area.in_(areas)))


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


@dataclass(frozen=True)
class Load:
    """What one of the staff has: how many open requests, of these late and waiting; until when they are away.

    `handed_at`: when they last got a request that is still theirs.
    """

    person: PersonRow
    staff: StaffRow
    open: int
    late: int
    waiting: int
    away_until: date | None
    handed_at: datetime | None


def load(session: Session, *, now: datetime, today: date) -> list[Load]:
    """Everybody on the staff list, whoever has most first."""
    away = select(func.max(AwayRow.last_day)).where(
        AwayRow.staff_id == StaffRow.id, AwayRow.first_day <= today, AwayRow.last_day >= today
    )
    having = and_(RequestRow.owner_id == PersonRow.id, is_in(rules.OPEN))
    count = func.count(RequestRow.id)
    query: Any = (
        select(
            PersonRow,
            StaffRow,
            count,
            func.count(case((is_late(now), RequestRow.id))),
            func.count(case((is_in(rules.WAITING), RequestRow.id))),
            away.scalar_subquery(),
            _HANDED,
        )
        .join(StaffRow, and_(StaffRow.person_id == PersonRow.id, StaffRow.active))
        .outerjoin(RequestRow, having)
        .group_by(PersonRow.id, StaffRow.id)
        .order_by(count.desc(), PersonRow.name, PersonRow.id)
    )
    return [Load(*row) for row in session.execute(query)]
