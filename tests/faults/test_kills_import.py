"""`kill -9` in the middle of an import: the same command finishes it, and nothing is doubled or half there (inv 2)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from copbot.assistance.tables import RequestRow
from copbot.contacts.tables import ContactRow
from copbot.imports.files import jobs
from copbot.resources.library import service as library
from copbot.resources.search import service as search
from copbot.store import Store
from tests.contract.processes import Running
from tests.faults.kills import said
from tests.people.given import NOW
from tests.resources.given import PROFILE

pytestmark = pytest.mark.rounds

ROWS = 600


def titles(store: Store) -> list[str]:
    found: list[str] = []
    after: int | None = 0
    while after is not None:
        with store.reading() as session:
            page = library.published(session, after)
        found += [resource.title for resource in page.items]
        after = page.next
    return found


def importing(folder: Path, url: str, *more: str) -> Running:
    words = ("import", "list.csv", *(more or ("--publish",)))
    return Running(folder, {"DATABASE_URL": url}, *words, fresh=False)


def count(store: Store) -> int:
    with store.reading() as session:
        return library.count_published(session)


def killed_at(running: Running, counted: Callable[[], int], rows: int) -> None:
    """Kill the import once so many rows are saved."""
    until = time.monotonic() + 60
    while counted() < rows and running.process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    running.process.kill()
    running.ends()


@pytest.mark.both_databases
def test_killed_in_the_middle_the_same_command_finishes_it_and_nothing_is_doubled(
    database_url: str, tmp_path: Path, rounds: int, seed: int
) -> None:
    chance = random.Random(seed)
    store = Store(database_url)
    wanted: list[str] = []
    try:
        for n in range(max(1, rounds // 5)):
            fresh = [f"Round{n} number{row}" for row in range(ROWS)]
            lines = [f"{title},https://example.org/{n}/{row},naloxone" for row, title in enumerate(fresh)]
            (tmp_path / "list.csv").write_text("Title,URL,Topics\n" + "\n".join(lines) + "\n")
            rows = chance.randrange(1, ROWS - 100)
            with said("seed", seed, "round", n + 1, "killed at row", rows):
                before = count(store)
                killed_at(importing(tmp_path, database_url), partial(count, store), before + rows)
                there = count(store) - before
                assert there % jobs.BATCH == 0, "a batch is there as a whole or not at all"
                done = importing(tmp_path, database_url)
                code, out = done.ends(), done.output()
                assert code == 0, out
                assert f"{ROWS:,} taken, 0 refused." in out
                assert f"{ROWS - there:,} new, 0 changed, {there:,} unchanged." in out
                wanted += fresh
                assert sorted(titles(store)) == sorted(wanted)
                with store.reading() as session:
                    hits = search.search(session, f"round{n} number{rows}", profile=PROFILE)
                assert [each.resource.title for each in hits.items][:1] == [f"Round{n} number{rows}"]
    finally:
        store.close()


KINDS: dict[str, tuple[type[RequestRow | ContactRow], str, str]] = {
    "requests": (RequestRow, "Number,Date,Topics,Areas", "naloxone,Dane"),
    "activities": (ContactRow, "Number,Date,Category,Minutes", "Webinar,90"),
}
"""What a kind of file becomes, its first line, and the end of each other line."""


@pytest.mark.parametrize("kind", KINDS)
def test_past_work_that_is_killed_in_the_middle_is_finished_by_the_same_command_and_not_doubled(
    database_url: str, tmp_path: Path, rounds: int, seed: int, kind: str
) -> None:
    chance, (table, first, end), day = random.Random(seed), KINDS[kind], NOW - timedelta(days=1000)
    store = Store(database_url)

    def saved() -> int:
        with store.reading() as session:
            return session.execute(select(func.count()).select_from(table)).scalar_one()

    try:
        for n in range(max(1, rounds // 5)):
            lines = [f"{n}-{row},{day:%Y-%m-%d},{end}" for row in range(ROWS)]
            (tmp_path / "list.csv").write_text("\n".join((first, *lines)) + "\n")
            rows = chance.randrange(1, ROWS - 100)
            with said("seed", seed, "round", n + 1, "killed at row", rows):
                before = saved()
                killed_at(importing(tmp_path, database_url, "--kind", kind), saved, before + rows)
                there = saved() - before
                assert there % jobs.BATCH == 0, "a batch is there as a whole or not at all"
                done = importing(tmp_path, database_url, "--kind", kind)
                code, out = done.ends(), done.output()
                assert code == 0, out
                assert f"{ROWS - there:,} new, 0 changed, {there:,} unchanged." in out, out
                assert saved() == before + ROWS
    finally:
        store.close()
