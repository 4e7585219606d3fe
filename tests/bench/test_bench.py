"""The bench measures what it says it measures."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from copbot.people.rules import channel_is_told, channel_trouble
from copbot.people.slack_user import is_whole
from copbot.store.failures import BUSY_WORDS
from tests.bench import importing, lists, slack
from tests.bench.acks import PACES, WHATS, Rounds, burst_table, over_budget, paced_table
from tests.bench.figures import Round, a_round, middle, ms, quantile, ratio, table
from tests.bench.running import BARE, COPBOT, running
from tests.bench.slack import Sent
from tests.databases import SqliteFiles


def sent(*seconds: float | None) -> list[Sent]:
    return [Sent(at=10.0, back=None if each is None else 10.0 + each) for each in seconds]


def test_a_quantile_is_a_value_that_was_measured() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile(list(map(float, range(1, 101))), 0.99) == 99.0
    assert quantile([5.0, 7.0], 0.99) == 7.0


def test_a_round_counts_what_was_lost_and_what_was_late() -> None:
    assert a_round(sent(0.001, 0.002, 3.5, None)) == Round(
        p50=pytest.approx(2.0),
        p99=pytest.approx(3500),
        worst=pytest.approx(3500),
        lost=1,
        late=1,
        refused=0,
        count=4,
    )


def test_who_was_told_to_try_again_has_an_answer_and_nothing_saved() -> None:
    busy = Sent(at=10.0, back=12.0, ack={"response_action": "errors", "errors": {"need": BUSY_WORDS}})
    assert a_round([*sent(0.5), busy]).refused == 1


def test_a_round_in_which_everything_was_lost_is_endless() -> None:
    assert a_round(sent(None, None)) == Round(math.inf, math.inf, math.inf, 2, 0, 0, 2)


def test_a_ratio_compares_within_the_rounds() -> None:
    assert ratio([2.0, 40.0, 3.0], [1.0, 20.0, 1.0]) == 2.0
    assert middle([1.0, 9.0, 2.0]) == 2.0


def test_figures_are_written_with_as_many_places_as_they_are_worth() -> None:
    assert [ms(3.14159), ms(99.96), ms(1234.5)] == ["3.1", "100.0", "1,234"]
    assert table(("a", "b"), [("x", "1")]) == "| a | b |\n| --- | ---: |\n| x | 1 |"


def rounds(floor: float, ours: float) -> Rounds:
    where = [*PACES, "100 at once", "500 at once"]
    return {
        (name, what, pace): [Round(p99 / 2, p99, p99 * 3, 0, 0, 0, 100)]
        for name, p99 in ((BARE, floor), (COPBOT, ours))
        for what in WHATS
        for pace in where
    }


def test_what_is_over_the_budget_is_named() -> None:
    assert over_budget(rounds(1.0, 2.0)) == []
    assert over_budget(rounds(1.0, 2.5))[0] == "`/ta`, 1 a second (2.5)"
    assert "**2.5**" in paced_table(rounds(1.0, 2.5))
    assert "| 0 | 0 |" in burst_table(rounds(1.0, 2.5))


def test_a_list_that_takes_a_tenth_of_slacks_patience_is_named() -> None:
    found = {
        "SQLite": {"list": [Round(20, 40, 60, 0, 0, 0, 50)], "list late": [Round(20, 301, 400, 0, 0, 0, 50)]}
    }
    assert lists.over_budget(found) == ["`/ta list late`, SQLite"]
    assert "| `/ta list`, SQLite | 20.0 | 40.0 | 60.0 | 0 |" in lists.lists_table(found)


def test_the_benchs_slack_says_what_decides_who_may_do_what() -> None:
    """Else copbot takes neither the staff channel nor anybody who asks, and nothing is measured."""
    channel = slack._ANSWERS["conversations.info"]["channel"]
    assert channel_is_told(channel)
    assert channel_trouble(channel) == ""
    assert is_whole(slack.user(slack.STAFF[0]), slack.TEAM)


def test_the_floor_saves_one_row_for_each_ack(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"

    async def ask() -> list[Sent]:
        async with running(BARE, f"sqlite:///{path}", tmp_path, warm=False) as app:
            asked = [await app.do(what, number) for number in range(3) for what in WHATS]
            await app.slack.acked(asked, 20.0)
            return asked

    assert a_round(asyncio.run(ask())).lost == 0
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM asked").fetchone() == (6,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_import_is_measured_against_the_bare_insert_of_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = SqliteFiles(tmp_path)
    body = importing.spreadsheet(120)
    row = importing.measured("SQLite", lambda name: files.copy(tmp_path / f"{name}.db"), body)
    assert row.insert > row.first > 0
    assert row.again > 0
    monkeypatch.setattr(importing, "PAGE", tmp_path / "page.md")
    (tmp_path / "page.md").write_text(f"# P\n\n## A\n\n1\n\n{importing.HEADING}\n\nold\n\n## B\n\n2\n")
    importing.keep(importing.section([row], 120))
    page = (tmp_path / "page.md").read_text()
    assert [line for line in page.splitlines() if line.startswith("#")] == [
        "# P",
        "## A",
        importing.HEADING,
        "## B",
    ]
    assert "old" not in page
