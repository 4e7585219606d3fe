"""What stands in forms that were not sent, and queries about where new requests' notices stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, and_, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from copbot.assistance.tables import RequestRow
from copbot.store import Base, DeleteAfter, Json, Moment, Session, insert_once

KEPT_FOR = timedelta(days=7)


class DraftRow(Base):
    """What somebody has chosen in a form they have not sent: never what they typed."""

    __tablename__ = "request_drafts"
    __retention__ = DeleteAfter(KEPT_FOR, lambda before: or_(DraftRow.at < before, _is_sent()))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    # One for each opened form, as the request has it that comes of it.
    form_key: Mapped[str] = mapped_column(String(64))
    choices: Mapped[dict[str, Any]] = mapped_column(Json)


def _is_sent() -> ColumnElement[bool]:
    """They have sent a form since; or this one, when the choice was saved after it."""
    theirs = or_(
        RequestRow.requester_id == DraftRow.person_id, RequestRow.entered_by_id == DraftRow.person_id
    )
    since = and_(theirs, RequestRow.asked_at >= DraftRow.at)
    return exists().where(or_(RequestRow.form_key == DraftRow.form_key, since)).correlate(DraftRow)


_FORGET = delete(DraftRow.__table__).where(DraftRow.__table__.c.person_id == bindparam("person"))


def draft_of(session: Session, person_id: int, now: datetime) -> DraftRow | None:
    where = (DraftRow.person_id == person_id, DraftRow.at >= now - KEPT_FOR, ~_is_sent())
    return session.scalars(select(DraftRow).where(*where)).one_or_none()


def keep_draft(
    session: Session, person_id: int, form_key: str, choices: Mapping[str, Any], now: datetime
) -> None:
    values = {"at": now, "form_key": form_key, "choices": dict(choices)}
    if insert_once(session, DraftRow, person_id=person_id, **values) is None:
        session.execute(update(DraftRow).where(DraftRow.person_id == person_id).values(**values))


def forget_draft(session: Session, person_id: int) -> None:
    session.connection().execute(_FORGET, {"person": person_id})


def ids_without_notice(session: Session, channel: str, states: Sequence[str], most: int) -> list[int]:
    """Requests in these states whose notice does not stand in this channel."""
    elsewhere = or_(RequestRow.staff_channel.is_(None), RequestRow.staff_channel != channel)
    query = select(RequestRow.id).where(RequestRow.state.in_(states), elsewhere, ~RequestRow.confidential)
    return list(session.scalars(query.order_by(RequestRow.id).limit(most)))
