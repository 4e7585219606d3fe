"""Communities, who is in them, what was wished and counted, and the room's queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    delete,
    false,
    func,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from copbot.communities.rules import CommunityState
from copbot.store import Base, DeleteAfter, Json, KeepForever, Moment, Session, insert_all_once, new_uid

UNDER_WAY = ("asked", "waiting")
"""States of a wish that Slack has not answered."""


class CommunityRow(Base):
    """What is wanted of a community, what was last seen of its channel, and where it stands in its life."""

    __tablename__ = "communities"
    __retention__ = KeepForever("a channel of the workspace")

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(Text, default="", server_default="")
    topics: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    lead: Mapped[str] = mapped_column(String(32), default="", server_default="")
    welcome: Mapped[str] = mapped_column(Text, default="", server_default="")
    rhythm: Mapped[str] = mapped_column(String(200), default="", server_default="")
    digest: Mapped[bool] = mapped_column(default=True, server_default=true())
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(
        String(12), default=CommunityState.ACTIVE, server_default=CommunityState.ACTIVE
    )
    made_at: Mapped[datetime] = mapped_column(Moment)
    # The channel as it was seen last.
    channel: Mapped[str | None] = mapped_column(String(32), unique=True)
    seen_name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    seen_private: Mapped[bool] = mapped_column(default=False, server_default=false())
    bindings: Mapped[int] = mapped_column(default=0, server_default="0")
    trouble: Mapped[str] = mapped_column(String(80), default="", server_default="")
    # Its life.
    last_post_at: Mapped[datetime | None] = mapped_column(Moment)
    quiet_notified_at: Mapped[datetime | None] = mapped_column("quiet_told_at", Moment)
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str] = mapped_column(String(32), default="", server_default="")


class MemberRow(Base):
    """Somebody is in a community's channel, as Slack last said."""

    __tablename__ = "community_members"
    __table_args__ = (UniqueConstraint("community_id", "user"), Index("ix_community_members_user", "user"))
    __retention__ = KeepForever("goes when they leave")

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    user: Mapped[str] = mapped_column(String(32))


class MembershipRequest(Base):
    """Somebody asked to get into a channel, or out of it.

    `state`: asked, waiting (Slack does not answer, and its user was told), done, or refused with Slack's code.
    """

    __tablename__ = "community_wishes"
    __table_args__ = (UniqueConstraint("community_id", "user"),)
    __retention__ = KeepForever("one for each person and community, used again")

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    user: Mapped[str] = mapped_column(String(32))
    wants_in: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    state: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(80), default="", server_default="")
    at: Mapped[datetime] = mapped_column(Moment)


class ProposalRow(Base):
    """A community that somebody proposes. `state`: open, made, declined, or undone after it was made."""

    __tablename__ = "community_proposals"
    __retention__ = KeepForever("who proposed a community, and what was decided")

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    leads_it: Mapped[bool] = mapped_column(default=False, server_default=false())
    by_user: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(12), default="open", server_default="open")
    decided_by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Moment)


class RunRow(Base):
    """One `plan` or `apply`: who asked, and what it found. Ids, codes and channel names, no text of people's."""

    __tablename__ = "community_runs"
    __retention__ = DeleteAfter(timedelta(days=30), lambda before: RunRow.at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    by_user: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(12))
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    of: Mapped[int] = mapped_column(default=0, server_default="0")
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    at: Mapped[datetime] = mapped_column(Moment)


class WeekRow(Base):
    """How much happened in a community in a week: numbers only, nothing about anybody."""

    __tablename__ = "community_weeks"
    __table_args__ = (UniqueConstraint("community_id", "week"),)
    __retention__ = KeepForever("numbers only, for reports")

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    week: Mapped[date] = mapped_column(Date)
    posts: Mapped[int] = mapped_column(default=0, server_default="0")
    reactions: Mapped[int] = mapped_column(default=0, server_default="0")
    answers: Mapped[int] = mapped_column(default=0, server_default="0")


