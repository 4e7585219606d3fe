"""Requests that nobody pressed a button on and that are to change all the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select

from copbot.assistance.tables import EventRow, RequestRow, Where, is_in
from copbot.people.tables import PersonRow, StaffRow
from copbot.store import Session

_IS_ON_STAFF = (
    exists()
    .where(
        PersonRow.id == RequestRow.owner_id,
        StaffRow.person_id == PersonRow.id,
        StaffRow.active,
        ~(PersonRow.is_deleted | PersonRow.is_bot | PersonRow.is_guest),
        ~(PersonRow.is_stranger | PersonRow.is_foreign),
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
