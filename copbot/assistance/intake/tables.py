"""What stands in forms that were not sent, and queries about where new requests' notices stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    String,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from copbot.assistance.rules import HANDED, TRIAGED
from copbot.assistance.tables import EventRow, RequestRow
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


# Asked whenever the form opens. Building the statement would cost more than asking.
_UNSENT = select(DraftRow.choices, DraftRow.at).where(
    DraftRow.person_id == bindparam("person"), DraftRow.at >= bindparam("since"), ~_is_sent()
)


def draft_of(session: Session, person_id: int, now: datetime) -> tuple[Mapping[str, Any], datetime] | None:
    """What they had chosen in the form that they did not send, and when."""
    found = (
        session.connection().execute(_UNSENT, {"person": person_id, "since": now - KEPT_FOR}).one_or_none()
    )
    return None if found is None else (found[0], found[1])


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


CAME_BACK = ("give_back", "release", "reopen")
"""Moves after which nobody has a request any more that somebody had."""


def ids_that_came_back(session: Session) -> list[int]:
    """Requests that came back without an owner, and for which the rules found nobody since."""
    is_last = EventRow.verb.in_((*CAME_BACK, "unrouted"))
    last = select(func.max(EventRow.id)).where(is_last).group_by(EventRow.request_id)
    query = select(RequestRow.id).join(EventRow, EventRow.request_id == RequestRow.id)
    query = query.where(RequestRow.state == TRIAGED, RequestRow.owner_id.is_(None), EventRow.id.in_(last))
    return list(session.scalars(query.where(EventRow.verb.in_(CAME_BACK)).order_by(RequestRow.id)))


def had_by(session: Session, request_id: int) -> set[int]:
    """Whoever has had the request, or has given it back."""
    whom = func.coalesce(EventRow.whom_id, EventRow.person_id)
    where = (EventRow.request_id == request_id, EventRow.verb.in_((*HANDED, "reply")))
    return set(session.scalars(select(whom).where(*where)))
