"""Requests that staff wrote down afterwards: which nobody has touched since, and taking them out again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, func, select

from copbot.assistance.tables import EventRow, RequestAreaRow, RequestRow, RequestTopicRow
from copbot.contacts.tables import ContactRow
from copbot.store import Session


def imported(session: Session, import_id: int, *, touched: bool, most: int) -> list[int]:
    """Requests out of a file that somebody has done something with since, or those that nobody has."""
    moved = (
        select(EventRow.request_id).where(EventRow.request_id == RequestRow.id).having(func.count() > 1)
    ).group_by(EventRow.request_id)
    logged = exists().where(ContactRow.request_id == RequestRow.id, ContactRow.import_id.is_(None))
    is_touched = moved.exists() | logged
    where = (RequestRow.import_id == import_id, is_touched if touched else ~is_touched)
    return list(session.scalars(select(RequestRow.id).where(*where).order_by(RequestRow.id).limit(most)))


def only_contact(session: Session, request_id: int) -> bool:
    return session.scalar(select(func.count()).where(ContactRow.request_id == request_id)) == 1


def remove(session: Session, ids: Sequence[int]) -> None:
    """Requests with all that belongs to them. Their numbers never return."""
    for table in (ContactRow, EventRow, RequestTopicRow, RequestAreaRow):
        session.execute(delete(table).where(table.request_id.in_(ids)))
    session.execute(delete(RequestRow).where(RequestRow.id.in_(ids)))
