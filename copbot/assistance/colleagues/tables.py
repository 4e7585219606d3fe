"""Queries about an agency's people."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from copbot.people.tables import OUTSIDE, PersonRow
from copbot.store import Session


def has_others(session: Session, agency_id: int, but: Collection[int]) -> bool:
    """Whether full members have named the agency as theirs, besides these persons."""
    outside = (getattr(PersonRow, flag).is_(False) for flag in OUTSIDE)
    query = select(PersonRow.id).where(PersonRow.agency_id == agency_id, PersonRow.id.not_in(but), *outside)
    return session.scalars(query.limit(1)).first() is not None


def person_with(session: Session, user: str) -> PersonRow | None:
    return session.scalars(select(PersonRow).where(PersonRow.user == user)).one_or_none()
