"""Runs jobs: leases one, runs it, keeps the lease alive, writes down how it ended."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from copbot.clock import Clock
from copbot.errors import Busy
from copbot.jobs import rules, service, tables
from copbot.jobs.rules import JobState, JobTiming
from copbot.jobs.tables import JobRow
from copbot.jobs.work import CutOff, Job, Work
from copbot.program.settings.edits import effective
from copbot.slack.errors import SlackError
from copbot.store import Session, Store, machine_now, new_uid

log = structlog.get_logger("jobs")


@dataclass(frozen=True)
class Lane:
    """What one worker may take: these names; `asked`: only what a person asked for."""

    names: frozenset[str]
    asked: bool = False


class Runner:
    """Threads that run jobs until stopped; two of one name never run at the same time.

    What a person asked for goes before what nobody waits for, and never stands behind slow work: one worker takes
    nothing else, one takes nothing slow, and `workers` take anything.
    """

    def __init__(
        self,
        store: Store,
        jobs: Iterable[Job],
        gateway: Any,
        clock: Clock,
        profile: Any,
        *,
        wiring: Any = None,
        timing: JobTiming | None = None,
        workers: int = 2,
    ) -> None:
        self.jobs = tuple(jobs)
        self.clock = clock
        self._by_name = {job.name: job for job in self.jobs}
        self._store = store
        self._gateway = gateway
        self._profile = profile
        self._wiring = wiring
        self._timing = timing or JobTiming()
        self._stopping = threading.Event()
        self._anything = Lane(frozenset(self._by_name))
        quick = frozenset(job.name for job in self.jobs if not job.slow)
        lanes = [Lane(self._anything.names, asked=True), Lane(quick), *[self._anything] * workers]
        self._wakes = [threading.Event() for _ in lanes]
        self._threads = [
            threading.Thread(target=self._run, args=(lane, wake), name=f"jobs-{n + 1}", daemon=True)
            for n, (lane, wake) in enumerate(zip(lanes, self._wakes, strict=True))
        ]

    def start(self) -> None:
        if self._store.is_sqlite:  # the only process: what stands as running was cut off by a crash
            with self._store.writing() as session:
                tables.free_all(session)
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Something may be due: the store calls this after every commit that asks for a job."""
        for each in self._wakes:
            each.set()

    def stop(self, within: float = 10.0) -> bool:
        """Cut running jobs off at their next step and stop; False when one did not end in time."""
        self._stopping.set()
        end = time.monotonic() + within
        while (alive := [t for t in self._threads if t.is_alive()]) and time.monotonic() < end:
            self.wake()  # again: a thread that was just going to sleep may have missed the first
            alive[0].join(0.05)
        return not alive

    def measures(self) -> dict[str, float]:
        """For the metrics page."""
        with self._store.reading() as session:
            found = tables.counted(session)
        return {f"jobs_{state.value}": float(found.get(state, 0)) for state in JobState}

    def time_zone(self, session: Session) -> str:
        """The program's, as it counts now."""
        return "UTC" if self._profile is None else effective(session, self._profile).time_zone

    def turn(self, lane: Lane | None = None) -> bool:
        """Run the next job there is for this lane; False when there is none just now."""
        lane = lane or self._anything
        with self._store.reading() as session:
            machine = machine_now(session)
            if tables.ready(session, lane.names, machine, asked=lane.asked) is None:
                return False
        by = new_uid()
        with self._store.writing() as session:
            row = claim(session, lane, by, self._timing, self.clock)
        if row is None:
            return False
        self.wake()  # there may be more, for another thread
        self._run_one(row, by)
        return True

    def _run(self, lane: Lane, wake: threading.Event) -> None:
        while not self._stopping.is_set():
            try:
                if self.turn(lane):
                    continue
            except Busy:
                pass
            except Exception as error:  # noqa: BLE001 - a thread that dies would leave every job undone
                log.error("runner_failed", error=type(error).__name__)
            wake.wait(self._timing.tick)
            wake.clear()

    def _run_one(self, row: JobRow, by: str) -> None:
        lease = _Lease(self._store, row.id, by, self._timing, self._stopping)
        with lease:
            try:
                result = self._by_name[row.name].run(self._work_for(row, lease))
            except CutOff:
                self._end(row, by, _returned)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong in a job is its own failure
                code = secrets.token_hex(4)
                name, why = type(error).__name__, _refusal(error)
                log.error("job_failed", job=row.name, id=row.id, code=code, error=name, reason=why)
                self._end(row, by, lambda held, now, machine: failed(held, code, now, machine, self._timing))
            else:
                self._end(row, by, lambda held, now, _machine: done(held, result, now), well=True)

    def _work_for(self, row: JobRow, lease: _Lease) -> Work:
        with self._store.reading() as session:
            profile = effective(session, self._profile)
        given = (self._store, self._gateway, self.clock, profile, row.args, lease.progress, self._wiring)
        return Work(*given)

    def _end(self, row: JobRow, by: str, how: Any, *, well: bool = False) -> None:
        """Write the end down, with what follows a good one, unless another process has taken the job over."""
        deadline = time.monotonic() + self._timing.lease
        while True:
            try:
                with self._store.writing() as session:
                    held = tables.locked(session, row.id)
                    if held is not None and held.lease_by == by and held.state == JobState.RUNNING:
                        how(held, self.clock.now(), machine_now(session))
                        if well:
                            self._follow(session, held)
            except Busy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def _follow(self, session: Session, ended: JobRow) -> None:
        for job in self.jobs:
            if job.after == ended.name:
                key = f"{job.name}:after:{ended.id}"
                now, by = self.clock.now(), ended.asked_by
                service.enqueue(session, job.name, key=key, by=by, args=ended.args, now=now)


