"""What the tests of jobs share: a programme time, quick timings, waiting, a runner on rows."""

from __future__ import annotations

from typing import Any

from copbot.clock import FixedClock
from copbot.jobs import service
from copbot.jobs.rules import JobTiming
from copbot.jobs.runner import Runner
from copbot.jobs.service import Status
from copbot.jobs.work import Job
from copbot.store import Store
from tests.days import NOON

QUICK = JobTiming(lease=60.0, heartbeat=0.1, tick=0.05, backoff=0.01, progress=0.0)
"""No slow disk outlasts its lease: a lapsed one is another process's to take, which only some tests mean."""


def runner(store: Store, *jobs: Job, **more: Any) -> Runner:
    options = {"timing": QUICK, **more}
    return Runner(store, jobs, None, FixedClock(NOON), None, **options)


def ask(store: Store, name: str, key: str, **args: Any) -> int | None:
    with store.writing() as session:
        return service.enqueue(session, name, key=key, args=args, now=NOON)


def only(store: Store) -> Status:
    """The one job there is."""
    with store.reading() as session:
        [found] = service.status(session)
    return found


def all_of(store: Store) -> dict[int, str]:
    with store.reading() as session:
        return {status.id: status.state for status in service.status(session, limit=100)}
