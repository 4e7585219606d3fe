"""Queries about where new requests' notices stand."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from copbot.assistance.tables import RequestRow
from copbot.store import Session


def ids_without_notice(session: Session, channel: str, states: Sequence[str], most: int) -> list[int]:
    """Requests in these states whose notice does not stand in this channel."""
    elsewhere = or_(RequestRow.staff_channel.is_(None), RequestRow.staff_channel != channel)
    query = select(RequestRow.id).where(RequestRow.state.in_(states), elsewhere, ~RequestRow.confidential)
    return list(session.scalars(query.order_by(RequestRow.id).limit(most)))


def move_notices(session: Session, old: str, new: str) -> None:
    """What stands in the channel with the old id stands in it under its new one."""
    moved = update(RequestRow).where(RequestRow.staff_channel == old).values(staff_channel=new)
    session.execute(moved.execution_options(synchronize_session=False))
