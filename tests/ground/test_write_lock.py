"""Whose turn it is to write."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from copbot.errors import Busy
from copbot.store import Store, note
from copbot.store.write_lock import PEOPLE_IN_A_ROW, FairWriteLock

pytestmark = pytest.mark.both_databases

SOON = 5.0


@contextmanager
def waiting(turns: FairWriteLock, came: list[str], name: str, *, first: bool) -> Iterator[threading.Thread]:
    """Somebody in line, known to stand there."""
    before = turns.waiting

    def work() -> None:
        assert turns.take(SOON, first=first)
        came.append(name)
        turns.give()

    thread = threading.Thread(target=work)
    thread.start()
    until = time.monotonic() + SOON
    while turns.waiting == before and time.monotonic() < until:
        time.sleep(0.001)
    yield thread
    thread.join(SOON)


def test_the_turn_goes_on_in_the_order_of_coming() -> None:
    turns, came = FairWriteLock(), list[str]()
    assert turns.take(0.0, first=True)
    with (
        waiting(turns, came, "one", first=True),
        waiting(turns, came, "two", first=True),
        waiting(turns, came, "three", first=True),
    ):
        turns.give()
    assert came == ["one", "two", "three"]


def test_people_go_before_work_that_nobody_waits_for() -> None:
    turns, came = FairWriteLock(), list[str]()
    assert turns.take(0.0, first=False)
    with (
        waiting(turns, came, "sender", first=False),
        waiting(turns, came, "job", first=False),
        waiting(turns, came, "person", first=True),
    ):
        turns.give()
    assert came == ["person", "sender", "job"]


def test_in_a_long_rush_the_others_get_on_too() -> None:
    turns, came = FairWriteLock(), list[str]()
    assert turns.take(0.0, first=False)
    with ExitStack() as line:
        line.enter_context(waiting(turns, came, "sender", first=False))
        for _ in range(PEOPLE_IN_A_ROW + 2):
            line.enter_context(waiting(turns, came, "person", first=True))
        turns.give()
    assert came == [*["person"] * PEOPLE_IN_A_ROW, "sender", "person", "person"]


def test_whoever_gives_up_leaves_the_line() -> None:
    turns = FairWriteLock()
    assert turns.take(0.0, first=True)
    assert not turns.take(0.02, first=True)
    assert not turns.take(0.02, first=False)
    assert turns.waiting == 0
    turns.give()
    assert turns.take(0.0, first=False)


def test_a_turn_handed_over_while_giving_up_is_not_lost() -> None:
    """Many who wait just about as long as the turn takes: afterwards it is free, whatever happened."""
    turns = FairWriteLock()

    def work() -> None:
        for _ in range(200):
            if turns.take(0.0005, first=True):
                time.sleep(0.0002)
                turns.give()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60.0)
    assert turns.waiting == 0
    assert turns.take(SOON, first=False)


def test_a_writer_who_cannot_have_the_turn_in_time_is_told_so(sqlite_store: Store) -> None:
    with sqlite_store.writing():
        thread_said: list[type[BaseException]] = []

        def second() -> None:
            with pytest.raises(Busy) as told, sqlite_store.writing(budget=0.05, interactive=True):
                pass
            thread_said.append(told.type)

        thread = threading.Thread(target=second)
        thread.start()
        thread.join(SOON)
    assert thread_said == [Busy]


def test_only_those_are_woken_who_listen_for_what_was_noted(store: Store) -> None:
    woken: list[str] = []
    store.on_commit(lambda: woken.append("always"))
    store.on_commit(lambda: woken.append("messages"), about="messages")
    with store.writing():
        pass
    with store.writing() as session:
        note(session, "jobs")
    assert woken == ["always", "always"]
    with store.writing() as session:
        note(session, "messages")
    assert woken == ["always", "always", "always", "messages"]
