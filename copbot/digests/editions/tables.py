"""Digests to channels and their editions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from copbot.communities.tables import CommunityRow
from copbot.resources.library.rules import PUBLISHED
from copbot.resources.library.tables import ResourceRow
from copbot.store import (
    Base,
    DeleteAfter,
    Json,
    KeepForever,
    Moment,
    Session,
    insert_all_once,
    new_uid,
)

PROGRAM = "program"
SENT, SKIPPED, WAITING, APPROVED = "sent", "skipped", "waiting", "approved"
_SHOWN_FOR = timedelta(days=730)


class DigestRow(Base):
    """A digest to channels: the program's (`owner` is "program") or a community's ("community:7").

    `at` is wall-clock time, "09:00", in the program's zone. Editions whose slot is before `since` do not exist.
    """

    __tablename__ = "digests"
    __retention__ = KeepForever("a setting of leads")

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(40), unique=True)
    rhythm: Mapped[str] = mapped_column(String(8), default="weekly", server_default="weekly")
    weekday: Mapped[int] = mapped_column(default=0, server_default="0")
    at: Mapped[str] = mapped_column(String(5), default="09:00", server_default="09:00")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    since: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(32), default="", server_default="")


class DigestChannelRow(Base):
    """A channel that gets the program's digest because a lead said so. `members`: who was in it when last read."""

    __tablename__ = "digest_channels"
    __table_args__ = (UniqueConstraint("digest_id", "channel"),)
    __retention__ = KeepForever("a setting of leads")

    id: Mapped[int] = mapped_column(primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    members: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")


class EditionRow(Base):
    """A digest's edition for one local week or month: there is one, whatever happens.

    `state`: waiting (for approval), approved (goes out at its slot), sent, skipped. `why` is the reason of a skip.
    """

    __tablename__ = "digest_editions"
    __table_args__ = (
        UniqueConstraint("digest_id", "period"),
        Index("ix_digest_editions_state_slot_at", "state", "slot_at"),
    )
    __retention__ = KeepForever("past editions are read in the library, and reports count them")

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"))
    period: Mapped[str] = mapped_column(String(8))
    slot_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(200), default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    questions: Mapped[int] = mapped_column(default=0, server_default="0")
    held_back: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    channels: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    extras: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    composed_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class EditionItemRow(Base):
    """A resource in an edition: its place, its section, and why it is there."""

    __tablename__ = "digest_items"
    __table_args__ = (UniqueConstraint("edition_id", "resource_id"),)
    __retention__ = KeepForever("goes with its edition")

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("digest_editions.id", ondelete="CASCADE"))
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]
    section: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(200))
    dropped: Mapped[str] = mapped_column(String(32), default="", server_default="")


class ShownRow(Base):
    """A resource that a channel had in a digest. `words` is a digest of what it said then."""

    __tablename__ = "digest_shown"
    __table_args__ = (UniqueConstraint("channel", "resource_id"), Index("ix_digest_shown_at", "at"))
    __retention__ = DeleteAfter(_SHOWN_FOR, lambda before: ShownRow.at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"), index=True)
    edition_id: Mapped[int]
    words: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment)


# -- digests and their channels


def all_digests(session: Session) -> Sequence[DigestRow]:
    return session.scalars(select(DigestRow).order_by(DigestRow.id)).all()


def communities(session: Session, wanted: bool) -> Sequence[CommunityRow]:
    """Communities that have a channel and want their digest, or have switched it off."""
    found = select(CommunityRow).where(CommunityRow.digest == wanted, CommunityRow.channel.is_not(None))
    return session.scalars(found.where(CommunityRow.state == "active").order_by(CommunityRow.id)).all()


def community(session: Session, owner: str) -> CommunityRow | None:
    """The community whose digest this is; None for the program's."""
    ident = owner.removeprefix("community:")
    return session.get(CommunityRow, int(ident)) if ident.isdecimal() else None