class QuestionRow(Base):
    """A question in a channel that nobody has answered yet: where it stands, not what it says or who asked."""

    __tablename__ = "community_questions"
    __table_args__ = (UniqueConstraint("community_id", "ts"),)
    __retention__ = DeleteAfter(timedelta(days=90), lambda before: QuestionRow.due_at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    ts: Mapped[str] = mapped_column(String(32))
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    notified: Mapped[bool] = mapped_column("told", default=False, server_default=false())
    settled: Mapped[bool] = mapped_column(default=False, server_default=false())


def every_community(session: Session) -> list[CommunityRow]:
    return list(session.scalars(select(CommunityRow).order_by(CommunityRow.name, CommunityRow.id)))


def by_slug(session: Session, slug: str) -> CommunityRow | None:
    return session.scalars(select(CommunityRow).where(CommunityRow.slug == slug)).one_or_none()


def by_channel(session: Session, channel: str) -> CommunityRow | None:
    return session.scalars(select(CommunityRow).where(CommunityRow.channel == channel)).one_or_none()


def communities_of(session: Session, user: str) -> set[int]:
    return set(session.scalars(select(MemberRow.community_id).where(MemberRow.user == user)))


def own_communities(session: Session, user: str, most: int) -> list[CommunityRow]:
    """The open ones that somebody is in, by name."""
    query = select(CommunityRow).join(MemberRow, MemberRow.community_id == CommunityRow.id)
    mine = query.where(MemberRow.user == user, CommunityRow.state != CommunityState.ARCHIVED)
    return list(session.scalars(mine.order_by(CommunityRow.name, CommunityRow.id).limit(most)))


def begun(session: Session) -> tuple[int, int, int]:
    """How many open communities there are, how many of them have a channel, how many proposals wait for staff."""
    is_open = CommunityRow.state != CommunityState.ARCHIVED
    waiting = select(func.count()).select_from(ProposalRow).where(ProposalRow.state == "open")
    found = select(func.count(), func.count(CommunityRow.channel), waiting.scalar_subquery()).where(is_open)
    row = session.execute(found).one()
    return int(row[0]), int(row[1]), int(row[2])


def member_counts(session: Session) -> dict[int, int]:
    query = select(MemberRow.community_id, func.count()).group_by(MemberRow.community_id)
    return {int(row[0]): int(row[1]) for row in session.execute(query)}


def members_of(session: Session, community: int) -> set[str]:
    return set(session.scalars(select(MemberRow.user).where(MemberRow.community_id == community)))


def add_members(session: Session, community: int, users: Collection[str]) -> int:
    """How many of them are new."""
    rows = [{"community_id": community, "user": user} for user in users]
    return insert_all_once(session, MemberRow, rows)


def remove_members(session: Session, community: int, users: Collection[str]) -> None:
    gone = delete(MemberRow).where(MemberRow.community_id == community, MemberRow.user.in_(users))
    if users:
        session.execute(gone)


def remove_everybody(session: Session, community: int) -> None:
    session.execute(delete(MemberRow).where(MemberRow.community_id == community))


def membership_request_of(session: Session, community: int, user: str) -> MembershipRequest | None:
    query = select(MembershipRequest).where(
        MembershipRequest.community_id == community, MembershipRequest.user == user
    )
    return session.scalars(query.with_for_update()).one_or_none()


def wishes_open(
    session: Session, community: int, users: Collection[str], *, wants_in: bool
) -> Sequence[MembershipRequest]:
    """What these people asked for about getting in (or out) and is not settled, locked."""
    if not users:
        return ()
    about = (
        MembershipRequest.community_id == community,
        MembershipRequest.user.in_(users),
        MembershipRequest.wants_in == wants_in,
    )
    query = (
        select(MembershipRequest)
        .where(*about, MembershipRequest.state != "done")
        .order_by(MembershipRequest.id)
    )
    return session.scalars(query.with_for_update()).all()


def wishes_of(session: Session, user: str) -> dict[int, bool]:
    """What somebody asked for that Slack has not answered yet: community and whether they want in."""
    query = select(MembershipRequest.community_id, MembershipRequest.wants_in)
    rows = session.execute(
        query.where(MembershipRequest.user == user, MembershipRequest.state.in_(UNDER_WAY))
    )
    return {int(row[0]): bool(row[1]) for row in rows}


def wishes_since(session: Session, before: datetime) -> list[MembershipRequest]:
    """Wishes that were made before this moment and are still under way, the oldest first."""
    query = select(MembershipRequest).where(
        MembershipRequest.state.in_(UNDER_WAY), MembershipRequest.at <= before
    )
    return list(session.scalars(query.order_by(MembershipRequest.at, MembershipRequest.id)))


def proposal_by_uid(session: Session, uid: str) -> ProposalRow | None:
    return session.scalars(select(ProposalRow).where(ProposalRow.uid == uid)).one_or_none()


def proposal_of(session: Session, community: int) -> ProposalRow | None:
    """The proposal that this community was made of."""
    query = select(ProposalRow).where(ProposalRow.community_id == community)
    return session.scalars(query.order_by(ProposalRow.id.desc()).limit(1)).one_or_none()


def proposals_by(session: Session, user: str) -> Sequence[str]:
    return session.scalars(select(ProposalRow.uid).where(ProposalRow.by_user == user)).all()


def week_row(session: Session, community: int, week: date) -> WeekRow | None:
    query = select(WeekRow).where(WeekRow.community_id == community, WeekRow.week == week)
    return session.scalars(query).one_or_none()


def weeks_since(session: Session, week: date) -> Sequence[WeekRow]:
    return session.scalars(select(WeekRow).where(WeekRow.week >= week)).all()


def questions(session: Session, community: int) -> dict[str, QuestionRow]:
    query = select(QuestionRow).where(QuestionRow.community_id == community)
    return {row.ts: row for row in session.scalars(query)}


def questions_due(session: Session, now: datetime) -> list[QuestionRow]:
    late = (QuestionRow.due_at <= now, ~QuestionRow.notified, ~QuestionRow.settled)
    return list(session.scalars(select(QuestionRow).where(*late).order_by(QuestionRow.id)))


def open_questions(session: Session) -> list[tuple[str, int, str]]:
    """Channel, count and oldest timestamp of the questions without an answer, in open communities; the fullest first."""
    count, oldest = func.count(), func.min(QuestionRow.ts)
    found = (
        select(CommunityRow.channel, count, oldest)
        .join(QuestionRow, QuestionRow.community_id == CommunityRow.id)
        .where(~QuestionRow.settled, CommunityRow.channel.is_not(None))
        .where(CommunityRow.state == CommunityState.ACTIVE, ~CommunityRow.private)
        .group_by(CommunityRow.channel)
    )
    return [
        (str(row[0]), int(row[1]), str(row[2]))
        for row in session.execute(found.order_by(count.desc(), oldest))
    ]


def closing_due(session: Session, now: datetime) -> list[CommunityRow]:
    due = (CommunityRow.state == CommunityState.CLOSING, CommunityRow.closes_at <= now)
    return list(session.scalars(select(CommunityRow).where(*due).order_by(CommunityRow.id)))
