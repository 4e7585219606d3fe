"""Words about a request, overwritten in every table that holds some, whichever room's it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from copbot.store.mapping import Base
from copbot.store.retention import RequestWords


def overwrite(session: Session, request_id: int, said: str) -> None:
    """Put `said` in the place of every text about this request that is not empty."""
    session.flush()
    for table, words in _tables():
        for name in words.columns:
            column = getattr(table, name)
            rows = (words.rows(request_id), column.is_not(None), column != "")
            session.execute(update(table).where(*rows).values({name: said}))
    session.expire_all()


def subjects(session: Session, request_id: int) -> list[str]:
    """What messages about the single texts of this request are about."""
    found = [(words.about, table.id, words.rows(request_id)) for table, words in _tables() if words.about]
    return [
        f"{kind}:{each}" for kind, ident, rows in found for each in session.scalars(select(ident).where(rows))
    ]


def _tables() -> Iterator[tuple[Any, RequestWords]]:
    for mapper in Base.registry.mappers:
        words: RequestWords | None = getattr(mapper.class_, "__request_words__", None)
        if words is not None:
            yield mapper.class_, words