def channels_of(session: Session, digest_id: int) -> list[str]:
    rows = select(DigestChannelRow.channel).where(DigestChannelRow.digest_id == digest_id)
    return list(session.scalars(rows.order_by(DigestChannelRow.id)))


def channels_to_read(session: Session) -> list[str]:
    """Channels of the program's digest that are no community's, whose members nobody else knows."""
    known = select(CommunityRow.channel).where(CommunityRow.channel.is_not(None))
    found = select(DigestChannelRow.channel).where(DigestChannelRow.channel.not_in(known))
    return list(session.scalars(found.order_by(DigestChannelRow.id)))


def set_members(session: Session, channel: str, members: Sequence[str]) -> None:
    here = update(DigestChannelRow).where(DigestChannelRow.channel == channel)
    session.execute(here.values(members=list(members)))


def channel_members(session: Session) -> list[tuple[str, list[str]]]:
    """Each such channel with who was in it when it was last read."""
    rows = session.execute(select(DigestChannelRow.channel, DigestChannelRow.members))
    return [(channel, members) for channel, members in rows]


def remove_channel(session: Session, digest_id: int, channel: str) -> bool:
    here = (DigestChannelRow.digest_id == digest_id, DigestChannelRow.channel == channel)
    gone = delete(DigestChannelRow).where(*here).returning(DigestChannelRow.id)
    return bool(session.execute(gone).all())


# -- editions


def periods(session: Session, digest_id: int) -> set[str]:
    """Every period that has an edition."""
    return set(session.scalars(select(EditionRow.period).where(EditionRow.digest_id == digest_id)))


def newest_editions(session: Session, digest_id: int, most: int) -> Sequence[EditionRow]:
    found = select(EditionRow).where(EditionRow.digest_id == digest_id)
    return session.scalars(found.order_by(EditionRow.id.desc()).limit(most)).all()


def sent_editions(session: Session, digests: Collection[int], most: int) -> Sequence[EditionRow]:
    """The last that were sent of these digests, the newest first."""
    found = select(EditionRow).where(EditionRow.digest_id.in_(digests), EditionRow.state == SENT)
    return session.scalars(found.order_by(EditionRow.slot_at.desc(), EditionRow.id.desc()).limit(most)).all()


def to_settle(session: Session, now: datetime) -> Sequence[EditionRow]:
    """Editions whose time has come and that are neither sent nor skipped."""
    found = select(EditionRow).where(EditionRow.state.in_((WAITING, APPROVED)), EditionRow.due_at <= now)
    return session.scalars(found.order_by(EditionRow.id)).all()


def last_with_items(session: Session, digest_id: int) -> datetime | None:
    """When the last edition that was sent was composed."""
    sent = (EditionRow.digest_id == digest_id, EditionRow.state == SENT)
    return session.scalars(select(func.max(EditionRow.composed_at)).where(*sent)).one()


def items(session: Session, edition_id: int) -> Sequence[tuple[EditionItemRow, ResourceRow]]:
    """An edition's items in order, each with its resource as it is now."""
    found = (
        select(EditionItemRow, ResourceRow)
        .join(ResourceRow, ResourceRow.id == EditionItemRow.resource_id)
        .where(EditionItemRow.edition_id == edition_id)
        .order_by(EditionItemRow.place, EditionItemRow.id)
    )
    return [(item, resource) for item, resource in session.execute(found)]


def newest_why(session: Session, resource_uid: str) -> str:
    """Why a resource stands in the newest edition that holds it; empty when none does."""
    found = select(EditionItemRow.why).join(ResourceRow, ResourceRow.id == EditionItemRow.resource_id)
    found = found.where(ResourceRow.uid == resource_uid).order_by(EditionItemRow.id.desc()).limit(1)
    return session.scalars(found).one_or_none() or ""


