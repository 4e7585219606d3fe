"""What both sides wrote about a request, staff's saved answers, and the room's queries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from copbot.store import Base, KeepForever, Moment, RequestWords, new_uid


class ConversationEntryRow(Base):
    """One thing that was written: by the requester in Slack, or by staff in the form.

    `text` is empty in every state but `open`. An edit counts when its version is greater than `source_version`.
    """

    __tablename__ = "conversation_entries"
    __table_args__ = (
        UniqueConstraint("channel", "ts"),
        Index("ix_conversation_entries_request_id_id", "request_id", "id"),
        Index("ix_conversation_entries_person_id_at", "person_id", "at"),
    )
    __retention__ = KeepForever("goes with its request")
    __request_words__ = RequestWords(
        ("text",), lambda ident: ConversationEntryRow.request_id == ident, about="said"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Names the entry in buttons.
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    side: Mapped[str] = mapped_column(String(12))
    # Where the person's own message stands; nowhere for what was typed in a form.
    channel: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text, default="", server_default="")
    # When Slack says it was last edited (`edited.ts`); empty: never.
    source_version: Mapped[str] = mapped_column(String(32), default="", server_default="")
    state: Mapped[str] = mapped_column(String(12))
    # Files that their author said hold nothing about people served.
    files: Mapped[int] = mapped_column(default=0, server_default="0")
    # The entry in whose copy this one is shown; none: its own.
    shown_in: Mapped[int | None] = mapped_column(ForeignKey("conversation_entries.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class SavedAnswerRow(Base):
    """An answer that staff use again."""

    __tablename__ = "saved_answers"
    __retention__ = KeepForever("until staff delete it")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # The name casefolded: two that differ in capitals alone are one.
    folded_name: Mapped[str] = mapped_column(String(160), unique=True)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
    uses: Mapped[int] = mapped_column(default=0, server_default="0")
