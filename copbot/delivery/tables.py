"""What is stored about a message: ids, never text.

Two kinds of time stand here: `Moment` columns are programme time; float columns are machine
seconds by the database's own clock, so that several machines agree about a lease.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import Delete

from copbot.delivery.rules import CONTENT, HELD, MASKED, QUOTA, UNREACHED, MessageState, rest_state
from copbot.store import (
    Base,
    DeleteAfter,
    KeepForever,
    Moment,
    Session,
    insert_all_once,
    insert_once,
    new_uid,
    note,
)

URGENT, BULK = 0, 1
MESSAGES = "messages"
"""What a transaction notes that brings the sender work."""

Where = ColumnElement[bool]


def _ended_before(moment: datetime) -> Where:
    """It stands nowhere any more, or never did."""
    at_end = MessageRow.state.in_((MessageState.GONE, MessageState.NOTHING, MessageState.DEAD))
    when = func.coalesce(MessageRow.settled_at, MessageRow.due_at)
    return and_(at_end, MessageRow.ts.is_(None), when < moment)


def _stands_since(moment: datetime) -> Where:
    """It stands in Slack as it should, and nothing about it has changed."""
    return and_(MessageRow.state == MessageState.SHOWN, MessageRow.settled_at < moment)


def _was_news(moment: datetime) -> Where:
    """Nobody asked for it, nothing changed it since, and what is said once a month is known by its row until then."""
    at_rest = and_(MessageRow.state == MessageState.SHOWN, MessageRow.look_at.is_(None))
    return and_(MessageRow.unasked, at_rest, MessageRow.settled_at < moment)


def _unused(_moment: datetime) -> Where:
    """Nothing goes there any more."""
    named = exists().where(MessageRow.destination == DestinationRow.name)
    return and_(~named, DestinationRow.lease_until == 0.0)


class MessageRow(Base):
    """One message as it should stand in Slack: ids only, never text."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_line", "state", "rank", "due_at", "id"),
        Index("ix_messages_destination_state", "destination", "state"),
        Index("ix_messages_subject_kind", "subject", "kind"),
        Index("ix_messages_channel_ts", "channel", "ts"),
    )
    __retention__ = (
        DeleteAfter(timedelta(days=30), _ended_before),
        DeleteAfter(timedelta(days=31), _was_news),
        # Longer than any text is kept: until then the message may have to be emptied in Slack.
        DeleteAfter(timedelta(days=400), _stands_since),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    destination: Mapped[str] = mapped_column(String(32))
    thread_of: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    rank: Mapped[int] = mapped_column(default=BULK)
    unasked: Mapped[bool] = mapped_column(default=False)
    wanted: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(12), default=MessageState.DUE)
    reason: Mapped[str] = mapped_column(String(80), default="")
    said_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    # where it stands
    channel: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    shown: Mapped[int] = mapped_column(default=0)
    # instead of its text a line without any: others can read there
    masked: Mapped[bool] = mapped_column(default=False, server_default=false())
    # the attempt that is under way or not yet understood
    trying: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None] = mapped_column(Moment)
    doubted: Mapped[bool] = mapped_column(default=False)
    attempted: Mapped[float] = mapped_column(default=0.0)
    tries: Mapped[int] = mapped_column(default=0)
    wait_until: Mapped[float] = mapped_column(default=0.0)
    look_at: Mapped[float | None] = mapped_column(index=True)

    def lost(self, now: datetime) -> None:
        """It does not stand in Slack any more: what is still wanted is posted anew."""
        self.ts, self.shown = None, 0
        if self.state != MessageState.SENDING:
            self.state = rest_state(wanted=self.wanted, ts=None, version=self.version, shown=0)
            self.due_at = now


class DestinationRow(Base):
    """A channel or person; whoever holds the lease is the only one who sends there."""

    __tablename__ = "destinations"
    __retention__ = DeleteAfter(timedelta(0), _unused)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    channel: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[float] = mapped_column(default=0.0)
    lease_by: Mapped[str] = mapped_column(String(32), default="")
    not_before: Mapped[float] = mapped_column(default=0.0)


class MethodRate(Base):
    """A method of Slack's: paused until, and the rate learned from its refusals."""

    __tablename__ = "method_rates"
    __retention__ = KeepForever("one for each method of Slack")

    id: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(String(60), unique=True)
    paused_until: Mapped[float] = mapped_column(default=0.0)
    rate: Mapped[float]
    free_at: Mapped[float] = mapped_column(default=0.0)
    learned_at: Mapped[float] = mapped_column(default=0.0)


class MessageRefresh(Base):
    """A change that time alone brings: at this moment the message is drawn again."""

    __tablename__ = "message_refreshes"
    __table_args__ = (UniqueConstraint("message_id", "at"),)
    __retention__ = KeepForever("goes when its moment comes, or with its message")

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Moment, index=True)


