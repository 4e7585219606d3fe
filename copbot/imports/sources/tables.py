"""Feeds and calendars that are followed, and which of their entries were seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    case,
    delete,
    false,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from copbot.imports.sources.rules import Decision, Mark, SourceKind
from copbot.store import Base, DeleteAfter, Json, KeepForever, Moment, Session, new_uid

SEEN_FOR = timedelta(days=400)
_MOST_MARKS = 5_000


class SourceRow(Base):
    """`key` is the address it was added under, by which the library knows its entries; `url` where it is now.

    `held`: new entries that wait for a decision. `trouble` is a sentence for staff, empty while all is well.
    """

    __tablename__ = "import_sources"
    __retention__ = KeepForever("until staff stop following it")

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    kind: Mapped[SourceKind] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    topics: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    areas: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    publish: Mapped[bool] = mapped_column(default=False, server_default=false())
    added_by: Mapped[str] = mapped_column(String(32))
    added_at: Mapped[datetime] = mapped_column(Moment)
    etag: Mapped[str] = mapped_column(Text, default="", server_default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="", server_default="")
    next_at: Mapped[datetime] = mapped_column(Moment, index=True)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    trouble: Mapped[str] = mapped_column(String(300), default="", server_default="")
    held: Mapped[int] = mapped_column(default=0, server_default="0")
    decision: Mapped[Decision] = mapped_column(String(8), default="", server_default="")


class SeenRow(Base):
    """An entry that a feed has shown, taken in or not."""

    __tablename__ = "import_seen"
    __table_args__ = (
        UniqueConstraint("source_id", "guid_key", "link_key", "title_key"),
        Index("ix_import_seen_at", "at"),
    )
    __retention__ = DeleteAfter(SEEN_FOR, lambda before: SeenRow.at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("import_sources.id", ondelete="CASCADE"))
    guid_key: Mapped[str] = mapped_column(String(32))
    link_key: Mapped[str] = mapped_column(String(40))
    title_key: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)


def due(session: Session, now: datetime, most: int) -> Sequence[SourceRow]:
    """Sources to look at, the longest due first."""
    at_hand = select(SourceRow).where(SourceRow.next_at <= now)
    return session.scalars(at_hand.order_by(SourceRow.next_at, SourceRow.id).limit(most)).all()


def page(session: Session, after: int, most: int) -> Sequence[SourceRow]:
    query = select(SourceRow).where(SourceRow.id > after).order_by(SourceRow.id)
    return session.scalars(query.limit(most)).all()


def counted(session: Session) -> tuple[int, int, int]:
    """All sources, those with held entries, those that failed the last time."""
    held = func.count(case((SourceRow.held > 0, 1)))
    failing = func.count(case((SourceRow.failures > 0, 1)))
    every, waiting, troubled = session.execute(select(func.count(SourceRow.id), held, failing)).one()
    return every, waiting, troubled


def remove(session: Session, ident: int) -> None:
    session.execute(delete(SeenRow).where(SeenRow.source_id == ident))
    session.execute(delete(SourceRow).where(SourceRow.id == ident))


def marks(session: Session, source_id: int) -> dict[Mark, int]:
    """What a source has shown, the newest first, each with its row."""
    rows = session.scalars(
        select(SeenRow).where(SeenRow.source_id == source_id).order_by(SeenRow.id.desc()).limit(_MOST_MARKS)
    )
    return {Mark(row.guid_key, row.link_key, row.title_key): row.id for row in rows}


def see(
    session: Session, source_id: int, shown: Collection[Mark], known: Mapping[Mark, int], now: datetime
) -> None:
    """Note what the source shows: new marks are kept, known ones are dated anew."""
    again = [known[mark] for mark in shown if mark in known]
    if again:
        session.execute(update(SeenRow).where(SeenRow.id.in_(again)).values(at=now))
    fresh = [mark for mark in dict.fromkeys(shown) if mark not in known]
    if fresh:
        rows = [{"source_id": source_id, "at": now, **vars(mark)} for mark in fresh]
        session.execute(insert(SeenRow), rows)