def of_day(
    session: Session, start: datetime, reasons: Collection[str], *, unsent: bool
) -> list[tuple[str, str]]:
    """(uid, owner of the digest) of editions of the day from `start` on, in order.

    `unsent`: those that were skipped, not by anybody; else those that had something to be sent.
    """
    is_skipped, ours = EditionRow.state == SKIPPED, EditionRow.why.in_(reasons)
    nothing_new = and_(is_skipped, EditionRow.by == "", ~ours)
    which = or_(nothing_new, and_(is_skipped, ours)) if unsent else ~nothing_new
    found = select(EditionRow.uid, DigestRow.owner).join(DigestRow, DigestRow.id == EditionRow.digest_id)
    day = (EditionRow.slot_at >= start, EditionRow.slot_at < start + timedelta(days=1))
    found = found.where(which, *day).order_by(EditionRow.id)
    return [(uid, owner) for uid, owner in session.execute(found)]


def editions_with(session: Session, resources: Collection[int]) -> set[int]:
    """Editions, sent or to be sent, that hold one of these resources."""
    found = select(EditionItemRow.edition_id).join(EditionRow, EditionRow.id == EditionItemRow.edition_id)
    held = EditionItemRow.resource_id.in_(resources)
    return set(session.scalars(found.where(held, EditionRow.state != SKIPPED)))


def beside(session: Session, since: datetime) -> list[tuple[int, dict[str, Any]]]:
    """What stands beside the resources in the editions since then, by edition."""
    found = select(EditionRow.id, EditionRow.extras).where(EditionRow.slot_at > since)
    return [(ident, kept) for ident, kept in session.execute(found.where(EditionRow.state != SKIPPED))]


# -- what may stand in one


_PUBLIC = (ResourceRow.state == PUBLISHED, ~ResourceRow.private)


def candidates(session: Session, since: datetime, now: datetime, most: int) -> Sequence[ResourceRow]:
    """Published resources that are new or changed since then, the newest first; no events."""
    fresh = (ResourceRow.kind != "event", ResourceRow.updated_at > since, ResourceRow.updated_at <= now)
    found = select(ResourceRow).where(*_PUBLIC, *fresh)
    return session.scalars(found.order_by(ResourceRow.updated_at.desc(), ResourceRow.id).limit(most)).all()


def events(session: Session, start: datetime, end: datetime, most: int) -> Sequence[ResourceRow]:
    """Published events that begin in this stretch of time, the first one first."""
    coming = (ResourceRow.kind == "event", ResourceRow.starts_at >= start, ResourceRow.starts_at < end)
    found = select(ResourceRow).where(*_PUBLIC, *coming)
    return session.scalars(found.order_by(ResourceRow.starts_at, ResourceRow.id).limit(most)).all()


def shown(
    session: Session, channels: Collection[str], resources: Collection[int]
) -> dict[tuple[str, int], ShownRow]:
    """What these channels had of these resources."""
    found = select(ShownRow).where(ShownRow.channel.in_(channels), ShownRow.resource_id.in_(resources))
    return {(row.channel, row.resource_id): row for row in session.scalars(found)}


def note_shown(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """A channel has had these now; what it had before is dated anew."""
    known = shown(session, {row["channel"] for row in rows}, {row["resource_id"] for row in rows})
    new = []
    for row in rows:
        old = known.get((row["channel"], row["resource_id"]))
        if old is None:
            new.append(row)
        else:
            old.words, old.at, old.edition_id = row["words"], row["at"], row["edition_id"]
    insert_all_once(session, ShownRow, new)


def titled(session: Session, folded: str, most: int) -> Sequence[tuple[str, str]]:
    """Title and uid of published resources whose folded title holds these letters."""
    held = ResourceRow.title_key.contains(folded, autoescape=True)
    found = select(ResourceRow.title, ResourceRow.uid).where(*_PUBLIC, held)
    return [(title, uid) for title, uid in session.execute(found.order_by(ResourceRow.title).limit(most))]


def changed(session: Session, since: datetime) -> Sequence[int]:
    """Resources that changed in whatever way since then."""
    return session.scalars(select(ResourceRow.id).where(ResourceRow.updated_at > since)).all()