def change(session: Session, statement: Update | Delete) -> int:
    """Run it; how many rows it touched. Rows already loaded in this session are not refreshed by it."""
    note(session, MESSAGES)
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)


# The queries behind the verbs that rooms call; the sender's own are in `line/tables.py`.


def insert_message(session: Session, values: dict[str, Any]) -> int:
    """A new row, or the one that already stands under this key."""
    note(session, MESSAGES)
    made = insert_once(session, MessageRow, uid=new_uid(), **values)
    if made is not None:
        return made
    return session.execute(select(MessageRow.id).where(MessageRow.key == values["key"])).scalar_one()


def insert_messages(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Those whose keys do not stand yet, in one statement."""
    note(session, MESSAGES)
    insert_all_once(session, MessageRow, [{"uid": new_uid(), **values} for values in rows])


def about(subject: str, kind: str | None = None) -> Where:
    """The rows of a subject, or of one kind of message about it."""
    where = MessageRow.subject == subject
    return where if kind is None else and_(where, MessageRow.kind == kind)


def unreached(channel: str) -> Where:
    """Dead letters of a channel that could not be posted to."""
    codes = [*UNREACHED, *(f"unsure_{code}" for code in UNREACHED)]  # not even looked for
    dead = and_(MessageRow.state == MessageState.DEAD, MessageRow.reason.in_(codes))
    return and_(MessageRow.destination == channel, dead)


def over_quota(kind: str) -> Where:
    """What fell to somebody's quota."""
    fell = and_(MessageRow.state == MessageState.NOTHING, MessageRow.reason == QUOTA)
    return and_(MessageRow.kind == kind, MessageRow.wanted, fell)


def only(ident: int) -> Where:
    return MessageRow.id == ident


_MAY_WAKE = or_(
    MessageRow.state == MessageState.SHOWN,
    and_(MessageRow.state == MessageState.NOTHING, MessageRow.reason != QUOTA),
    and_(MessageRow.state == MessageState.DEAD, MessageRow.reason.in_(CONTENT)),
)
_MAY_STAND = and_(MessageRow.ts.is_(None), MessageRow.since.is_not(None))
"""A copy may stand in Slack that nobody has seen: look before posting."""


def _awake(now: datetime, which: Where) -> dict[Any, Any]:
    unknown = and_(which, _MAY_STAND)
    return {
        MessageRow.state: case(
            (unknown, MessageState.UNSURE), (which, MessageState.DUE), else_=MessageRow.state
        ),
        MessageRow.look_at: case((unknown, 0.0), else_=MessageRow.look_at),
        MessageRow.due_at: case((which, now), else_=MessageRow.due_at),
        MessageRow.reason: case((which, ""), else_=MessageRow.reason),
        MessageRow.tries: case((which, 0), else_=MessageRow.tries),
        MessageRow.wait_until: case((which, 0.0), else_=MessageRow.wait_until),
    }


def new_version(session: Session, where: Where, now: datetime) -> int:
    """One more version of each row that is still wanted; those at rest become due. In one statement."""
    values = {MessageRow.version: MessageRow.version + 1, **_awake(now, _MAY_WAKE)}
    return change(session, update(MessageRow).where(where, MessageRow.wanted).values(values))


def wake(session: Session, where: Where, now: datetime) -> int:
    """Make these rows due again as they are."""
    return change(session, update(MessageRow).where(where).values(_awake(now, true())))


def retract(session: Session, where: Where) -> int:
    """What stands is due to be deleted; what was never sent is gone at once."""
    busy = MessageRow.state.in_((MessageState.SENDING, MessageState.UNSURE))
    after = case(
        (busy, MessageRow.state),
        (_MAY_STAND, MessageState.UNSURE),
        (MessageRow.ts.is_(None), MessageState.GONE),
        else_=MessageState.DUE,
    )
    look_at = case((and_(~busy, _MAY_STAND), 0.0), else_=MessageRow.look_at)
    values = {MessageRow.wanted: False, MessageRow.state: after, MessageRow.look_at: look_at}
    return change(session, update(MessageRow).where(where, MessageRow.wanted).values(values))


def later(session: Session, where: Where, at: datetime) -> int:
    """Note that these rows change at a moment to come; noting it twice is noting it once."""
    rows = session.execute(select(MessageRow.id).where(where, MessageRow.wanted)).scalars().all()
    for ident in rows:
        insert_once(session, MessageRefresh, message_id=ident, at=at)
    return len(rows)


_REFRESHES_DUE = select(exists().where(MessageRefresh.at <= bindparam("now", type_=Moment)))


def refreshes_due(session: Session, now: datetime) -> bool:
    return bool(session.execute(_REFRESHES_DUE, {"now": now}).scalar())


def apply_refreshes(session: Session, now: datetime) -> int:
    """Bump what time has changed."""
    due = delete(MessageRefresh).where(MessageRefresh.at <= now).returning(MessageRefresh.message_id)
    idents = session.execute(due).scalars().all()
    return new_version(session, MessageRow.id.in_(idents), now) if idents else 0


class MessagePlace(NamedTuple):
    """Rows of one kind at one destination that are alike: masked or not, held or not."""

    kind: str
    destination: str
    is_masked: bool
    is_held: bool


_MASKED = or_(MessageRow.masked, MessageRow.reason == MASKED)
_HELD = and_(MessageRow.state == MessageState.DUE, MessageRow.reason == HELD)
_SEEN = or_(MessageRow.ts.is_not(None), MessageRow.since.is_not(None), MessageRow.reason == MASKED)
"""It stands in Slack, or may, or was taken away because of who could read it."""


def places(session: Session, kinds: Sequence[str]) -> list[MessagePlace]:
    """Where messages of these kinds stand or are held."""
    found = select(MessageRow.kind, MessageRow.destination, _MASKED, _HELD).distinct()
    found = found.where(MessageRow.kind.in_(kinds), MessageRow.wanted, or_(_SEEN, _HELD))
    return [
        MessagePlace(kind, to, bool(masked), bool(held)) for kind, to, masked, held in session.execute(found)
    ]


def standing_at(place: MessagePlace) -> Where:
    """What stands of it, or may stand."""
    return and_(_alike(place), _SEEN, _MASKED if place.is_masked else ~_MASKED)


def held_at(place: MessagePlace, *, stands: bool = False) -> Where:
    """What is held of it; with `stands` only what is in Slack already."""
    return and_(_alike(place), _HELD, MessageRow.ts.is_not(None) if stands else true())


def _alike(place: MessagePlace) -> Where:
    return and_(MessageRow.kind == place.kind, MessageRow.destination == place.destination)


def subjects_holding(session: Session, kind: str, ident: str) -> Sequence[str]:
    """What messages of this kind are about, where an id stands in it."""
    where = (MessageRow.kind == kind, MessageRow.wanted, MessageRow.subject.contains(ident, autoescape=True))
    return session.scalars(select(MessageRow.subject).where(*where).distinct()).all()


def standing(session: Session, subject: str, kind: str | None) -> MessageRow | None:
    found = select(MessageRow).where(about(subject, kind), MessageRow.ts.is_not(None))
    return session.execute(found.order_by(MessageRow.id.desc()).limit(1)).scalar_one_or_none()


def at_place(session: Session, channel: str, ts: str, *, lock: bool = False) -> MessageRow | None:
    """The row whose message stands there."""
    here = select(MessageRow).where(MessageRow.channel == channel, MessageRow.ts == ts).limit(1)
    return session.execute(here.with_for_update() if lock else here).scalar_one_or_none()


def add_destination(session: Session, name: str) -> None:
    insert_once(session, DestinationRow, name=name, lease_until=0.0, lease_by="", not_before=0.0)


def dead_rows(session: Session, after: int, limit: int) -> Sequence[MessageRow]:
    found = select(MessageRow).where(MessageRow.state == MessageState.DEAD, MessageRow.id > after)
    return session.execute(found.order_by(MessageRow.id).limit(limit)).scalars().all()


def count_dead(session: Session) -> int:
    return session.scalars(select(func.count()).where(MessageRow.state == MessageState.DEAD)).one()


def dead_about(session: Session, subjects: Collection[str], kind: str | None) -> Sequence[MessageRow]:
    found = select(MessageRow).where(MessageRow.state == MessageState.DEAD, MessageRow.subject.in_(subjects))
    found = found if kind is None else found.where(MessageRow.kind == kind)
    return session.execute(found.order_by(MessageRow.id)).scalars().all()


def oldest_due(session: Session, now: datetime) -> datetime | None:
    waiting = MessageRow.state.in_((MessageState.DUE, MessageState.SENDING, MessageState.UNSURE))
    return session.execute(
        select(func.min(MessageRow.due_at)).where(waiting, MessageRow.due_at <= now)
    ).scalar_one_or_none()


def mark_unverified(session: Session, now: datetime) -> int:
    """After a restore: whatever was not sent by this copy may have been sent since."""
    unsent = and_(MessageRow.ts.is_(None), MessageRow.due_at <= now, MessageRow.state != MessageState.GONE)
    change(session, update(DestinationRow).values(lease_until=0.0))
    asleep = MessageRow.state.in_((MessageState.NOTHING, MessageState.DEAD))
    values = {
        MessageRow.since: func.coalesce(MessageRow.since, MessageRow.said_at),
        MessageRow.state: case((asleep, MessageRow.state), else_=MessageState.UNSURE),
        MessageRow.look_at: case((asleep, MessageRow.look_at), else_=0.0),
    }
    return change(session, update(MessageRow).where(unsent).values(values))
