"""Queries of the confidential lane, and of what was written about a request and told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from copbot.assistance.tables import EventRow, RequestRow
from copbot.people.tables import OUTSIDE, PersonRow
from copbot.store import Session


def confidential_ids(session: Session, after: int, most: int) -> list[int]:
    query = select(RequestRow.id).where(RequestRow.confidential, RequestRow.id > after)
    return list(session.scalars(query.order_by(RequestRow.id).limit(most)))


def event_ids(session: Session, request_id: int) -> list[int]:
    return list(session.scalars(select(EventRow.id).where(EventRow.request_id == request_id)))


_IS_OF_REQUEST = select(RequestRow).where(RequestRow.confidential, RequestRow.id == bindparam("ident"))
_IS_OF_EVENT = (
    select(RequestRow)
    .join(EventRow, EventRow.request_id == RequestRow.id)
    .where(RequestRow.confidential, EventRow.id == bindparam("ident"))
)


def confidential_of(session: Session, ident: int, *, is_event: bool) -> RequestRow | None:
    """The confidential request of this id, or that the event is of; None when it is none."""
    return session.scalars(_IS_OF_EVENT if is_event else _IS_OF_REQUEST, {"ident": ident}).one_or_none()


def authors_of(session: Session, request_id: int) -> set[int]:
    """Everybody who wrote something about the request after the form."""
    where = (EventRow.request_id == request_id, EventRow.why.is_not(None), EventRow.person_id.is_not(None))
    return {ident for ident in session.scalars(select(EventRow.person_id).where(*where)) if ident is not None}


def ids_quiet_since(session: Session, state: str, moment: datetime, most: int) -> list[int]:
    """Requests in this state that nothing has happened to since the moment."""
    later = exists().where(EventRow.request_id == RequestRow.id, EventRow.at > moment)
    query = select(RequestRow.id).where(RequestRow.state == state, RequestRow.delivered_at <= moment, ~later)
    return list(session.scalars(query.order_by(RequestRow.id).limit(most)))


def has_others(session: Session, agency_id: int, but: Collection[int]) -> bool:
    """Whether full members have named the agency as theirs, besides these persons."""
    outside = (getattr(PersonRow, flag).is_(False) for flag in OUTSIDE)
    query = select(PersonRow.id).where(PersonRow.agency_id == agency_id, PersonRow.id.not_in(but), *outside)
    return session.scalars(query.limit(1)).first() is not None


def last_told(session: Session, request_id: int, verbs: Sequence[str], most: int) -> list[int]:
    """The newest of these moves that the requester was told of."""
    where = (EventRow.request_id == request_id, EventRow.told, EventRow.verb.in_(verbs))
    return list(session.scalars(select(EventRow.id).where(*where).order_by(EventRow.id.desc()).limit(most)))
