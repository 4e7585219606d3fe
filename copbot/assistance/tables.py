"""Requests, their topics, areas and events, and the room's queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from copbot.store import Base, Json, Moment, new_uid


class RequestRow(Base):
    """One request. `id` + 1000 is the number people say; an id never returns, so neither does a number."""

    __tablename__ = "requests"
    __table_args__ = (
        Index("ix_requests_requester_id_id", "requester_id", "id"),
        Index("ix_requests_state_id", "state", "id"),
        Index("ix_requests_owner_id_state", "owner_id", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    requester_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    not_agency: Mapped[bool] = mapped_column(default=False, server_default=false())
    kind: Mapped[str] = mapped_column(String(32))
    need: Mapped[str] = mapped_column(Text)
    by_when: Mapped[str] = mapped_column(String(32), default="", server_default="")
    by_when_date: Mapped[date | None] = mapped_column(Date)
    urgent_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    state: Mapped[str] = mapped_column(String(32))
    # The state to return to when what is waited for arrives.
    came_from: Mapped[str] = mapped_column(String(32), default="", server_default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    asked_at: Mapped[datetime] = mapped_column(Moment)
    first_reply_due: Mapped[datetime] = mapped_column(Moment, index=True)
    first_reply_at: Mapped[datetime | None] = mapped_column(Moment)
    assigned_at: Mapped[datetime | None] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    close_reason: Mapped[str] = mapped_column(String(32), default="", server_default="")
    close_words: Mapped[str] = mapped_column(Text, default="", server_default="")
    referral: Mapped[str] = mapped_column(Text, default="", server_default="")
    given: Mapped[str] = mapped_column(Text, default="", server_default="")

    # Where the notice stands; empty while the request is held for want of a channel.
    staff_channel: Mapped[str | None] = mapped_column(String(32))
    undo_until: Mapped[datetime | None] = mapped_column(Moment)
    undo_state: Mapped[dict[str, Any] | None] = mapped_column(Json)


class RequestTopicRow(Base):
    """A topic as it was named at the door."""

    __tablename__ = "request_topics"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(64), index=True)


class RequestAreaRow(Base):
    __tablename__ = "request_areas"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(64), index=True)


class EventRow(Base):
    """One move, or one addition: who, when, from, to, why. `version` is the request's after it."""

    __tablename__ = "request_events"
    __table_args__ = (Index("ix_request_events_request_id_id", "request_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    # Nobody: the clock did it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    verb: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[str] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(32))
    # Who it was handed or assigned to.
    whom_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    why: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int]
    told: Mapped[bool] = mapped_column(default=False, server_default=false())
