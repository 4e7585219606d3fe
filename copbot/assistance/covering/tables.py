"""Queries over what somebody has."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from copbot.assistance.tables import RequestRow, Where, is_in
from copbot.store import Session


def pressing(
    session: Session, owners: Collection[int], states: Sequence[str], by_when: Sequence[str], late: Where
) -> list[int]:
    """What these people have in these states that is urgent or late."""
    where = (RequestRow.owner_id.in_(owners), is_in(states), or_(RequestRow.by_when.in_(by_when), late))
    return list(session.scalars(select(RequestRow.id).where(*where).order_by(RequestRow.id)))


def owned(session: Session, owner_id: int, states: Sequence[str], after: int = 0) -> list[int]:
    where = (RequestRow.owner_id == owner_id, is_in(states), RequestRow.id > after)
    return list(session.scalars(select(RequestRow.id).where(*where).order_by(RequestRow.id)))
