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

from copbot.communities.rules import WELCOME, CommunityState
from copbot.communities.values import OpenQuestions, SetupCounts
from copbot.store import (
    Base,
    DeleteAfter,
    Json,
    KeepForever,
    Keeps,
    Moment,
    Session,
    insert_all_once,
    new_uid,
)

UNDER_WAY = ("asked", "waiting")
"""States of a wish that Slack has not answered."""


class CommunityRow(Base):
    """What is wanted of a community, what was last seen of its channel, and where it stands in its life."""

    __tablename__ = "communities"
    __retention__ = KeepForever("a channel of the workspace")
    # Where the pinned welcome stands: forgotten, it would be posted and pinned a second time.
    __keeps__ = Keeps("messages", lambda messages: messages.kind == WELCOME)

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


def every_community(session: Session) -> list[CommunityRow]:
    return list(session.scalars(select(CommunityRow).order_by(CommunityRow.name, CommunityRow.id)))


def communities_of(session: Session, user: str) -> set[int]:
    return set(session.scalars(select(MemberRow.community_id).where(MemberRow.user == user)))


def own_communities(session: Session, user: str, most: int) -> list[CommunityRow]:
    """The open ones that somebody is in, by name."""
    query = select(CommunityRow).join(MemberRow, MemberRow.community_id == CommunityRow.id)
    mine = query.where(MemberRow.user == user, CommunityRow.state != CommunityState.ARCHIVED)
    return list(session.scalars(mine.order_by(CommunityRow.name, CommunityRow.id).limit(most)))


def begun(session: Session) -> SetupCounts:
    """For the set-up: asks the database once."""
    is_open = CommunityRow.state != CommunityState.ARCHIVED
    waiting = select(func.count()).select_from(ProposalRow).where(ProposalRow.state == "open")
    found = select(func.count(), func.count(CommunityRow.channel), waiting.scalar_subquery()).where(is_open)
    return SetupCounts(*session.execute(found).one())


def member_counts(session: Session) -> dict[int, int]:
    query = select(MemberRow.community_id, func.count()).group_by(MemberRow.community_id)
    return {int(row[0]): int(row[1]) for row in session.execute(query)}


def members_of(session: Session, community: int) -> set[str]:
    return set(session.scalars(select(MemberRow.user).where(MemberRow.community_id == community)))


def add_members(session: Session, community: int, users: Collection[str]) -> int:
    """How many of them are new."""
    rows = [{"community_id": community, "user": user} for user in users]
    return insert_all_once(session, MemberRow, rows)


def remove_members(session: Session, community: int, users: Collection[str] | None = None) -> None:
    """These; without `users` everybody."""
    gone = delete(MemberRow).where(MemberRow.community_id == community)
    if users is None or users:
        session.execute(gone if users is None else gone.where(MemberRow.user.in_(users)))


def membership_request_of(session: Session, community: int, user: str) -> MembershipRequest | None:
    about = (MembershipRequest.community_id == community, MembershipRequest.user == user)
    return session.scalars(select(MembershipRequest).where(*about).with_for_update()).one_or_none()


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
        MembershipRequest.state != "done",
    )
    query = select(MembershipRequest).where(*about).order_by(MembershipRequest.id)
    return session.scalars(query.with_for_update()).all()


def wishes_of(session: Session, user: str) -> dict[int, bool]:
    """What somebody asked for that Slack has not answered yet: community and whether they want in."""
    query = select(MembershipRequest.community_id, MembershipRequest.wants_in)
    open_ones = query.where(MembershipRequest.user == user, MembershipRequest.state.in_(UNDER_WAY))
    return {int(row[0]): bool(row[1]) for row in session.execute(open_ones)}


def wishes_since(session: Session, before: datetime) -> list[MembershipRequest]:
    """Wishes that were made before this moment and are still under way, the oldest first."""
    late = (MembershipRequest.state.in_(UNDER_WAY), MembershipRequest.at <= before)
    query = select(MembershipRequest).where(*late).order_by(MembershipRequest.at, MembershipRequest.id)
    return list(session.scalars(query))


def proposal_of(session: Session, community: int) -> ProposalRow | None:
    """The proposal that this community was made of."""
    query = select(ProposalRow).where(ProposalRow.community_id == community)
    return session.scalars(query.order_by(ProposalRow.id.desc()).limit(1)).one_or_none()


def proposals_by(session: Session, user: str) -> Sequence[str]:
    return session.scalars(select(ProposalRow.uid).where(ProposalRow.by_user == user)).all()


def weeks_since(session: Session, week: date) -> Sequence[WeekRow]:
    return session.scalars(select(WeekRow).where(WeekRow.week >= week)).all()


def questions(session: Session, community: int) -> dict[str, QuestionRow]:
    query = select(QuestionRow).where(QuestionRow.community_id == community)
    return {row.ts: row for row in session.scalars(query)}


def questions_due(session: Session, now: datetime) -> list[QuestionRow]:
    late = (QuestionRow.due_at <= now, ~QuestionRow.notified, ~QuestionRow.settled)
    return list(session.scalars(select(QuestionRow).where(*late).order_by(QuestionRow.id)))


def open_questions(session: Session) -> tuple[OpenQuestions, ...]:
    """The channels of open communities in which questions wait for an answer, the fullest first; none of a private one."""
    count, oldest = func.count(), func.min(QuestionRow.ts)
    found = (
        select(CommunityRow.channel, count, oldest)
        .join(QuestionRow, QuestionRow.community_id == CommunityRow.id)
        .where(~QuestionRow.settled, CommunityRow.channel.is_not(None))
        .where(CommunityRow.state == CommunityState.ACTIVE, ~CommunityRow.private)
        .group_by(CommunityRow.channel)
    )
    ordered = found.order_by(count.desc(), oldest)
    return tuple(OpenQuestions(str(row[0]), row[1], row[2]) for row in session.execute(ordered))


def closing_due(session: Session, now: datetime) -> list[CommunityRow]:
    due = (CommunityRow.state == CommunityState.CLOSING, CommunityRow.closes_at <= now)
    return list(session.scalars(select(CommunityRow).where(*due).order_by(CommunityRow.id)))


def newest_news(session: Session, since: datetime, most: int) -> Sequence[NewsRow]:
    found = select(NewsRow).where(NewsRow.at > since, NewsRow.withdrawn_at.is_(None))
    return session.scalars(found.order_by(NewsRow.at.desc(), NewsRow.id.desc()).limit(most)).all()


def news_by_uids(session: Session, uids: Collection[str]) -> Sequence[NewsRow]:
    found = select(NewsRow).where(NewsRow.uid.in_(uids), NewsRow.withdrawn_at.is_(None))
    return session.scalars(found.order_by(NewsRow.at)).all() if uids else ()


def news_withdrawn(session: Session, since: datetime) -> Sequence[str]:
    return session.scalars(select(NewsRow.uid).where(NewsRow.withdrawn_at > since)).all()
