"""Claims: one row for each delivery that had an effect, so that a second delivery has none."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from copbot.store import Base, DeleteAfter, Moment, Session, insert_once

KEPT = timedelta(days=30)
"""Slack repeats a delivery within hours."""


class Claim(Base):
    __tablename__ = "claims"
    __retention__ = DeleteAfter(KEPT, lambda before: Claim.at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)


def claim(session: Session, key: str, now: datetime) -> bool:
    """True when this delivery is the first with an effect; a second one waits for the first to commit."""
    return insert_once(session, Claim, key=key, at=now) is not None
