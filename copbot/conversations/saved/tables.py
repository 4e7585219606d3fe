"""Queries of the saved answers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from copbot.conversations.tables import SavedAnswerRow
from copbot.store import Session

Row = SavedAnswerRow


def like(session: Session, typed: str, most: int) -> Sequence[SavedAnswerRow]:
    """Answers with every word in their name or text; those used most first."""
    query = select(Row)
    for word in typed.split():
        named = Row.folded_name.contains(word.casefold(), autoescape=True)
        query = query.where(or_(named, Row.text.icontains(word, autoescape=True)))
    return session.scalars(query.order_by(Row.uses.desc(), Row.name, Row.id).limit(most)).all()


def named(session: Session, folded: str) -> SavedAnswerRow | None:
    return session.scalars(select(Row).where(Row.folded_name == folded)).one_or_none()


def by_name(session: Session) -> Sequence[SavedAnswerRow]:
    return session.scalars(select(Row).order_by(Row.folded_name)).all()
