"""Who is expected, and who has come; and the room's queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, select
from sqlalchemy.orm import Mapped, mapped_column

from copbot.joining.rules import NEW, OPEN
from copbot.store import Base, Json, KeepForever, Moment, Session, new_uid


class InvitationRow(Base):
    """Somebody outside who is to be invited. The address goes as soon as it is not needed any more."""

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_email_state", "email", "state"),)
    __retention__ = KeepForever("who asked for whom; the address goes when it is settled")

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    email: Mapped[str] = mapped_column(String(255), default="", server_default="")
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    areas: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    topics: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    state: Mapped[str] = mapped_column(String(12), default=NEW, server_default=NEW)
    asked_by: Mapped[str] = mapped_column(String(32))
    decided_by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    joined_user: Mapped[str] = mapped_column(String(32), default="", server_default="")
    at: Mapped[datetime] = mapped_column(Moment)


class ArrivalRow(Base):
    """Somebody is in the workspace. `was_here`: since before this app, so nobody welcomes them."""

    __tablename__ = "arrivals"
    __retention__ = KeepForever("one welcome for each person")

    id: Mapped[int] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(String(32), unique=True)
    was_here: Mapped[bool] = mapped_column(default=False, server_default=false())
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Moment)


def open_invitation(session: Session, email: str) -> InvitationRow | None:
    """The newest one for this address that is not settled, held."""
    query = select(InvitationRow).where(InvitationRow.email == email, InvitationRow.state.in_(OPEN))
    return session.scalars(query.order_by(InvitationRow.id.desc()).limit(1).with_for_update()).one_or_none()


def any_open(session: Session) -> bool:
    query = select(InvitationRow.id).where(InvitationRow.state.in_(OPEN)).limit(1)
    return session.scalars(query).first() is not None


def arrived(session: Session, users: Collection[str]) -> set[str]:
    return set(session.scalars(select(ArrivalRow.user).where(ArrivalRow.user.in_(users))))


def subjects_about(session: Session, user: str) -> list[str]:
    """What messages about somebody who came are about: their arrival, the invitations that led to it."""
    arrivals = session.scalars(select(ArrivalRow.id).where(ArrivalRow.user == user))
    invitations = session.scalars(select(InvitationRow.uid).where(InvitationRow.joined_user == user))
    return [*(f"arrival:{each}" for each in arrivals), *(f"invitation:{each}" for each in invitations)]
