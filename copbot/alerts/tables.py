"""Alerts as staff wrote them, with who approved them and until when they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, Text, false, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from copbot.alerts.rules import APPROVED, WAITING
from copbot.store import Base, DeleteAfter, Json, Moment, Session, new_uid

_KEPT = timedelta(days=365)


class AlertRow(Base):
    """`state`: waiting (for approval), approved, withdrawn. `closed`: its copies have been asked to say that it ended.

    Approved by its own writer, it was held until `goes_at`.
    """

    __tablename__ = "alerts"
    __retention__ = DeleteAfter(_KEPT, lambda before: AlertRow.expires_at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    seen: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(200))
    todo: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[str]] = mapped_column(Json)
    areas: Mapped[list[str]] = mapped_column(Json)
    channels: Mapped[list[str]] = mapped_column(Json)
    members: Mapped[int] = mapped_column(default=0, server_default="0")
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    closed: Mapped[bool] = mapped_column(default=False, server_default=false())
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    approved_by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    goes_at: Mapped[datetime | None] = mapped_column(Moment)
    corrections: Mapped[int] = mapped_column(default=0, server_default="0")
    correction: Mapped[str] = mapped_column(Text, default="", server_default="")
    corrected_by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    corrected_at: Mapped[datetime | None] = mapped_column(Moment)


def current(session: Session, now: datetime, most: int) -> Sequence[AlertRow]:
    """Those that wait or count, the newest first."""
    open_ = (AlertRow.state.in_((WAITING, APPROVED)), AlertRow.expires_at > now)
    return session.scalars(select(AlertRow).where(*open_).order_by(AlertRow.id.desc()).limit(most)).all()


def naming(session: Session, user: str) -> list[str]:
    """What cards are about: alerts that somebody wrote or approved."""
    theirs = or_(AlertRow.by == user, AlertRow.approved_by == user)
    return [f"alert:{uid}" for uid in session.scalars(select(AlertRow.uid).where(theirs))]


def to_close(session: Session, now: datetime) -> Sequence[AlertRow]:
    found = select(AlertRow).where(AlertRow.expires_at <= now, ~AlertRow.closed)
    return session.scalars(found.order_by(AlertRow.id).with_for_update()).all()
