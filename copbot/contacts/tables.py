"""Contacts, and the room's queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    bindparam,
    delete,
    false,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from copbot.people.tables import PersonRow
from copbot.store import Base, Json, KeepForever, Moment, RequestWords, Session


class ContactRow(Base):
    """One contact of staff's, with a request or without. `key` is unique per press, so none is saved twice."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_by_id_id", "by_id", "id"),)
    __retention__ = KeepForever("counted in reports; its texts go with the privacy room")
    __request_words__ = RequestWords(("objectives", "note"), lambda ident: ContactRow.request_id == ident)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    logged_at: Mapped[datetime] = mapped_column(Moment)
    # The program's own day on which it happened.
    day: Mapped[date] = mapped_column(Date, index=True)
    minutes: Mapped[int]
    category: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(64), default="", server_default="")
    people: Mapped[int | None]
    level: Mapped[str] = mapped_column(String(16), default="", server_default="")
    fund_source: Mapped[str] = mapped_column(String(64), default="", server_default="")
    eligible: Mapped[bool | None]
    formal: Mapped[bool] = mapped_column(default=False, server_default=false())
    objectives: Mapped[str] = mapped_column(Text, default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Of work without a request; else its request says it.
    topics: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    areas: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    # The file it came from; it goes when that import is undone.
    import_id: Mapped[int | None] = mapped_column(index=True)


_OF = ContactRow.request_id == bindparam("request")
_TOTAL = select(func.count(), func.coalesce(func.sum(ContactRow.minutes), 0)).where(_OF)


def total_of(session: Session, request_id: int) -> tuple[int, int]:
    """How many contacts a request has, and their minutes."""
    count, minutes = session.execute(_TOTAL, {"request": request_id}).one()
    return int(count), int(minutes)


Logged = tuple[ContactRow, str]
"""A contact with the name of whoever logged it."""


def of_request(session: Session, request_id: int, most: int) -> list[Logged]:
    """The newest first."""
    return _logged(session, most, ContactRow.request_id == request_id)


def without_request(session: Session, person_id: int, most: int) -> list[Logged]:
    """What this person logged without a request, the newest first."""
    where = (ContactRow.by_id == person_id, ContactRow.request_id.is_(None), ContactRow.import_id.is_(None))
    return _logged(session, most, *where)


def _logged(session: Session, most: int, *where: ColumnElement[bool]) -> list[Logged]:
    query = select(ContactRow, PersonRow.name).join(PersonRow, PersonRow.id == ContactRow.by_id)
    found = session.execute(query.where(*where).order_by(ContactRow.id.desc()).limit(most))
    return [(row, name) for row, name in found]


def last_of(session: Session, person_id: int, categories: Sequence[str]) -> ContactRow | None:
    """What this person logged last in one of these categories."""
    where = (ContactRow.by_id == person_id, ContactRow.category.in_(categories))
    return session.scalars(select(ContactRow).where(*where).order_by(ContactRow.id.desc()).limit(1)).first()


def remove_imported(session: Session, import_id: int, most: int) -> int:
    """Delete the next contacts without a request that came from this file; how many."""
    where = (ContactRow.import_id == import_id, ContactRow.request_id.is_(None))
    found = list(session.scalars(select(ContactRow.id).where(*where).limit(most)))
    session.execute(delete(ContactRow).where(ContactRow.id.in_(found)))
    return len(found)
