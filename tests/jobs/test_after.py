"""A job that is asked for by the good end of another."""

from __future__ import annotations

import pytest

from copbot.jobs import service, tables
from copbot.jobs.work import CutOff, Job, Work
from copbot.store import Store, machine_now
from tests.jobs.kit import ask, runner


def names(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(status.name, status.state) for status in reversed(service.status(session))]


def fine(work: Work) -> None:
    """Nothing to do, and it goes well."""


@pytest.mark.both_databases
def test_a_good_end_asks_for_what_follows_once(store: Store) -> None:
    ask(store, "read", "read:1")
    running = runner(store, Job("read", fine), Job("tell", fine, after="read"), Job("other", fine))
    while running.turn():
        pass
    assert names(store) == [("read", "done"), ("tell", "done")]


def test_every_good_end_asks_anew(store: Store) -> None:
    running = runner(store, Job("read", fine), Job("tell", fine, after="read"))
    for n in (1, 2):
        ask(store, "read", f"read:{n}")
        while running.turn():
            pass
    assert names(store) == [("read", "done"), ("tell", "done")] * 2


def test_a_failure_or_a_cut_asks_for_nothing(store: Store) -> None:
    ends = iter((ValueError("no"), CutOff()))

    def bad(work: Work) -> None:
        raise next(ends)

    ask(store, "read", "read:1")
    running = runner(store, Job("read", bad), Job("tell", fine, after="read"))
    running.turn()
    assert [name for name, _ in names(store)] == ["read"]


@pytest.mark.both_databases
def test_a_process_that_lost_its_job_asks_for_nothing(store: Store) -> None:
    def lose(work: Work) -> None:
        with store.writing() as session:  # another process took it over meanwhile
            found = tables.ready(session, ["read"], machine_now(session) + 1e6)
            row = tables.locked(session, found or 0)
            assert row is not None
            row.lease_by = "somebody else"

    ask(store, "read", "read:1")
    runner(store, Job("read", lose), Job("tell", fine, after="read")).turn()
    assert [name for name, _ in names(store)] == ["read"]
