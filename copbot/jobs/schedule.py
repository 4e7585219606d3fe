"""What the clock asks for: each timed job once in its slot, however many processes look at the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from copbot.errors import Busy
from copbot.jobs import service, tables
from copbot.jobs.work import Job
from copbot.store import Session, Store, new_uid

if TYPE_CHECKING:
    from copbot.jobs.runner import Runner


def ask_for_due(
    store: Store, jobs: Iterable[Job], now: datetime, zone: Callable[[Session], str] = lambda _: "UTC"
) -> int:
    """Ask for every timed job whose slot has not been asked for; how many are new.

    Slots missed while nothing ran are not made up for: the job of the current one does their work.
    """
    with store.reading() as session:
        time_zone = zone(session)
        keys = {key: job.name for job in jobs if (key := job.slot(now, time_zone))}
        missing = set(keys) - tables.known_keys(session, keys)
    if not missing:
        return 0
    with store.writing() as session:
        asked = [service.enqueue(session, keys[key], key=key, now=now) for key in sorted(missing)]
    return sum(ident is not None for ident in asked)


def ask_for_rereads(store: Store, jobs: Iterable[Job], now: datetime) -> int:
    """Ask for every job that reads again what events may have been lost about; how many are new.

    One that waits already will read all of it anyway, so a connection that comes and goes asks for no storm.
    """
    names = [job.name for job in jobs if job.rereads]
    with store.writing() as session:
        waiting = tables.waiting(session, names)
        new = [name for name in names if name not in waiting]
        for name in new:
            service.enqueue(session, name, key=f"{name}:missed:{new_uid()}", now=now)
    return len(new)


def look_again_later(body: Callable[[], object]) -> None:
    """Run the body of a scheduled job. While the database cannot be had, the store says so, and once is enough."""
    with suppress(Busy):
        body()


def tick(store: Store, runner: Runner) -> int:
    """The body of the one scheduled job: insert what is due and wake the runner."""
    asked = ask_for_due(store, runner.jobs, runner.clock.now(), runner.time_zone)
    if asked:
        runner.wake()
    return asked
