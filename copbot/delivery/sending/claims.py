"""A turn begins: take a destination and the row at its head, and commit both before Slack is called.

Every function here runs inside a transaction of the sender's; none of them talks to Slack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from copbot.delivery import rules
from copbot.delivery.rules import METHODS, PACES, MessageState, NextCall, SendTiming
from copbot.delivery.sending import tables
from copbot.delivery.sending.tables import SendCapacity
from copbot.delivery.silences.tables import is_silenced
from copbot.delivery.subject import Subject
from copbot.delivery.tables import BULK, MessageRow, apply_refreshes, refreshes_due
from copbot.store import Session, machine_now


@dataclass(frozen=True)
class ClaimedMessage:
    """One thing to do with Slack, and everything it needs, read under the destination's lease."""

    id: int
    uid: str
    kind: str
    subject: Subject
    destination: str
    step: NextCall
    wanted: bool
    channel: str | None
    ts: str | None
    thread_ts: str | None
    since: datetime | None
    rooted: bool
    by: str


@dataclass(frozen=True)
class ClaimContext:
    """Who claims, and by which rules."""

    by: str
    now: datetime
    timing: SendTiming
    zone: Callable[[Session], tzinfo] = lambda _session: UTC
    """In which a day of somebody's quota begins and ends."""


def work_waits(session: Session, now: datetime) -> bool:
    """Whether a claim would find anything; asked in a read, because an empty claim would still be a commit."""
    line = tables.read_line(session, now, machine_now(session))
    return refreshes_due(session, now) or bool(tables.candidates(session, line, limit=1))


def idle_for(session: Session, now: datetime, longest: float) -> float:
    """Seconds until something that waits may go, at most `longest`."""
    machine = machine_now(session)
    line = tables.read_line(session, now, machine)
    ahead = [_moment(row, line) - machine for row in tables.waits(session, line)]
    return max(0.01, min([longest, *(seconds for seconds in ahead if seconds > 0)]))


def _moment(row: Any, line: SendCapacity) -> float:
    """When the row may go, as far as machine time decides it."""
    leased = row.lease_until or 0.0
    if row.look_at is not None and row.state != MessageState.DUE:
        return float(max(row.look_at, leased, line.shut.get(METHODS[NextCall.LOOK], 0.0)))
    step = NextCall.DELETE if not row.wanted else NextCall.UPDATE if row.ts else NextCall.POST
    paused = line.shut.get(METHODS[step], 0.0)
    full = line.full.get(METHODS[step], 0.0) if row.rank == BULK else 0.0
    paced = (row.not_before or 0.0) if step is NextCall.POST else 0.0
    return float(max(row.wait_until, leased, paused, full, paced))


def claim(session: Session, taker: ClaimContext) -> ClaimedMessage | None:
    """Lease a destination and mark its head as being sent. The caller commits, then calls Slack."""
    if refreshes_due(session, taker.now):
        apply_refreshes(session, taker.now)
    machine = machine_now(session)
    line = tables.read_line(session, taker.now, machine)
    tried: set[str] = set()
    for _, destination in tables.candidates(session, line):
        if destination in tried:
            continue
        tried.add(destination)
        until = machine + taker.timing.lease
        if not tables.lease(session, destination, by=taker.by, machine=machine, until=until):
            continue
        turn = _head(session, taker, line, destination)
        if turn is not None:
            return turn
        tables.release(session, destination, taker.by)
    return None


def _head(
    session: Session, taker: ClaimContext, line: SendCapacity, destination: str
) -> ClaimedMessage | None:
    # Asked again now that the destination is ours: what another process did there meanwhile is seen.
    for ident, _ in tables.candidates(session, line, at=destination, limit=3):
        row = tables.locked(session, ident)
        step = NextCall.NONE if row is None else _step(session, taker, line, row)
        if row is not None and step is not NextCall.NONE:
            return _turn(session, taker, row, step)
    return None


