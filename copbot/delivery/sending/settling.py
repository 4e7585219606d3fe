"""A turn ends: what came of the call is written down, and the destination is given back."""

from __future__ import annotations

from copbot.delivery import rules
from copbot.delivery.rules import HELD, METHODS, MessageState, NextCall, Verdict
from copbot.delivery.sending import tables
from copbot.delivery.sending.claims import ClaimContext, ClaimedMessage
from copbot.delivery.sending.outcomes import (
    Broken,
    Changed,
    Held,
    Looked,
    Outcome,
    Postponed,
    Removed,
    Sent,
    ShutOut,
    Silent,
    Unthreaded,
)
from copbot.delivery.tables import BULK, MessageRow, at_place
from copbot.slack.errors import NeverConnected, RateLimited, Refused, SlackError, Unsure
from copbot.store import Session, machine_now


def settle(session: Session, taker: ClaimContext, turn: ClaimedMessage, outcome: Outcome) -> None:
    """Record the outcome. When the lease was lost, only the knowledge that something was posted counts."""
    tables.lock_destination(session, turn.destination)
    held = tables.leased(session, turn.destination, turn.by) is not None
    row = tables.locked(session, turn.id)
    machine = machine_now(session)
    if row is not None and (held or isinstance(outcome, Sent)):
        _Settling(session, taker, turn, row, machine, held=held).write(outcome)
    if not held:
        return
    called = turn.step is NextCall.POST and not isinstance(
        outcome, Silent | Broken | Postponed | Held | NeverConnected
    )
    tables.release(
        session,
        turn.destination,
        turn.by,
        not_before=machine + taker.timing.per_destination if called else None,
        channel=outcome.channel if isinstance(outcome, Sent | Looked) else None,
    )