class _Lease:
    """Kept alive by a thread of its own while the job runs."""

    def __init__(
        self, store: Store, ident: int, by: str, timing: JobTiming, stopping: threading.Event
    ) -> None:
        self._store = store
        self._ident = ident
        self._by = by
        self._timing = timing
        self._stopping = stopping
        self._over = threading.Event()
        self._lost = threading.Event()
        self._told = 0.0
        self._thread = threading.Thread(target=self._renew, name=f"job-{ident}-lease", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def progress(self, n: int, of: int) -> None:
        """Tell how far it is; at most twice a second reaches the database, the end always."""
        if self._lost.is_set() or self._stopping.is_set():
            raise CutOff
        moment = time.monotonic()
        if n < of and moment - self._told < self._timing.progress:
            return
        self._told = moment
        with self._store.writing() as session:
            mine = tables.note_running(session, self._ident, self._by, progress=n, of=of)
        if not mine:
            self._lost.set()
            raise CutOff

    def _renew(self) -> None:
        while not self._over.wait(self._timing.heartbeat):
            try:
                with self._store.writing() as session:
                    until = machine_now(session) + self._timing.lease
                    mine = tables.note_running(session, self._ident, self._by, lease_until=until)
            except Busy:
                continue  # tried again before the lease ends
            if not mine:
                self._lost.set()
                return


def claim(session: Session, lane: Lane, by: str, timing: JobTiming, clock: Clock) -> JobRow | None:
    """Lease the next job. One that was cut off too often has failed, without another run."""
    tables.one_at_a_time(session)
    machine = machine_now(session)
    while (ident := tables.ready(session, lane.names, machine, asked=lane.asked)) is not None:
        row = tables.locked(session, ident)
        assert row is not None  # only a purge deletes jobs, and never these
        if row.state == JobState.RUNNING and not rules.runs_again(row.tries):
            code = secrets.token_hex(4)
            log.error("job_failed", job=row.name, id=row.id, code=code, error="cut_off")
            failed(row, code, clock.now(), machine, timing)
            session.flush()
            continue
        row.state, row.lease_by, row.lease_until = JobState.RUNNING, by, machine + timing.lease
        row.started = row.started or clock.now()
        row.tries += 1
        session.flush()
        return row
    return None


def _refusal(error: Exception) -> str:
    """Slack's own code and method, which tell an administrator what to mend."""
    return f"{error.code}, {error.method}" if isinstance(error, SlackError) else ""


def done(row: JobRow, result: dict[str, Any] | None, now: Any) -> None:
    row.state, row.result, row.finished = JobState.DONE, result, now
    row.error_code, row.lease_until = "", 0.0


def failed(row: JobRow, code: str, now: Any, machine: float, timing: JobTiming) -> None:
    """Due again after a while, or failed for good; either way the code says which line of the log to read."""
    row.error_code, row.lease_until = code, 0.0
    if rules.runs_again(row.tries):
        row.state = JobState.DUE
        row.wait_until = machine + rules.backoff(row.tries, timing.backoff)
    else:
        row.state, row.finished = JobState.FAILED, now


def _returned(row: JobRow, _now: Any, _machine: float) -> None:
    """Cut off by a stop: due again, and it does not count as a try."""
    row.state, row.lease_until, row.tries = JobState.DUE, 0.0, max(row.tries - 1, 0)
