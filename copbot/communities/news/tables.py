"""Staff's news."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from copbot.store import Base, DeleteAfter, Moment, Session, new_uid


class NewsRow(Base):
    """A few words of staff about what the program did."""

    __tablename__ = "community_news"
    __retention__ = DeleteAfter(timedelta(days=730), lambda before: NewsRow.at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    text: Mapped[str] = mapped_column(Text)
    by_user: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


def newest(session: Session, since: datetime, most: int) -> Sequence[NewsRow]:
    found = select(NewsRow).where(NewsRow.at > since, NewsRow.withdrawn_at.is_(None))
    found = found.order_by(NewsRow.at.desc(), NewsRow.id.desc())
    return session.scalars(found.limit(most)).all()


def by_uids(session: Session, uids: Collection[str]) -> Sequence[NewsRow]:
    if not uids:
        return ()
    found = select(NewsRow).where(NewsRow.uid.in_(uids), NewsRow.withdrawn_at.is_(None))
    return session.scalars(found.order_by(NewsRow.at)).all()


def withdrawn(session: Session, since: datetime) -> Sequence[str]:
    return session.scalars(select(NewsRow.uid).where(NewsRow.withdrawn_at > since)).all()
