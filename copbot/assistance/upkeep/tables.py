"""Requests that are to change, or of which somebody is to hear, although nobody pressed a button."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from copbot.assistance import rules
from copbot.assistance.tables import EventRow, RequestRow, Where, is_in, is_late
from copbot.people.tables import OUTSIDE, PersonRow, StaffRow
from copbot.store import Session

_IS_ON_STAFF = (
    exists()
    .where(
        PersonRow.id == RequestRow.owner_id,
        StaffRow.person_id == PersonRow.id,
        StaffRow.active,
        *(getattr(PersonRow, flag).is_(False) for flag in OUTSIDE),
    )
    .correlate(RequestRow)
)


def ids_without_their_owner(session: Session, states: Sequence[str], most: int) -> list[int]:
    """Requests in these states whose owner is no longer on staff."""
    gone = (RequestRow.owner_id.is_not(None), ~_IS_ON_STAFF)
    query = select(RequestRow.id).where(is_in(states), *gone)
    return list(session.scalars(query.order_by(RequestRow.id).limit(most)))


def ids_of_accounts(
    session: Session, states: Sequence[str], *, is_gone: bool, gone: str, back: str, most: int
) -> list[int]:
    """Requests in these states whose requester's account is deactivated, or is not, and whose events say otherwise.

    `gone` and `back` are the verbs that say it; a request without either says that the account is there.
    """
    newest = (
        select(EventRow.verb)
        .where(EventRow.request_id == RequestRow.id, EventRow.verb.in_((gone, back)))
        .order_by(EventRow.id.desc())
        .limit(1)
        .correlate(RequestRow)
        .scalar_subquery()
    )
    says_otherwise = or_(newest.is_(None), newest == back) if is_gone else newest == gone
    query = (
        select(RequestRow.id)
        .join(PersonRow, PersonRow.id == RequestRow.requester_id)
        .where(RequestRow.state.in_(states), PersonRow.is_deleted == is_gone, says_otherwise)
    )
    return list(session.scalars(query.order_by(RequestRow.id).limit(most)))


def requests_of_events(session: Session, verb: str, whom_id: int, at: datetime) -> list[int]:
    """Requests that were moved so, about this person, at this moment."""
    where = (EventRow.verb == verb, EventRow.whom_id == whom_id, EventRow.at == at)
    return list(session.scalars(select(EventRow.request_id).where(*where).order_by(EventRow.request_id)))


def pressing(
    session: Session, owners: Collection[int], states: Sequence[str], by_when: Sequence[str], late: Where
) -> list[int]:
    """What these people have in these states that is urgent or late."""
    where = (RequestRow.owner_id.in_(owners), is_in(states), or_(RequestRow.by_when.in_(by_when), late))
    return list(session.scalars(select(RequestRow.id).where(*where).order_by(RequestRow.id)))


def owned(session: Session, owner_id: int, states: Sequence[str], after: int = 0) -> list[int]:
    where = (RequestRow.owner_id == owner_id, is_in(states), RequestRow.id > after)
    return list(session.scalars(select(RequestRow.id).where(*where).order_by(RequestRow.id)))


# Clocks that have run out, or soon will, and of which nobody has been told yet


def _has(verb: str, *since: ColumnElement[bool]) -> Any:
    return exists().where(EventRow.request_id == RequestRow.id, EventRow.verb == verb, *since)


def ids_run_out(
    session: Session, clock: str, *, verb: str, states: Sequence[str], now: datetime, most: int
) -> list[int]:
    """Requests in these states past the time in column `clock`, and without the event `verb` since then."""
    due = getattr(RequestRow, clock)
    where = [RequestRow.state.in_(states), due < now, ~_has(verb, EventRow.at >= due)]
    if clock == "first_reply_due":
        where.append(RequestRow.first_reply_at.is_(None))
    return list(session.scalars(select(RequestRow.id).where(*where).order_by(due, RequestRow.id).limit(most)))


def unanswered(
    session: Session, verb: str, states: Sequence[str], by_when: Sequence[str], due: tuple[datetime, datetime]
) -> list[int]:
    """Requests without a first reply that falls due between two moments, and without the event `verb`."""
    between = RequestRow.first_reply_due.between(*due)
    where = (RequestRow.state.in_(states), RequestRow.by_when.in_(by_when), between)
    query = select(RequestRow.id).where(*where, RequestRow.first_reply_at.is_(None), ~_has(verb))
    return list(session.scalars(query.order_by(RequestRow.first_reply_due, RequestRow.id)))


def ids_due_on(
    session: Session, owner_id: int, states: Sequence[str], begin: datetime, end: datetime
) -> list[int]:
    """What somebody has that falls due in this time, first reply or delivery, and was not listed in it."""
    reply = and_(RequestRow.first_reply_at.is_(None), RequestRow.first_reply_due.between(begin, end))
    due = or_(reply, RequestRow.delivery_due.between(begin, end))
    listed = _has("due_today", EventRow.at >= begin)
    query = select(RequestRow.id).where(
        RequestRow.owner_id == owner_id, RequestRow.state.in_(states), due, ~listed
    )
    return list(session.scalars(query.order_by(RequestRow.id)))


class OpenQuestion(NamedTuple):
    request_id: int
    asked_at: datetime
    nudged_at: datetime | None


def open_questions(
    session: Session, state: str, asked_before: datetime, after: int, most: int
) -> list[OpenQuestion]:
    """Questions that wait for somebody whose account is there, by request; each with its newest reminder."""

    def newest(verb: str) -> Any:
        at = select(func.max(EventRow.id)).where(EventRow.request_id == RequestRow.id, EventRow.verb == verb)
        return at.correlate(RequestRow).scalar_subquery()

    asked, nudged = select(EventRow).subquery("asked"), select(EventRow).subquery("nudged")
    last_nudge = and_(nudged.c.id == newest("nudge"), nudged.c.id > asked.c.id)
    query = (
        select(RequestRow.id, asked.c.at, nudged.c.at)
        .join(PersonRow, PersonRow.id == RequestRow.requester_id)
        .join(asked, asked.c.id == newest("ask"))
        .outerjoin(nudged, last_nudge)
        .where(RequestRow.state == state, RequestRow.id > after, ~PersonRow.is_deleted)
        .where(asked.c.at <= asked_before)
        .order_by(RequestRow.id)
        .limit(most)
    )
    return [OpenQuestion(*row) for row in session.execute(query)]


def told_at(
    session: Session, verbs: Sequence[str], at: datetime, whom_id: int | None
) -> dict[str, list[int]]:
    """By verb: requests with such an event at this moment; with `whom_id` only what that person had."""
    where = [EventRow.verb.in_(verbs), EventRow.at == at]
    if whom_id is not None:
        where.append(EventRow.whom_id == whom_id)
    found: dict[str, list[int]] = {}
    for verb, ident in session.execute(select(EventRow.verb, EventRow.request_id).where(*where)):
        found.setdefault(verb, []).append(ident)
    return found


def open_counts(session: Session, now: datetime) -> tuple[int, ...]:
    """Open requests that all staff may read of: how many, and how many of them late, without an owner, waiting."""
    parts = (is_late(now), RequestRow.owner_id.is_(None), is_in(rules.WAITING))
    counts = [func.count(RequestRow.id), *(func.count(case((part, RequestRow.id))) for part in parts)]
    return tuple(session.execute(select(*counts).where(is_in(rules.OPEN), ~RequestRow.confidential)).one())
