"""Who gets a digest of their own, and each one that was put together."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from copbot.communities.tables import CommunityRow, MemberRow
from copbot.digests.editions.tables import SKIPPED, EditionItemRow, EditionRow, channel_members
from copbot.digests.subscriptions.rules import ACTIVE, GONE, PAUSED
from copbot.people.tables import PersonRow
from copbot.store import (
    Base,
    DeleteAfter,
    Json,
    KeepForever,
    Moment,
    Session,
    new_uid,
)

_KEPT = timedelta(days=90)


class SubscriptionRow(Base):
    """A member's choice. `zone` is their own when `next_at`, the next slot, was reckoned."""

    __tablename__ = "digest_subscriptions"
    __table_args__ = (Index("ix_digest_subscriptions_state_next_at", "state", "next_at"),)
    __retention__ = KeepForever("a member's own choice; goes with the person")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), unique=True)
    rhythm: Mapped[str] = mapped_column(String(8), default="weekly", server_default="weekly")
    weekday: Mapped[int] = mapped_column(default=0, server_default="0")
    at: Mapped[str] = mapped_column(String(5), default="09:00", server_default="09:00")
    zone: Mapped[str] = mapped_column(String(64))
    topics: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    areas: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    state: Mapped[str] = mapped_column(String(8), default=ACTIVE, server_default=ACTIVE)
    paused_until: Mapped[datetime | None] = mapped_column(Moment)
    since: Mapped[datetime] = mapped_column(Moment)
    read_until: Mapped[datetime] = mapped_column(Moment)
    next_at: Mapped[datetime] = mapped_column(Moment)


class PersonalRow(Base):
    """One member's digest for one of their weeks or months: there is one."""

    __tablename__ = "digest_personal"
    __table_args__ = (
        UniqueConstraint("subscription_id", "period"),
        Index("ix_digest_personal_slot_at", "slot_at"),
    )
    __retention__ = DeleteAfter(_KEPT, lambda before: PersonalRow.slot_at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("digest_subscriptions.id", ondelete="CASCADE"))
    period: Mapped[str] = mapped_column(String(8))
    slot_at: Mapped[datetime] = mapped_column(Moment)
    items: Mapped[list[Any]] = mapped_column(Json)
    extras: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")


def _of_people_here() -> Select[SubscriptionRow, str]:
    """Active subscriptions with their members' Slack ids; of people who are here."""
    found = select(SubscriptionRow, PersonRow.user).join(PersonRow, PersonRow.id == SubscriptionRow.person_id)
    gone = or_(PersonRow.is_deleted, PersonRow.is_stranger, PersonRow.is_foreign)
    return found.where(SubscriptionRow.state == ACTIVE, ~gone)


def due(session: Session, until: datetime, most: int) -> list[tuple[SubscriptionRow, str]]:
    """Those whose slot comes by then."""
    found = _of_people_here().where(SubscriptionRow.next_at <= until)
    found = found.order_by(SubscriptionRow.next_at, SubscriptionRow.id).limit(most)
    return [(row, user) for row, user in session.execute(found)]


def followers(session: Session, after: int, most: int) -> list[tuple[SubscriptionRow, str]]:
    found = _of_people_here().where(SubscriptionRow.id > after).order_by(SubscriptionRow.id).limit(most)
    return [(row, user) for row, user in session.execute(found)]


def moved(session: Session, most: int) -> list[tuple[SubscriptionRow, str]]:
    """Subscriptions of members whose clock is another one by now, with that zone."""
    found = select(SubscriptionRow, PersonRow.tz).join(PersonRow, PersonRow.id == SubscriptionRow.person_id)
    away = (SubscriptionRow.state == ACTIVE, PersonRow.tz != SubscriptionRow.zone, PersonRow.tz != "")
    return [(row, zone) for row, zone in session.execute(found.where(*away).limit(most))]


def pauses_over(session: Session, now: datetime) -> Sequence[SubscriptionRow]:
    over = (SubscriptionRow.state == PAUSED, SubscriptionRow.paused_until <= now)
    return session.scalars(select(SubscriptionRow).where(*over)).all()


def let_go(session: Session, users: Collection[str] = ()) -> int:
    """No digest any more for these and for whoever's account is deactivated; how many had one."""
    who = select(PersonRow.id).where(or_(PersonRow.is_deleted, PersonRow.user.in_(users)))
    theirs = (SubscriptionRow.state.in_((ACTIVE, PAUSED)), SubscriptionRow.person_id.in_(who))
    gone = update(SubscriptionRow).where(*theirs).values(state=GONE, paused_until=None)
    gone = gone.returning(SubscriptionRow.id)
    return len(session.execute(gone.execution_options(synchronize_session=False)).all())


def personal_since(session: Session, since: datetime, after: int, most: int) -> Sequence[PersonalRow]:
    """Members' digests whose slot was or is after that moment, by id, from the next id on."""
    found = select(PersonalRow).where(PersonalRow.id > after, PersonalRow.slot_at > since)
    return session.scalars(found.order_by(PersonalRow.id).limit(most)).all()


def periods_of(session: Session, *ids: int) -> set[tuple[int, str]]:
    """Subscription and period of each digest there was of these."""
    of = (PersonalRow.subscription_id, PersonalRow.period)
    found = session.execute(select(*of).where(of[0].in_(ids)))
    return {(ident, period) for ident, period in found}


def channels_of(session: Session, users: Set[str]) -> dict[str, set[str]]:
    """The communities' channels that each is in, and those of the program's digest as they were last read."""
    found: dict[str, set[str]] = {}
    for channel, members in channel_members(session):
        for user in users & set(members):
            found.setdefault(user, set()).add(channel)
    rows = (
        select(MemberRow.user, CommunityRow.channel)
        .join(CommunityRow, CommunityRow.id == MemberRow.community_id)
        .where(MemberRow.user.in_(users), CommunityRow.channel.is_not(None))
    )
    for user, place in session.execute(rows):
        found.setdefault(user, set()).add(str(place))
    return found


def in_channels(session: Session, start: datetime, end: datetime) -> dict[str, dict[int, datetime]]:
    """What each channel got, or is about to get, in editions of this stretch of time: each resource, and when last."""
    found: dict[str, dict[int, datetime]] = {}
    rows = (
        select(EditionRow.channels, EditionItemRow.resource_id, EditionRow.due_at)
        .join(EditionItemRow, EditionItemRow.edition_id == EditionRow.id)
        .where(EditionRow.due_at >= start, EditionRow.due_at <= end, EditionRow.state != SKIPPED)
        .where(EditionItemRow.dropped == "")
        .order_by(EditionRow.due_at)
    )
    for channels, resource, at in session.execute(rows):
        for channel in channels:
            found.setdefault(channel, {})[resource] = at
    return found


def counts(session: Session) -> dict[str, int]:
    """How many subscriptions are in each state."""
    rows = session.execute(select(SubscriptionRow.state, func.count()).group_by(SubscriptionRow.state))
    return {str(state): int(number) for state, number in rows}
