"""The sender: threads that make Slack match the rows. Any number of them, in any number of processes, is the same case."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from copbot.clock import Clock
from copbot.delivery import calls, service
from copbot.delivery.files import sending as file_sending
from copbot.delivery.gate import Gate, MaskLine, open_gate
from copbot.delivery.lookup import Slack
from copbot.delivery.readers import READERS
from copbot.delivery.render import Look, Notices
from copbot.delivery.rules import MASKED, METHODS, SHUT_OUT, NextCall, SendTiming, backoff
from copbot.delivery.sending import tables as sending
from copbot.delivery.sending.claims import ClaimContext, ClaimedMessage, claim, idle_for, work_waits
from copbot.delivery.sending.counts import Counts
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
from copbot.delivery.sending.settling import settle
from copbot.delivery.tables import MessageRow
from copbot.errors import Busy
from copbot.program.settings.edits import effective
from copbot.slack.answers import FileMessage, Message, Nothing
from copbot.slack.errors import NeverConnected, Refused, SlackError, Unsure
from copbot.slack.in_flight import InFlight
from copbot.store import Session, Store, machine_now, new_uid

log = structlog.get_logger("sender")


GIVES_WAY = 0.5
"""Seconds that each step of a message lets answers to people go before it."""


class _Away:
    """How long this process leaves Slack alone after it could not be reached, or was shut out."""

    def __init__(self, unit: float) -> None:
        self._unit = unit
        self._failures = 0
        self._until = 0.0
        self._lock = threading.Lock()

    def seconds(self) -> float:
        return self._until - time.monotonic()

    def failed(self, began: float, *, longest: bool = False) -> None:
        with self._lock:
            if began < self._until:
                return  # another thread met the same failure
            self._failures += 1
            self._until = time.monotonic() + backoff(99 if longest else self._failures, self._unit)

    def well(self) -> None:
        with self._lock:
            self._failures, self._until = 0, 0.0


class Sender:
    """Works the line until it is stopped. `trouble` is Slack's code while the whole app is shut out, else None."""

    def __init__(
        self,
        store: Store,
        gateway: Slack,
        notices: Notices,
        clock: Clock,
        profile: Any,
        *,
        timing: SendTiming | None = None,
        calm: InFlight | None = None,
        gate: Gate | None = None,
        workers: int = 2,
    ) -> None:
        self._store = store
        self._slack = gateway
        self._notices = notices
        self._clock = clock
        self._profile = profile
        self._timing = timing or SendTiming()
        self._calm = calm or InFlight()
        self._gate = gate or open_gate()
        self._work = threading.Event()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name=f"sender-{n + 1}", daemon=True) for n in range(workers)
        ]
        self._away = _Away(self._timing.backoff)
        self._counting = threading.Lock()
        self.counts = Counts()
        self.trouble: str | None = None

    def start(self) -> None:
        self._store.on_commit(self._readers_changed, about=READERS)
        if self._store.is_sqlite:  # the only process: what stands as being sent was cut off by a crash
            with self._store.writing() as session:
                sending.release_all(session)
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Something may be due: the store calls this after every commit."""
        self._work.set()

    def _readers_changed(self) -> None:
        self._gate.stir()
        self.wake()

    def stop(self, within: float = 10.0) -> bool:
        """Finish the calls under way and stop. False when one did not end in time; its row is looked up later."""
        self._stopping.set()
        end = time.monotonic() + within
        while (alive := [t for t in self._threads if t.is_alive()]) and time.monotonic() < end:
            self._work.set()  # again: a thread that was just going to sleep may have missed the first
            alive[0].join(0.05)
        return not alive

    def measures(self) -> dict[str, float]:
        """For the metrics page: what this process did, what could not be delivered, how long the oldest has waited."""
        with self._store.reading() as session:
            now = self._clock.now()
            since, dead = service.oldest_due(session, now=now), service.count_dead(session)
        waited = (now - since).total_seconds() if since else 0.0
        told = {f"messages_{name}": float(number) for name, number in asdict(self.counts).items()}
        return {**told, "messages_undelivered": float(dead), "messages_oldest_due_seconds": waited}

    def turn(self) -> bool:
        """Do the next thing there is to do; False when there is none just now."""
        if self._away.seconds() > 0 or not self._let_in():
            return False
        self._look_over()
        taker = ClaimContext(new_uid(), self._clock.now(), self._timing, self._zone)
        with self._store.reading() as session:
            if not work_waits(session, taker.now):
                return False
        self._calm.wait(GIVES_WAY)
        began = time.monotonic()
        with self._store.writing() as session:
            turn = claim(session, taker)
        if turn is None:
            return False
        self._work.set()  # there may be more, for another thread
        outcome = self._perform(turn, began)
        if outcome is not None:
            self._calm.wait(GIVES_WAY)
            self._count(turn, outcome)
            self._notice_trouble(outcome, began)
            self._record(taker, turn, outcome, began)
            if isinstance(outcome, Changed) and outcome.masked:
                self._gate.stir()  # readers may have changed back, and been looked over, before this was written
        return True

    def _let_in(self) -> bool:
        """While the app is shut out, its token is tried instead of a message; what a message meets is no measure."""
        if self.trouble is None:
            return True
        began = time.monotonic()
        found = self._shut_out()
        if found is None:
            self.trouble = None
            self._away.well()
        else:
            self._notice_trouble(found, began)
            if not isinstance(found, ShutOut):
                self._away.failed(began)
        return found is None

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._calm.wait(GIVES_WAY)
            try:
                if self.turn():
                    continue
                pause = self._pause()
            except Busy:
                pause = self._timing.tick
            except Exception as error:  # noqa: BLE001 - a thread that dies would leave every message unsent
                log.error("sender_failed", error=type(error).__name__)
                pause = self._timing.tick
            if self._work.wait(pause):
                self._work.clear()

    def _pause(self) -> float:
        """How long there is nothing to do for, as far as we know."""
        away = self._away.seconds()
        if away > 0:
            self._stopping.wait(min(away, self._timing.tick))
            return 0.0
        with self._store.reading() as session:
            return idle_for(session, self._clock.now(), self._timing.tick)

    def _perform(self, turn: ClaimedMessage, began: float) -> Outcome | None:
        """Call Slack; what came of it. None: the lease ran out before the call, so it is not ours to make."""
        try:
            match turn.step:
                case NextCall.LOOK:
                    return self._in_time(began, lambda: self._look(turn, began))
                case NextCall.DELETE:
                    return self._in_time(began, lambda: self._delete(turn, ""))
                case _:
                    return self._show(turn, began)
        except Refused as error:
            return self._shut_out() or error if error.code in SHUT_OUT else error
        except SlackError as error:
            return error

    def _shut_out(self) -> ShutOut | SlackError | None:
        """Whether the app itself is shut out; None: it is not, so the refusal was about that one message.

        An error of Slack's: that could not be learned, and nothing else is concluded either.
        """
        try:
            self._slack.call("auth.test", timeout=self._timing.http_timeout)
        except Refused as error:
            return ShutOut(error.code)
        except SlackError as error:
            return error
        return None

    def _look(self, turn: ClaimedMessage, began: float) -> Looked:
        def between() -> None:
            if self._stopping.wait(self._timing.between_pages):
                raise Unsure("stopping", METHODS[NextCall.LOOK])
            left = began + self._timing.lease - time.monotonic()
            with self._store.reading() as session:
                if left <= self._timing.http_timeout or not self._still_ours(session, turn):
                    raise Unsure("lease_over", METHODS[NextCall.LOOK])

        timeout = self._timing.http_timeout
        posts = partial(calls.find_posts, self._slack, turn, timeout, between)
        files = file_sending.find_file(self._store, self._slack, turn)
        return calls.look(self._slack, turn, timeout, files or posts)

    def _in_time(self, began: float, call: Callable[[], Outcome | None]) -> Outcome | None:
        # The process may have been asleep since the claim; then somebody else may hold the destination.
        left = began + self._timing.lease - time.monotonic()
        return call() if left > self._timing.http_timeout else None

    def _show(self, turn: ClaimedMessage, began: float) -> Outcome | None:
        try:
            self._calm.wait(GIVES_WAY)
            with self._store.reading() as session:
                drawn, version = self._draw(session, turn)
                stale = isinstance(drawn, Message) and self._gate.is_stale(session, turn, self._clock.now())
            if stale:
                self._gate.read_first()
            self._calm.wait(GIVES_WAY)
            # In a new session: the first one still sees what stood when it began.
            with self._store.reading() as session:
                if not self._still_ours(session, turn):
                    return Held("read") if stale else None  # the reading took the lease's time
                if isinstance(drawn, Message):
                    drawn = self._gate.let_through(session, turn, drawn, self._clock.now())
        except Busy:
            return Postponed()
        if isinstance(drawn, Broken | Held):
            return drawn
        if isinstance(drawn, Nothing):
            if turn.step is NextCall.POST:
                return Silent(drawn.reason, version)
            return self._in_time(began, lambda: self._delete(turn, drawn.reason or "nothing"))
        return self._in_time(began, lambda: self._put(turn, drawn, version))

    def _put(self, turn: ClaimedMessage, message: Message, version: int) -> Outcome | None:
        if isinstance(message, FileMessage):
            return self._put_file(turn, message, version)
        if turn.step is NextCall.UPDATE:
            if isinstance(message, MaskLine):
                stands = calls.withdraw(self._slack, turn, message, self._timing.http_timeout)
                return Changed(version, masked=True) if stands else Removed(MASKED)
            calls.update(self._slack, turn, message, self._timing.http_timeout)
            return Changed(version)
        channel, ts, threaded = calls.post(self._slack, turn, message, self._timing.http_timeout)
        if threaded:
            return Sent(channel, ts, version)
        calls.take_back(self._slack, channel, ts, self._timing.http_timeout)
        return Unthreaded(channel)

    def _put_file(self, turn: ClaimedMessage, message: FileMessage, version: int) -> Outcome | None:
        if turn.step is NextCall.UPDATE:
            return Changed(version)
        send = partial(file_sending.send, self._store, self._slack, turn, message, version)
        return send(
            timeout=self._timing.http_timeout, is_ours=lambda session: self._still_ours(session, turn)
        )

    def _look_over(self) -> None:
        """After a change of readers: what stands where it may not be read is due, and what waited for them."""
        if not self._gate.is_stirred():
            return
        try:
            with self._store.reading() as session:
                found = self._gate.due(session, self._clock.now())
            if found is not None:
                with self._store.writing() as session:
                    self._gate.redraw(session, found, self._clock.now())
        except Busy:
            self._gate.stir()
            raise

    def _delete(self, turn: ClaimedMessage, reason: str) -> Outcome:
        calls.delete(self._slack, turn.channel, str(turn.ts), self._timing.http_timeout)
        return Removed(reason)

    def _draw(self, session: Session, turn: ClaimedMessage) -> tuple[Message | Nothing | Broken | Held, int]:
        """The message as it should be now, with the version it was drawn from."""
        row = session.get(MessageRow, turn.id)
        version = row.version if row is not None else 0
        render = self._notices.get(turn.kind)
        if render is None:
            return Broken("no_renderer", version), version
        try:
            profile, posted = effective(session, self._profile), turn.ts is not None
            look = Look(profile, self._clock.now(), turn.uid, posted, turn.destination)
            return render(session, turn.subject, look), version
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001 - one room's fault must not hold up the others' messages
            log.error("render_failed", kind=turn.kind, message=turn.id, error=type(error).__name__)
            return Broken("render", version), version

    def _zone(self, session: Session) -> tzinfo:
        """The programme's, as it is chosen now."""
        return ZoneInfo(getattr(effective(session, self._profile), "time_zone", "UTC"))

    def _still_ours(self, session: Session, turn: ClaimedMessage) -> bool:
        until = sending.leased(session, turn.destination, turn.by)
        return until is not None and until - machine_now(session) > self._timing.http_timeout

    def _record(self, taker: ClaimContext, turn: ClaimedMessage, outcome: Outcome, began: float) -> None:
        """Write the outcome down. Worth several tries: what is not written must be looked up."""
        taker = ClaimContext(taker.by, self._clock.now(), taker.timing, taker.zone)
        while True:
            try:
                with self._store.writing() as session:
                    settle(session, taker, turn, outcome)
            except Busy:
                if time.monotonic() > began + self._timing.lease:
                    raise
                time.sleep(0.05)
            else:
                return

    def _notice_trouble(self, outcome: Outcome, began: float) -> None:
        if isinstance(outcome, ShutOut):
            self.trouble = outcome.code
            self._away.failed(began, longest=True)
            log.error("sender_shut_out", code=outcome.code)
        elif isinstance(outcome, NeverConnected):
            self._away.failed(began)
            log.warning("slack_unreachable", method=outcome.method)
        elif isinstance(outcome, Sent | Changed | Removed | Looked | Unthreaded):
            self.trouble = None
            self._away.well()

    def _count(self, turn: ClaimedMessage, outcome: Outcome) -> None:
        with self._counting:
            self.counts.add(outcome)
        if isinstance(outcome, SlackError):
            log.info("not_sent", message=turn.id, kind=turn.kind, step=turn.step.value, code=outcome.code)