class _Settling:
    """The row of one turn, and how each outcome changes it."""

    def __init__(
        self,
        session: Session,
        taker: ClaimContext,
        turn: ClaimedMessage,
        row: MessageRow,
        machine: float,
        *,
        held: bool,
    ) -> None:
        self.session = session
        self.taker = taker
        self.turn = turn
        self.row = row
        self.machine = machine
        self.held = held

    def write(self, outcome: Outcome) -> None:
        if isinstance(outcome, SlackError):
            self.failed(outcome)
            return
        match outcome:
            case Sent():
                self.sent(outcome)
            case Changed():
                self.changed(outcome)
            case Removed():
                self.removed(outcome.reason)
            case Silent():
                self.ended(MessageState.NOTHING, outcome.reason, outcome.version)
            case Broken():
                self.ended(MessageState.DEAD, outcome.code, outcome.version)
            case Looked():
                self.looked(outcome)
            case Unthreaded():
                self.unthreaded(outcome.channel)
            case ShutOut() | Postponed() | Held():
                self.not_called(outcome)

    def not_called(self, outcome: ShutOut | Postponed | Held) -> None:
        self.again(wait=not isinstance(outcome, ShutOut))
        if isinstance(outcome, Held) and self.row.state == MessageState.DUE:
            self.row.reason = HELD

    def failed(self, error: SlackError) -> None:
        match error:
            case Refused():
                self.refused(error.code)
            case RateLimited():
                self.limited(error)
            case Unsure():
                self.unsure(error)
            case _:
                self.again()

    def rest(self) -> None:
        row = self.row
        row.state = rules.rest_state(wanted=row.wanted, ts=row.ts, version=row.version, shown=row.shown)
        row.settled_at = self.taker.now
        if row.state == MessageState.DUE:
            row.due_at = max(row.due_at, self.taker.now)
        else:
            self._look_once_more()

    def sent(self, told: Sent) -> None:
        row = self.row
        if row.ts is not None and row.ts != told.ts:  # somebody else thought us dead and posted too
            row.look_at, row.since = 0.0, row.since or self.turn.since
            if self.held:
                self.rest()
            return
        row.channel, row.ts, row.shown, row.masked = told.channel, told.ts, told.version, False
        row.sent_at = row.sent_at or self.taker.now
        row.tries, row.reason = 0, ""
        if row.doubted:
            row.look_at = self.machine + self.taker.timing.recheck_after
        else:
            row.since, row.look_at = None, None
        if self.held or row.state != MessageState.SENDING:
            self.rest()

    def changed(self, told: Changed) -> None:
        row = self.row
        if row.ts == self.turn.ts:
            row.shown, row.masked = max(row.shown, told.version), told.masked
        row.tries, row.reason = 0, ""
        self.rest()

    def removed(self, reason: str) -> None:
        row = self.row
        row.ts, row.shown, row.tries = None, 0, 0
        if row.wanted and reason:
            row.state, row.reason, row.settled_at = MessageState.NOTHING, reason, self.taker.now
        else:
            self.rest()

    def unthreaded(self, channel: str) -> None:
        """The thread's first message is posted anew and this one then goes to it; else it goes to the channel."""
        row, gone = self.row, self.turn.thread_ts or ""
        self._not_attempted()
        first = at_place(self.session, channel, gone, lock=True)
        if first is None or row.tries >= rules.MOST_UNTHREADED:
            row.thread_of, row.thread_ts = None, None
        else:
            first.lost(self.taker.now)
        self._due()

    def ended(self, state: MessageState, reason: str, version: int) -> None:
        """Nothing more to do with this version; a newer one gets its own turn."""
        row = self.row
        self._not_attempted()
        row.tries = 0
        overtaken = not row.wanted or row.version > version
        if overtaken and self.turn.step is not NextCall.DELETE:
            self.rest()
        else:
            row.state, row.reason, row.settled_at = state, reason[:80], self.taker.now
            self._look_once_more()

    def again(self, *, wait: bool = False, seconds: float = 0.0) -> None:
        """Nothing happened in Slack: the row is due as before."""
        row = self.row
        if wait:
            seconds = rules.backoff(row.tries, self.taker.timing.backoff)
        if self.turn.step is NextCall.LOOK:
            return
        self._not_attempted()
        row.wait_until = self.machine + seconds
        row.tries = row.tries if wait else max(row.tries - 1, 0)
        self._due()

    def limited(self, error: RateLimited) -> None:
        method = METHODS[self.turn.step]
        if self.turn.step is not NextCall.LOOK and error.method != method:
            self.again(seconds=error.retry_after)
            return
        rate = tables.rate_of(self.session, method)
        rate.paused_until = max(rate.paused_until, self.machine + error.retry_after)
        start = rules.PACES[method].rate
        if self.row.rank == BULK or rules.keeps_to_rate(rate.rate, start, rate.learned_at, self.machine):
            rate.rate = rules.slower(rate.rate, rate.learned_at, self.machine)
        rate.learned_at = self.machine
        self.again()

    def unsure(self, error: Unsure) -> None:
        row, timing = self.row, self.taker.timing
        if self.turn.step is NextCall.LOOK:
            self._look_failed(error)
        elif self.turn.step is NextCall.POST and error.method == METHODS[NextCall.POST]:
            row.state = MessageState.UNSURE
            row.look_at = rules.look_at(row.attempted, row.tries, timing.look_after)
        else:
            self.again(wait=True)

    def refused(self, code: str) -> None:
        row = self.row
        if self.turn.step is NextCall.LOOK:
            self._look_refused(code)
            return
        match rules.verdict(self.turn.step, code, in_thread=self.turn.thread_ts is not None):
            case Verdict.FINE:
                self.removed("")
            case Verdict.ANEW:
                row.ts, row.shown = None, 0
                self._due()
            case Verdict.REPLY:
                row.thread_ts, row.ts, row.shown = row.thread_ts or row.ts, None, 0
                self._due()
            case Verdict.TOP_LEVEL:
                row.thread_of, row.thread_ts = None, None
                self._not_attempted()
                self._due()
            case _:
                self.ended(MessageState.DEAD, code, row.trying)

    def _look_failed(self, error: Unsure) -> None:
        """Looked for again, later each time; an answer that shows nothing is not asked for without end."""
        row = self.row
        row.tries += 1
        if error.code in rules.UNREADABLE and row.tries > rules.MOST_LOOK_STEPS:
            self._look_refused(error.code)
        else:
            row.look_at = rules.look_at(self.machine, row.tries - 1, self.taker.timing.look_after)

    def _look_refused(self, code: str) -> None:
        """We may not look. Rather a message that a person must check than one that comes twice."""
        row = self.row
        row.look_at = None
        if row.state == MessageState.UNSURE:
            row.state, row.reason, row.settled_at = MessageState.DEAD, f"unsure_{code}"[:80], self.taker.now
        else:
            row.since, row.doubted = None, False

    def looked(self, told: Looked) -> None:
        row = self.row
        first_look = not row.doubted
        row.channel, row.look_at = told.channel or row.channel, None
        if told.keep != row.ts:
            row.shown = row.trying if first_look and row.state == MessageState.UNSURE else 0
            row.ts = told.keep
        if row.state == MessageState.UNSURE and not told.found:
            self._absent()
            return
        if row.state == MessageState.UNSURE and not first_look:
            # Several attempts are unaccounted for and one turned up: the others may still come.
            row.look_at = self.machine + self.taker.timing.recheck_after
        else:
            row.since, row.doubted = None, False
        if told.keep is not None:
            row.sent_at, row.tries, row.reason = row.sent_at or self.taker.now, 0, ""
        if told.keep is not None or row.state in (MessageState.UNSURE, MessageState.SHOWN, MessageState.DUE):
            self.rest()

    def _absent(self) -> None:
        """Not there: post it (and look once more later). What is no longer wanted is looked for once more."""
        row = self.row
        row.doubted = True
        if row.wanted:
            row.state = MessageState.DUE
            return
        row.state, row.settled_at = MessageState.GONE, self.taker.now
        self._look_once_more()

    def _look_once_more(self) -> None:
        """At rest with nothing standing: a copy that was lost may still turn up, for a while."""
        row = self.row
        until = row.attempted + self.taker.timing.recheck_after
        if row.doubted and row.ts is None and until > self.machine:
            row.look_at = until

    def _not_attempted(self) -> None:
        # Keep the moment only while an earlier attempt may still turn up.
        if not self.row.doubted and self.turn.step is NextCall.POST:
            self.row.since = None

    def _due(self) -> None:
        """Due as before, or gone if it was taken back meanwhile."""
        row = self.row
        row.state = rules.rest_state(wanted=row.wanted, ts=row.ts, version=row.version, shown=row.shown)
        if row.state != MessageState.DUE:
            self._look_once_more()
