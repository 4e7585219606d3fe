"""Answers on their way into the library, whose draft holds their words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, and_, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from copbot.assistance.tables import RequestRow
from copbot.followup.answers.rules import APPROVED, WAITING
from copbot.store import Base, KeepForever, Moment, Session


class SharedAnswerRow(Base):
    """`resource`: the draft's uid in the library, `version`: the draft's as `by` left it. Held until `goes_at`."""

    __tablename__ = "shared_answers"
    __retention__ = KeepForever("goes with its request")

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    resource: Mapped[str] = mapped_column(String(32))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    by: Mapped[str] = mapped_column(String(32))
    approved_by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    goes_at: Mapped[datetime | None] = mapped_column(Moment)


_MAY_BE_SHARED = and_(RequestRow.may_share, ~RequestRow.confidential, RequestRow.delivered_at.is_not(None))


def of_request(session: Session, request_id: int) -> SharedAnswerRow | None:
    return session.scalars(
        select(SharedAnswerRow).where(SharedAnswerRow.request_id == request_id)
    ).one_or_none()


def to_offer(session: Session, since: datetime, before: datetime) -> Sequence[tuple[int, int | None]]:
    """Requests delivered in this stretch that may be shared and have no draft, with their owners."""
    drafted = exists().where(SharedAnswerRow.request_id == RequestRow.id)
    query = select(RequestRow.id, RequestRow.owner_id).where(_MAY_BE_SHARED, ~drafted)
    found = session.execute(query.where(RequestRow.delivered_at >= since, RequestRow.delivered_at < before))
    return [(ident, owner) for ident, owner in found]


def to_settle(session: Session, now: datetime) -> Sequence[int]:
    """Requests whose answer is to be published now, or may not be shared any more."""
    is_due = and_(SharedAnswerRow.state == APPROVED, SharedAnswerRow.goes_at <= now)
    is_open = and_(RequestRow.may_share, ~RequestRow.confidential)
    query = select(RequestRow.id).join(SharedAnswerRow, SharedAnswerRow.request_id == RequestRow.id)
    return session.scalars(query.where(or_(is_due, ~is_open))).all()


def naming(session: Session, user: str) -> Sequence[int]:
    """Requests whose answer somebody wrote or approved."""
    theirs = or_(SharedAnswerRow.by == user, SharedAnswerRow.approved_by == user)
    return session.scalars(select(SharedAnswerRow.request_id).where(theirs)).all()
