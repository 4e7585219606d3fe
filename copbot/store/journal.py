"""Who did what through which entrance, and when. Append-only; never any text of theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.mapping import Base, Moment
from copbot.store.retention import DeleteAfter


class JournalRow(Base):
    __tablename__ = "journal"
    __retention__ = DeleteAfter(timedelta(days=731), lambda before: JournalRow.at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    actor: Mapped[str] = mapped_column(String(64))
    entrance: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(120), default="")
    why: Mapped[str] = mapped_column(String(120), default="")


_SUBJECTS = "journal.subjects"


def about(session: Session, subject: str) -> None:
    """Say what this transaction is about, such as `request:12`; the first to say so is believed. Ids, never text."""
    session.info.setdefault(_SUBJECTS, {})[subject] = True


def subject_of(session: Session) -> str:
    """What this transaction is about; empty when nothing has said so."""
    return next(iter(subjects_of(session)), "")


def subjects_of(session: Session) -> tuple[str, ...]:
    """Everything that this transaction is about, in the order in which it was said."""
    return tuple(session.info.get(_SUBJECTS, ()))


_VIEWED = "journal.viewed"


def viewed(session: Session, subject: str) -> None:
    """Say that somebody is shown what is confidential. The frame records it before they see it."""
    session.info.setdefault(_VIEWED, {})[subject] = True


def viewed_in(session: Session) -> tuple[str, ...]:
    return tuple(session.info.get(_VIEWED, ()))


_INSERT = insert(JournalRow.__table__)


def record(
    session: Session, *, at: datetime, actor: str, entrance: str, subject: str = "", why: str = ""
) -> None:
    """Note one deed in the same transaction as the deed itself."""
    if subject:
        about(session, subject)
    row = {"at": at, "actor": actor, "entrance": entrance, "subject": subject, "why": why}
    session.connection().execute(_INSERT, row)