def _step(session: Session, taker: ClaimContext, line: SendCapacity, row: MessageRow) -> NextCall:
    """What this locked row needs now; `NONE` after it was put in order without a call."""
    if row.state == MessageState.SENDING:
        lapse(row, taker.timing)
    if row.look_at is not None and row.look_at <= line.machine:
        return NextCall.NONE if METHODS[NextCall.LOOK] in line.shut else NextCall.LOOK
    if row.state != MessageState.DUE:
        return NextCall.NONE
    step = rules.step_for(wanted=row.wanted, ts=row.ts, version=row.version, shown=row.shown)
    if step is NextCall.NONE:
        row.state = rules.rest_state(wanted=row.wanted, ts=row.ts, version=row.version, shown=row.shown)
        return step
    if step is NextCall.POST and _too_much(session, taker, row):
        row.state, row.reason, row.settled_at = MessageState.NOTHING, rules.QUOTA, taker.now
        return NextCall.NONE
    if not _within_pace(session, line, row, METHODS[step]):
        return NextCall.NONE
    _mark(session, taker, line, row, step)
    return step


def lapse(row: MessageRow, timing: SendTiming) -> None:
    """Whoever was sending this is gone. A post may have arrived; anything else is simply done again."""
    if row.ts is None:
        row.state = MessageState.UNSURE
        row.look_at = rules.look_at(row.attempted, row.tries, timing.look_after)
    else:
        row.state = MessageState.DUE


def _too_much(session: Session, taker: ClaimContext, row: MessageRow) -> bool:
    if not row.unasked or row.sent_at is not None or row.since is not None:
        return False
    if is_silenced(session, row.destination):
        return True
    got = tables.unasked_sent(session, row.destination, taker.now - timedelta(days=8))
    zone = taker.zone(session)
    days = [moment.astimezone(zone).date() for moment in got]
    return rules.over_quota(days, taker.now.astimezone(zone).date())


def _within_pace(session: Session, line: SendCapacity, row: MessageRow, method: str) -> bool:
    """Take a share of the method; what is urgent needs none while Slack takes all of it."""
    spaced, machine = method in line.spaced, line.machine
    if row.rank != BULK and not spaced:
        return True
    rate, pace = tables.rate_of(session, method), PACES[method]
    if rate.paused_until > machine:  # another process was just there
        return False
    if row.rank == BULK and rules.bulk_open_at(rate.free_at, rate.rate, pace.burst) > machine:
        return False
    learned = rules.faster(rate.rate, pace.rate, rate.learned_at, machine)
    if learned != rate.rate:
        rate.rate, rate.learned_at = learned, machine
    if spaced:
        rate.paused_until = machine + rules.spacing(rate.rate)
    if row.rank == BULK:
        rate.free_at = rules.bulk_taken(rate.free_at, rate.rate, machine)
    return True


def _mark(session: Session, taker: ClaimContext, line: SendCapacity, row: MessageRow, step: NextCall) -> None:
    row.state = MessageState.SENDING
    row.attempted = line.machine
    row.tries += 1
    row.trying = row.version
    if step is not NextCall.POST:
        return
    if row.thread_of is not None:
        row.thread_ts = _root(session.get(MessageRow, row.thread_of, populate_existing=True))
    if row.since is None:
        row.since = rules.earliest(taker.now, datetime.fromtimestamp(line.machine, UTC))


def _root(first: MessageRow | None) -> str | None:
    """What a reply must name. A first message that does not stand leaves its replies to the channel."""
    if first is None or not first.wanted or first.ts is None:
        return None
    return first.thread_ts or first.ts


def _turn(session: Session, taker: ClaimContext, row: MessageRow, step: NextCall) -> ClaimedMessage:
    return ClaimedMessage(
        id=row.id,
        uid=row.uid,
        kind=row.kind,
        subject=Subject(row.subject),
        destination=row.destination,
        step=step,
        wanted=row.wanted,
        channel=row.channel
        or (tables.known_channel(session, row.destination) if step is NextCall.LOOK else None),
        ts=row.ts,
        thread_ts=row.thread_ts,
        since=row.since,
        rooted=step is NextCall.LOOK and tables.has_replies(session, row.id),
        by=taker.by,
    )
