"""Which file of Slack's belongs to a message: known before the file is shared, so that it is looked for by its id."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ForeignKey, String, delete, false, select, update
from sqlalchemy.orm import Mapped, mapped_column

from copbot.store import Base, KeepForever, Session


class MessageFile(Base):
    """A file that Slack holds for one message. `shared`: Slack has answered that it stands in the conversation."""

    __tablename__ = "message_files"
    __retention__ = KeepForever("goes with its message")

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    file: Mapped[str] = mapped_column(String(32))
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())


class KnownFile(NamedTuple):
    """Slack's id of the file, and whether Slack has said that it stands in the conversation."""

    id: str
    shared: bool


def file_of(session: Session, message: int) -> KnownFile | None:
    found = select(MessageFile.file, MessageFile.shared).where(MessageFile.message_id == message)
    row = session.execute(found).one_or_none()
    return KnownFile(*row) if row is not None else None


def remember(session: Session, message: int, file: str) -> None:
    session.add(MessageFile(message_id=message, file=file))


def forget(session: Session, message: int) -> None:
    """Slack has lost the file before it was shared: the next try uploads it anew."""
    session.execute(delete(MessageFile).where(MessageFile.message_id == message, ~MessageFile.shared))


def mark_shared(session: Session, message: int) -> None:
    session.execute(update(MessageFile).where(MessageFile.message_id == message).values(shared=True))
