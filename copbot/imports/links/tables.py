"""What checking each link found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from copbot.resources.library.rules import PUBLISHED
from copbot.resources.library.tables import ResourceRow
from copbot.store import Base, KeepForever, Moment, Session


class LinkCheckRow(Base):
    __tablename__ = "link_checks"
    __retention__ = KeepForever("goes with its resource")

    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    result: Mapped[str] = mapped_column(String(12), default="", server_default="")
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    next_at: Mapped[datetime] = mapped_column(Moment, index=True)
    misses: Mapped[int] = mapped_column(default=0, server_default="0")
    missed_since: Mapped[datetime | None] = mapped_column(Moment)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)


DueLink = tuple[int, str, str]
"""A link to look at: resource id, host, address."""


def unlisted(session: Session, most: int) -> Sequence[tuple[int, str]]:
    """Published resources with an address that no row is about yet: id and address."""
    query = (
        select(ResourceRow.id, ResourceRow.url)
        .outerjoin(LinkCheckRow, LinkCheckRow.resource_id == ResourceRow.id)
        .where(LinkCheckRow.resource_id.is_(None), ResourceRow.state == PUBLISHED, ResourceRow.url != "")
        .order_by(ResourceRow.id)
        .limit(most)
    )
    return session.execute(query).all()


def enlist(session: Session, rows: Sequence[tuple[int, str, datetime]]) -> None:
    """New rows: resource id, host, when to look."""
    if rows:
        names = ("resource_id", "host", "next_at")
        session.execute(insert(LinkCheckRow), [dict(zip(names, row, strict=True)) for row in rows])


def of(session: Session, resource_id: int) -> LinkCheckRow | None:
    return session.get(LinkCheckRow, resource_id)


def due(session: Session, now: datetime, most: int) -> Sequence[DueLink]:
    """The first of the links whose time has come."""
    query = (
        select(ResourceRow.id, LinkCheckRow.host, ResourceRow.url)
        .join(LinkCheckRow, LinkCheckRow.resource_id == ResourceRow.id)
        .where(LinkCheckRow.next_at <= now, ResourceRow.state == PUBLISHED, ResourceRow.url != "")
        .order_by(LinkCheckRow.next_at, ResourceRow.id)
        .limit(most)
    )
    return session.execute(query).all()


def dead(session: Session, misses: int, since: datetime) -> Sequence[LinkCheckRow]:
    """Links that are missing for so many looks, since then or longer, and whose owner was not asked yet."""
    return session.scalars(
        select(LinkCheckRow)
        .where(
            LinkCheckRow.misses >= misses, LinkCheckRow.missed_since <= since, LinkCheckRow.asked_at.is_(None)
        )
        .order_by(LinkCheckRow.resource_id)
    ).all()


def asked_since(session: Session, moment: datetime) -> Sequence[int]:
    """The resources whose owner was asked after this moment."""
    return session.scalars(select(LinkCheckRow.resource_id).where(LinkCheckRow.asked_at > moment)).all()
