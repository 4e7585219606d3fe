"""Suggestions of one person to another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from copbot.delivery.silences.tables import SilenceRow
from copbot.people.tables import PersonRow
from copbot.store import Base, DeleteAfter, Moment, Session, new_uid

_KEPT = timedelta(days=365)


class PeerMatchRow(Base):
    """One suggestion; what each side says is empty, yes or no. Those introduced stand in staff's log for good."""

    __tablename__ = "peer_matches"
    __table_args__ = (UniqueConstraint("request_id", "peer_id"),)
    __retention__ = DeleteAfter(_KEPT, lambda before: PeerMatchRow.asked_at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, index=True)
    requester: Mapped[str] = mapped_column(String(3), default="", server_default="")
    peer: Mapped[str] = mapped_column(String(3), default="", server_default="")
    matched_at: Mapped[datetime | None] = mapped_column(Moment)


def by_uid(session: Session, uid: str) -> PeerMatchRow | None:
    return session.scalars(select(PeerMatchRow).where(PeerMatchRow.uid == uid)).one_or_none()


def free(
    session: Session, ids: Collection[int], request_id: int, since: datetime
) -> Sequence[tuple[int, str]]:
    """Of these people, by name: who was not suggested for this request, and has no other suggestion since then.

    Nobody who wants only what is about their own requests.
    """
    row = PeerMatchRow
    waits = or_(row.request_id == request_id, row.matched_at.is_(None) & (row.asked_at > since))
    query = select(PersonRow.id, PersonRow.name).where(
        PersonRow.id.in_(ids),
        ~exists().where(row.peer_id == PersonRow.id, waits),
        ~exists().where(SilenceRow.user == PersonRow.user),
    )
    return [(ident, name) for ident, name in session.execute(query.order_by(PersonRow.name, PersonRow.id))]


def ids_of(session: Session, request_id: int) -> Sequence[int]:
    return session.scalars(select(PeerMatchRow.id).where(PeerMatchRow.request_id == request_id)).all()
