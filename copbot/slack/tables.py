"""Claims: one row for each delivery that had an effect, so that a second delivery has none."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from copbot.store import Base, Moment, Session, insert_once


class Claim(Base):
    __tablename__ = "claims"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)


KEPT = timedelta(days=30)


def claim(session: Session, key: str, now: datetime) -> bool:
    """True when this delivery is the first with an effect; a second one waits for the first to commit."""
    return insert_once(session, Claim, key=key, at=now) is not None


def tidy(session: Session, now: datetime) -> None:
    """Forget claims that Slack can no longer repeat."""
    session.execute(delete(Claim).where(Claim.at < now - KEPT))
