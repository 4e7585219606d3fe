"""Who wants only what is about their own requests."""

from __future__ import annotations

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from copbot.store import Base, KeepForever, Session, insert_once


class SilenceRow(Base):
    """Somebody wants only what is about their own requests: nothing unasked reaches them."""

    __tablename__ = "silences"
    __retention__ = KeepForever("a person's own choice, until they take it back")

    id: Mapped[int] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(String(32), unique=True)


def silence(session: Session, user: str) -> None:
    insert_once(session, SilenceRow, user=user)


def unsilence(session: Session, user: str) -> None:
    session.execute(delete(SilenceRow).where(SilenceRow.user == user))


def is_silenced(session: Session, user: str) -> bool:
    return session.scalars(select(SilenceRow.id).where(SilenceRow.user == user)).first() is not None
