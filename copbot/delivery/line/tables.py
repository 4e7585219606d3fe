"""The queries of the sender: who may go next, leases, and the pace of each method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, false, func, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from copbot.delivery.rules import METHODS, PACES, State, Step, bulk_open_at
from copbot.delivery.tables import URGENT, DestinationRow, MessageRow, MethodRate, Where, change
from copbot.store import Session, insert_once

WITHOUT_TS = (State.DEAD, State.NOTHING, State.GONE)


@dataclass(frozen=True)
class Line:
    """What may go now: the moment in both times, and the methods that must wait."""

    now: datetime
    machine: float
    shut: Mapping[str, float]  # methods paused by Slack, and until when
    full: Mapping[str, float]  # methods whose share for what is not urgent is used up, and until when

    def _open(self, step: Step) -> Where:
        method = METHODS[step]
        if method in self.shut:
            return false()
        return MessageRow.rank == URGENT if method in self.full else true()

    def post(self) -> Where:
        may = self._open(Step.POST)
        paced = func.coalesce(DestinationRow.not_before, 0.0) <= self.machine
        return and_(MessageRow.ts.is_(None), MessageRow.wanted, may, paced, _thread_ready(), ~_held())

    def change(self) -> Where:
        may_update = and_(MessageRow.wanted, self._open(Step.UPDATE))
        may_delete = and_(~MessageRow.wanted, self._open(Step.DELETE))
        return and_(MessageRow.ts.is_not(None), or_(may_update, may_delete))


_Parent = aliased(MessageRow)
_Earlier = aliased(MessageRow)


def _thread_ready() -> Where:
    # A thread whose first message will never come holds nobody back: the reply goes to the channel.
    never = or_(_Parent.state.in_(WITHOUT_TS), ~_Parent.wanted)
    return or_(MessageRow.thread_of.is_(None), _Parent.ts.is_not(None), never)


def _held() -> Where:
    """An earlier post of the same conversation whose outcome is unknown: order says wait."""
    same_thread = func.coalesce(_Earlier.thread_of, 0) == func.coalesce(MessageRow.thread_of, 0)
    before = or_(
        _Earlier.due_at < MessageRow.due_at,
        and_(_Earlier.due_at == MessageRow.due_at, _Earlier.id < MessageRow.id),
    )
    return exists().where(
        _Earlier.destination == MessageRow.destination,
        _Earlier.state.in_((State.UNSURE, State.SENDING)),
        _Earlier.ts.is_(None),
        _Earlier.rank <= MessageRow.rank,
        same_thread,
        before,
    )


def _joined() -> Select[int, str]:
    """Rows with their destination and thread; the caller says which."""
    return (
        select(MessageRow.id, MessageRow.destination)
        .outerjoin(DestinationRow, DestinationRow.name == MessageRow.destination)
        .outerjoin(_Parent, _Parent.id == MessageRow.thread_of)
    )


def candidates(
    session: Session, line: Line, *, at: str | None = None, limit: int = 8
) -> list[tuple[int, str]]:
    """(row, destination) that can be worked on: first what was lost or must be looked up, then the line in order.

    Only free destinations; with `at`, the one named, which the caller holds.
    """
    looks = and_(MessageRow.look_at <= line.machine, MessageRow.state != State.SENDING)
    if METHODS[Step.LOOK] in line.shut:
        looks = false()
    ready = and_(
        MessageRow.state == State.DUE,
        MessageRow.due_at <= line.now,
        MessageRow.wait_until <= line.machine,
        or_(line.post(), line.change()),
    )
    found: list[tuple[int, str]] = []
    for which in (MessageRow.state == State.SENDING, looks, ready):
        free = func.coalesce(DestinationRow.lease_until, 0.0) <= line.machine
        where = free if at is None else MessageRow.destination == at
        order = (MessageRow.rank, MessageRow.due_at, MessageRow.id)
        rows = session.execute(_joined().where(which, where).order_by(*order).limit(limit)).all()
        found += [(row.id, row.destination) for row in rows]
    return found


def waits(session: Session, line: Line, limit: int = 20) -> list[Any]:
    """Of the rows that are due but held up: what holds them. The sender sleeps no longer than that."""
    due = and_(MessageRow.state == State.DUE, MessageRow.due_at <= line.now)
    looking = and_(MessageRow.look_at.is_not(None), MessageRow.state != State.SENDING)
    found: list[Any] = []
    for which, order in ((due, (MessageRow.rank, MessageRow.due_at)), (looking, (MessageRow.look_at,))):
        columns = (
            MessageRow.state,
            MessageRow.wait_until,
            MessageRow.look_at,
            MessageRow.rank,
            MessageRow.ts,
        )
        found += session.execute(
            select(*columns, MessageRow.wanted, DestinationRow.not_before, DestinationRow.lease_until)
            .outerjoin(DestinationRow, DestinationRow.name == MessageRow.destination)
            .where(which)
            .order_by(*order)
            .limit(limit)
        ).all()
    return found


def read_line(session: Session, now: datetime, machine: float) -> Line:
    """The state of all methods, in one read."""
    shut, full = {}, {}
    for rate in session.execute(select(MethodRate)).scalars():
        if rate.paused_until > machine:
            shut[rate.method] = rate.paused_until
        opens = bulk_open_at(rate.free_at, rate.rate, PACES[rate.method].burst)
        if opens > machine:
            full[rate.method] = opens
    return Line(now, machine, shut, full)


def lease(session: Session, name: str, *, by: str, machine: float, until: float) -> bool:
    """Take the destination unless somebody holds it. One statement, so two cannot both get it."""
    dialect = session.get_bind().dialect.name
    make: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    mine = {"lease_by": by, "lease_until": until}
    statement = make(DestinationRow).values(name=name, not_before=0.0, **mine)
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_=mine, where=DestinationRow.lease_until <= machine
    ).returning(DestinationRow.id)
    return session.execute(statement).first() is not None


def leased(session: Session, name: str, by: str) -> float | None:
    """Until when `by` holds the destination (machine seconds); None: it does not (any more)."""
    held = select(DestinationRow.lease_until).where(
        DestinationRow.name == name, DestinationRow.lease_by == by
    )
    return session.execute(held).scalar_one_or_none()


def lock_destination(session: Session, name: str) -> None:
    """Before the message, always: whoever locks both does it in this order."""
    session.execute(select(DestinationRow.id).where(DestinationRow.name == name).with_for_update()).all()


def release(
    session: Session, name: str, by: str, *, not_before: float | None = None, channel: str | None = None
) -> None:
    """Give the destination back; nothing happens when it is somebody else's by now."""
    values: dict[str, Any] = {"lease_until": 0.0, "lease_by": ""}
    if not_before is not None:
        values["not_before"] = not_before
    if channel is not None:
        values["channel"] = channel
    mine = and_(DestinationRow.name == name, DestinationRow.lease_by == by)
    change(session, update(DestinationRow).where(mine).values(values))


