"""Who has their Home open, and what was last shown in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, and_, false, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from copbot.assistance.tables import ColleagueRow, RequestRow
from copbot.home.rules import Due
from copbot.people.tables import OUTSIDE, PersonRow, StaffRow
from copbot.store import Base, DeleteAfter, Moment, Session, insert_once


class HomeViewRow(Base):
    """A person's Home as it was last published. `hash` is Slack's name for that state, `shown` our digest of it.

    `is_staffs`: it was drawn for somebody of the staff, so there are requests of others in it.
    """

    __tablename__ = "home_views"
    # When somebody of the staff leaves, their Home must be drawn again, however long ago they opened it.
    __retention__ = DeleteAfter(
        timedelta(days=30), lambda before: and_(HomeViewRow.opened_at < before, ~HomeViewRow.is_staffs)
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    opened_at: Mapped[datetime] = mapped_column(Moment, index=True)
    hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    shown: Mapped[str] = mapped_column(String(64), default="", server_default="")
    is_staffs: Mapped[bool] = mapped_column(default=False, server_default=false())


_USERS = select(PersonRow.user).join(HomeViewRow, PersonRow.id == HomeViewRow.person_id)


def keep(
    session: Session,
    person_id: int,
    *,
    hash_: str,
    shown: str,
    is_staffs: bool,
    opened: datetime | None = None,
) -> None:
    """What was just published; `opened` when the person came to it, and it was not only brought up to date."""
    values: dict[str, Any] = {"hash": hash_, "shown": shown, "is_staffs": is_staffs}
    values |= {"opened_at": opened} if opened else {}
    if opened is not None and insert_once(session, HomeViewRow, person_id=person_id, **values) is not None:
        return
    session.execute(update(HomeViewRow).where(HomeViewRow.person_id == person_id).values(**values))


def users_since(session: Session, moment: datetime, due: Due | None = None) -> list[str]:
    """Users who opened their Home since then, the newest first; with `due` those whom it names.

    These are the named, requesters and their colleagues, and all who are or were staff if asked for.
    """
    query = _USERS.where(HomeViewRow.opened_at >= moment).order_by(HomeViewRow.opened_at.desc())
    if due is not None:
        whose = [PersonRow.user.in_(due.users), PersonRow.id.in_(due.persons)]
        if due.requests:
            asked = select(RequestRow.requester_id).where(RequestRow.id.in_(due.requests))
            shared = select(ColleagueRow.person_id).where(ColleagueRow.request_id.in_(due.requests))
            whose += [PersonRow.id.in_(asked), PersonRow.id.in_(shared)]
        if due.staff:
            whose.append(PersonRow.id.in_(select(StaffRow.person_id)))
        query = query.where(or_(*whose))
    return list(session.scalars(query))


def users_no_longer_staff(session: Session) -> list[str]:
    """Users whose Home was drawn for staff, whenever they opened it, and who are not staff any more."""
    outside = (getattr(PersonRow, flag) for flag in OUTSIDE)
    query = _USERS.outerjoin(StaffRow, StaffRow.person_id == PersonRow.id).where(HomeViewRow.is_staffs)
    return list(session.scalars(query.where(or_(StaffRow.active.is_not(True), *outside))))


def view_of(session: Session, user: str) -> HomeViewRow | None:
    query = select(HomeViewRow).join(PersonRow, PersonRow.id == HomeViewRow.person_id)
    return session.scalars(query.where(PersonRow.user == user)).one_or_none()
