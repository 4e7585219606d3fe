"""The queries of the sender: who may go next, leases, and the pace of each method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    Float,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningInsert

from copbot.delivery.rules import METHODS, PACES, MessageState, NextCall, bulk_open_at, keeps_to_rate
from copbot.delivery.tables import URGENT, DestinationRow, MessageRow, MethodRate, Where, change
from copbot.store import Moment, Session, insert_once

WITHOUT_TS = (MessageState.DEAD, MessageState.NOTHING, MessageState.GONE)


class MethodGate(StrEnum):
    """Who may use a method just now."""

    OPEN = "open"
    URGENT = "urgent"
    SHUT = "shut"


@dataclass(frozen=True)
class SendCapacity:
    """What may go now: the moment in both times, and the methods that must wait."""

    now: datetime
    machine: float
    shut: Mapping[str, float]  # methods paused by Slack, and until when
    full: Mapping[str, float]  # methods whose share for what is not urgent is used up, and until when
    spaced: frozenset[str] = frozenset()  # methods that keep to their learned rate, whatever the call

    def door(self, step: NextCall) -> MethodGate:
        method = METHODS[step]
        if method in self.shut:
            return MethodGate.SHUT
        return MethodGate.URGENT if method in self.full else MethodGate.OPEN


# Statements are built once and told the moment when they run: building one costs several times its running.
_NOW, _MACHINE = bindparam("now", type_=Moment), bindparam("machine", type_=Float)

_THROUGH: dict[MethodGate, Where] = {
    MethodGate.OPEN: true(),
    MethodGate.URGENT: MessageRow.rank == URGENT,
    MethodGate.SHUT: false(),
}


_Parent = aliased(MessageRow)
_Earlier = aliased(MessageRow)
# Built at import, in one thread: two that use an alias for the first time at once get columns of the table itself.
# A thread whose first message will never come holds nobody back: the reply goes to the channel.
_THREAD_READY = or_(
    MessageRow.thread_of.is_(None),
    _Parent.ts.is_not(None),
    _Parent.state.in_(WITHOUT_TS),
    ~_Parent.wanted,
)
# An earlier post about the same subject or in the same thread whose outcome is unknown: order says wait.
_HELD = exists().where(
    _Earlier.destination == MessageRow.destination,
    _Earlier.state.in_((MessageState.UNSURE, MessageState.SENDING)),
    _Earlier.ts.is_(None),
    _Earlier.rank <= MessageRow.rank,
    or_(_Earlier.subject == MessageRow.subject, _Earlier.thread_of == MessageRow.thread_of),
    or_(
        _Earlier.due_at < MessageRow.due_at,
        and_(_Earlier.due_at == MessageRow.due_at, _Earlier.id < MessageRow.id),
    ),
)


def _post(door: MethodGate) -> Where:
    paced = func.coalesce(DestinationRow.not_before, 0.0) <= _MACHINE
    return and_(MessageRow.ts.is_(None), MessageRow.wanted, _THROUGH[door], paced, _THREAD_READY, ~_HELD)


def _change(to_update: MethodGate, to_delete: MethodGate) -> Where:
    may_update = and_(MessageRow.wanted, _THROUGH[to_update])
    may_delete = and_(~MessageRow.wanted, _THROUGH[to_delete])
    return and_(MessageRow.ts.is_not(None), or_(may_update, may_delete))


def _joined() -> Select[int, str]:
    """Rows with their destination and thread; the caller says which."""
    return (
        select(MessageRow.id, MessageRow.destination)
        .outerjoin(DestinationRow, DestinationRow.name == MessageRow.destination)
        .outerjoin(_Parent, _Parent.id == MessageRow.thread_of)
    )


def candidates(
    session: Session, line: SendCapacity, *, at: str | None = None, limit: int = 8
) -> list[tuple[int, str]]:
    """(row, destination) that can be worked on: first what was lost or must be looked up, then the line in order.

    Only free destinations; with `at`, the one named, which the caller holds.
    """
    doors = (
        line.door(NextCall.POST),
        line.door(NextCall.UPDATE),
        line.door(NextCall.DELETE),
        line.door(NextCall.LOOK),
    )
    told = {"now": line.now, "machine": line.machine, "at": at, "most": limit}
    found: list[tuple[int, str]] = []
    for statement in _candidates(*doors, one_place=at is not None):
        found += [(row.id, row.destination) for row in session.execute(statement, told)]
    return found


@cache
def _candidates(
    post: MethodGate, update: MethodGate, delete: MethodGate, look: MethodGate, *, one_place: bool
) -> tuple[Select[int, str], ...]:
    """The three questions, for what is open and what is not."""
    looks = and_(MessageRow.look_at <= _MACHINE, MessageRow.state != MessageState.SENDING)
    ready = and_(
        MessageRow.state == MessageState.DUE,
        MessageRow.due_at <= _NOW,
        MessageRow.wait_until <= _MACHINE,
        or_(_post(post), _change(update, delete)),
    )
    free = func.coalesce(DestinationRow.lease_until, 0.0) <= _MACHINE
    where = MessageRow.destination == bindparam("at") if one_place else free
    order = (MessageRow.rank, MessageRow.due_at, MessageRow.id)
    questions = (
        MessageRow.state == MessageState.SENDING,
        false() if look is MethodGate.SHUT else looks,
        ready,
    )
    most = bindparam("most", type_=Integer)
    return tuple(_joined().where(which, where).order_by(*order).limit(most) for which in questions)


def _waiting(
    which: Where, *order: Any
) -> Select[str, float, float | None, int, str | None, bool, float, float]:
    columns = (MessageRow.state, MessageRow.wait_until, MessageRow.look_at, MessageRow.rank, MessageRow.ts)
    found = select(*columns, MessageRow.wanted, DestinationRow.not_before, DestinationRow.lease_until)
    found = found.outerjoin(DestinationRow, DestinationRow.name == MessageRow.destination)
    return found.where(which).order_by(*order).limit(bindparam("most", type_=Integer))


_WAITS = (
    _waiting(
        and_(MessageRow.state == MessageState.DUE, MessageRow.due_at <= _NOW),
        MessageRow.rank,
        MessageRow.due_at,
    ),
    _waiting(
        and_(MessageRow.look_at.is_not(None), MessageRow.state != MessageState.SENDING), MessageRow.look_at
    ),
)


def waits(session: Session, line: SendCapacity, limit: int = 20) -> list[Any]:
    """Of the rows that are due but held up: what holds them. The sender sleeps no longer than that."""
    told = {"now": line.now, "most": limit}
    return [row for statement in _WAITS for row in session.execute(statement, told)]


_RATES = select(
    MethodRate.method, MethodRate.paused_until, MethodRate.free_at, MethodRate.rate, MethodRate.learned_at
)


def read_line(session: Session, now: datetime, machine: float) -> SendCapacity:
    """The state of all methods, in one read."""
    shut, full, spaced = {}, {}, set()
    for method, paused_until, free_at, rate, learned_at in session.execute(_RATES):
        if paused_until > machine:
            shut[method] = paused_until
        opens = bulk_open_at(free_at, rate, PACES[method].burst)
        if opens > machine:
            full[method] = opens
        if keeps_to_rate(rate, PACES[method].rate, learned_at, machine):
            spaced.add(method)
    return SendCapacity(now, machine, shut, full, frozenset(spaced))


def lease(session: Session, name: str, *, by: str, machine: float, until: float) -> bool:
    """Take the destination unless somebody holds it. One statement, so two cannot both get it."""
    told = {"name": name, "not_before": 0.0, "lease_by": by, "lease_until": until, "machine": machine}
    return session.execute(_leasing(session.get_bind().dialect.name), told).first() is not None


@cache
def _leasing(dialect: str) -> ReturningInsert[int]:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = DestinationRow.__table__.c
    new: dict[str, Any] = {
        name: bindparam(name) for name in ("name", "not_before", "lease_by", "lease_until")
    }
    statement = make(DestinationRow.__table__).values(new)
    taken = {name: statement.excluded[name] for name in ("lease_by", "lease_until")}
    free = columns.lease_until <= _MACHINE
    return statement.on_conflict_do_update(index_elements=["name"], set_=taken, where=free).returning(
        columns.id
    )


_OURS = and_(DestinationRow.name == bindparam("at"), DestinationRow.lease_by == bindparam("who"))
_LEASED = select(DestinationRow.lease_until).where(_OURS)
_LOCKED = select(DestinationRow.id).where(DestinationRow.name == bindparam("at")).with_for_update()


def leased(session: Session, name: str, by: str) -> float | None:
    """Until when `by` holds the destination (machine seconds); None: it does not (any more)."""
    return session.execute(_LEASED, {"at": name, "who": by}).scalar_one_or_none()


def lock_destination(session: Session, name: str) -> None:
    """Before the message, always: whoever locks both does it in this order."""
    session.execute(_LOCKED, {"at": name}).all()


_RELEASED = {"lease_until": 0.0, "lease_by": ""}


def release(
    session: Session, name: str, by: str, *, not_before: float | None = None, channel: str | None = None
) -> None:
    """Give the destination back; nothing happens when it is somebody else's by now."""
    found = {"not_before": not_before, "channel": channel}
    known = {column: value for column, value in found.items() if value is not None}
    session.execute(_releasing(frozenset(known)), {**_RELEASED, **known, "at": name, "who": by})


@cache
def _releasing(columns: frozenset[str]) -> Update:
    new: dict[str, Any] = {name: bindparam(name) for name in (*_RELEASED, *sorted(columns))}
    return update(DestinationRow.__table__).where(_OURS).values(new)


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
