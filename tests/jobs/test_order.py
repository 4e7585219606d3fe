"""Whose job goes first: a person's before what nobody waits for, and never behind slow work."""

from __future__ import annotations

import threading

import pytest

from copbot.jobs import service
from copbot.jobs.work import Job, Work
from copbot.store import Store
from tests.jobs.kit import NOON, ask, runner
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.both_databases


def ask_as(store: Store, user: str, name: str, key: str) -> None:
    with store.writing() as session:
        service.enqueue(session, name, key=key, by=user, now=NOON)


def test_what_a_person_asked_for_goes_before_what_nobody_waits_for(store: Store) -> None:
    order: list[str] = []

    def run(work: Work) -> None:
        order.append(str(work.args.get("n", "a person's")))

    ask(store, "work", "clock:1", n=1)
    ask(store, "work", "clock:2", n=2)
    ask_as(store, "U1", "work", "click:1")
    running = runner(store, Job("work", run))
    while running.turn():
        pass
    assert order == ["a person's", "1", "2"]


def test_nobody_waits_behind_slow_work_however_much_there_is(store: Store) -> None:
    begun, over = threading.Semaphore(0), threading.Event()

    def long(work: Work) -> None:
        begun.release()
        over.wait(20)

    slow = [Job(f"reread.{n}", long, slow=True) for n in range(4)]
    ran: list[str] = []
    join = Job("join", lambda work: ran.append("join"))
    quick = Job("quick", lambda work: ran.append("quick"))
    running = runner(store, *slow, join, quick)
    store.on_commit(running.wake)
    for job in slow:
        ask(store, job.name, job.name)
    running.start()
    try:
        assert begun.acquire(timeout=PATIENCE)
        ask(store, "quick", "quick:1")
        eventually(lambda: ran == ["quick"])
        ask_as(store, "U1", "join", "join:1")
        eventually(lambda: ran == ["quick", "join"])
        # A person's own slow work, too, does not wait for the clock's.
        ask_as(store, "U1", "reread.3", "click:1")
        assert begun.acquire(timeout=PATIENCE)
    finally:
        over.set()
        assert running.stop()