def release_all(session: Session) -> int:
    """At the start of the only process: nobody else can be holding anything."""
    return change(
        session, update(DestinationRow).where(DestinationRow.lease_until > 0).values(lease_until=0.0)
    )


def known_channel(session: Session, name: str) -> str | None:
    """The conversation a person's messages have been landing in."""
    return session.execute(
        select(DestinationRow.channel).where(DestinationRow.name == name)
    ).scalar_one_or_none()


def locked(session: Session, ident: int) -> MessageRow | None:
    return session.get(MessageRow, ident, with_for_update=True, populate_existing=True)


def has_replies(session: Session, ident: int) -> bool:
    reply = exists().where(MessageRow.thread_of == ident, MessageRow.ts.is_not(None))
    return bool(session.execute(select(reply)).scalar())


def unasked_sent(session: Session, destination: str, after: datetime) -> list[datetime]:
    """When this person got something they had not asked for; a post of unknown outcome counts."""
    when = func.coalesce(MessageRow.sent_at, MessageRow.since)
    got = and_(MessageRow.destination == destination, MessageRow.unasked, when >= after)
    return list(session.execute(select(when).where(got)).scalars())


def rate_of(session: Session, method: str) -> MethodRate:
    """The method's row, locked."""
    insert_once(session, MethodRate, method=method, rate=PACES[method].rate if method in PACES else 50.0)
    found = select(MethodRate).where(MethodRate.method == method).with_for_update()
    return session.execute(found.execution_options(populate_existing=True)).scalar_one()
