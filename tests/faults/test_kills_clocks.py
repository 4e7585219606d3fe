"""`kill -9` in the middle of a clock run: the next run tells the rest, and nobody hears anything twice (inv 2, 3)."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from copbot.assistance import jobs
from copbot.assistance.tables import EventRow
from copbot.assistance.workflow import service
from copbot.clock import FixedClock
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.jobs.work import Work
from copbot.program.profile import load
from copbot.store import Store
from tests.assistance.desk import Desk, at
from tests.assistance.given import cast, press
from tests.faults.bot import Death, When, processes
from tests.faults.kills import said

pytestmark = pytest.mark.rounds

LATE, QUESTIONS = 25, 3
STEPS = 10
"""So many commits a run has: two looks at what is urgent, three of what is late and the last that finds none, and so on."""


def run(url: str, now: datetime, when: When, n: int) -> None:
    """One run in a process of its own, which kills itself at its n-th commit; 0: never."""
    store = Store(url)
    Death(store.engine).arm("Main", when, n)
    jobs.watch(Work(store, None, FixedClock(now), load(), {}, lambda _n, _of: None))
    store.close()


def runs(url: str, now: datetime, when: When = "before", n: int = 0) -> bool:
    """Whether it came to its end."""
    process = processes.Process(target=run, args=(url, now, when, n))
    process.start()
    process.join(120)
    return process.exitcode == 0


def test_a_clock_run_that_is_killed_goes_on_and_tells_nobody_twice(
    database_url: str, rounds: int, seed: int
) -> None:
    chance = random.Random(seed)
    store = Store(database_url)
    people = cast(store)
    press(store, service.withdraw, people, "kim", 1)
    desk = Desk(store, people)
    killed = 0
    try:
        for n in range(max(1, rounds // 5)):
            week = 7 * n
            for number in range(LATE):
                desk.asks(at(week, 9), f"late-{n}-{number}")
            for number in range(QUESTIONS):
                desk.asks_back(desk.asks(at(week - 6, 8), f"asked-{n}-{number}"), at(week - 6, 9))
            when: When = chance.choice(("before", "after"))
            commit, now = chance.randint(1, STEPS), at(week + 1, 9, 10)
            with said("seed", seed, "round", n + 1, "killed", when, "commit", commit):
                killed += not runs(database_url, now, when, commit)
                assert runs(database_url, now + timedelta(minutes=10))
                once(store, (n + 1) * LATE, (n + 1) * QUESTIONS)
        assert killed
    finally:
        store.close()


def once(store: Store, late: int, nudged: int) -> None:
    """Each lateness is one event, one message to its requester, and one line of one list to the lead."""
    with store.reading() as session:
        events = list(session.scalars(select(EventRow).where(EventRow.verb.in_(("late", "nudge")))))
        rows = list(session.scalars(select(MessageRow)))
    found = [each.request_id for each in events if each.verb == "late"]
    assert len(set(found)) == len(found) == late
    assert len([each for each in events if each.verb == "nudge"]) >= nudged
    told = [row.subject for row in rows if row.kind == "request.told"]
    assert [told.count(f"event:{each.id}") for each in events] == [1] * len(events)
    lists = [Subject(row.subject).detail for row in rows if row.kind == "request.late"]
    assert len(set(lists)) == len(lists)
    assert {each.at.isoformat() for each in events if each.verb == "late"} <= set(lists)
