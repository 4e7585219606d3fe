"""From sending the form to staff's notice in Slack's hands."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.bench.acks import Database
from tests.bench.figures import middle, ms, quantile, table
from tests.bench.running import COPBOT, Running, running
from tests.bench.slack import STAFF_CHANNEL

EVERY = 1.5
"""Seconds between two forms: Slack takes one message a second in a channel, so nothing stands in line."""


async def measure(database: Database, folder: Path, rounds: int, count: int) -> list[list[float]]:
    """By round, milliseconds of each form's way."""
    found = []
    for number in range(rounds):
        async with running(COPBOT, database(f"notices-{number}"), folder) as app:
            await _quiet(app)
            found.append([await _one(app, number) for number in range(count)])
    return found


async def _quiet(app: Running) -> None:
    """Until the notices of the warming-up are out."""
    while True:
        before = len(app.slack.posted)
        await asyncio.sleep(3.0)
        if len(app.slack.posted) == before:
            return


async def _one(app: Running, number: int) -> float:
    word = f"word{number:04d}"
    sent = await app.submission(number, f"A need with {word} in it")

    def there() -> bool:
        return any(each.channel == STAFF_CHANNEL and word in each.body for each in app.slack.posted)

    if not await app.slack.until(there, 20.0):
        raise RuntimeError("no notice came")
    at = next(each.at for each in app.slack.posted if each.channel == STAFF_CHANNEL and word in each.body)
    await asyncio.sleep(max(0.0, EVERY - (at - sent.at)))
    return (at - sent.at) * 1000


def notices_table(found: dict[str, list[list[float]]]) -> str:
    rows = [
        (
            name,
            ms(middle(quantile(times, 0.5) for times in rounds)),
            ms(middle(quantile(times, 0.99) for times in rounds)),
            ms(max(max(times) for times in rounds)),
        )
        for name, rounds in found.items()
    ]
    return table(("submit → notice with Slack", "median", "p99", "worst of all rounds"), rows)
