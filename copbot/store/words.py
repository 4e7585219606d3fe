"""Words about a request, overwritten in every table that holds some, whichever room's it is."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from copbot.store.mapping import Base
from copbot.store.retention import RequestWords


def overwrite(session: Session, request_id: int, said: str) -> None:
    """Put `said` in the place of every text about this request that is not empty."""
    session.flush()
    for mapper in Base.registry.mappers:
        words: RequestWords | None = getattr(mapper.class_, "__request_words__", None)
        if words is None:
            continue
        for name in words.columns:
            column = mapper.columns[name]
            rows = (words.rows(request_id), column.is_not(None), column != "")
            session.execute(update(mapper.class_).where(*rows).values({name: said}))
    session.expire_all()
