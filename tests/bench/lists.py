"""How soon staff have the list they asked for, with two thousand requests open."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from copbot.store import Store
from tests.bench.acks import Database
from tests.bench.figures import Round, a_round, middle, ms, table
from tests.bench.payloads import command
from tests.bench.running import COPBOT, Running, running
from tests.bench.slack import STAFF, Sent
from tests.home.given import OPEN_OF_SIX, many_of

OPEN = 2_000
TYPED = ("list", "list late", "list naloxone dane", "list kits drop-in")
BUDGET_MS = 300
"""A tenth of what Slack waits."""

Listed = dict[str, list[Round]]
"""By what was typed, a figure a round."""


async def measure(database: Database, folder: Path, rounds: int, count: int) -> Listed:
    found: Listed = {each: [] for each in TYPED}
    for number in range(rounds):
        url = database(f"lists-{number}")
        async with running(COPBOT, url, folder) as app:
            await asyncio.to_thread(_fill, url)
            for typed in TYPED:
                found[typed].append(a_round([await _one(app, typed, at) for at in range(count)]))
    return found


def _fill(url: str) -> None:
    store = Store(url)
    try:
        with store.writing() as session:
            many_of(session, datetime.now(UTC), OPEN * 6 // OPEN_OF_SIX)
    finally:
        store.close()


async def _one(app: Running, typed: str, number: int) -> Sent:
    sent = await app.slack.send("slash_commands", command(STAFF[number % len(STAFF)], typed))
    await app.slack.acked([sent], 5.0)
    return sent


def lists_table(found: dict[str, Listed]) -> str:
    rows = [
        (
            f"`/ta {typed}`, {name}",
            ms(middle(each.p50 for each in some)),
            ms(middle(each.p99 for each in some)),
            ms(max(each.worst for each in some)),
            str(sum(each.lost + each.late + each.refused for each in some)),
        )
        for name, listed in found.items()
        for typed, some in listed.items()
    ]
    return table(("", "median", "p99", "worst of all rounds", "not in time"), rows)


def over_budget(found: dict[str, Listed]) -> list[str]:
    return [
        f"`/ta {typed}`, {name}"
        for name, listed in found.items()
        for typed, some in listed.items()
        if middle(each.p99 for each in some) > BUDGET_MS
    ]
