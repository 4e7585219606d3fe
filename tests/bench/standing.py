"""What an app costs that only stands there: how soon it listens, and how much memory it holds."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.bench.acks import Database
from tests.bench.figures import middle, table
from tests.bench.running import BARE, COPBOT, Running, running

IDLE = 10.0
COMMANDS = 2_000
AT_ONCE = 20
BUDGET_MB = 120

Standing = dict[str, list[tuple[float, float, float, float]]]
"""By app, per round: seconds to the first answer; megabytes idle, after 2,000 commands, after 4,000."""


async def measure(database: Database, folder: Path, rounds: int) -> Standing:
    found: Standing = {BARE: [], COPBOT: []}
    for number in range(rounds):
        for name in (BARE, COPBOT) if number % 2 else (COPBOT, BARE):
            url = database(f"standing-{name.split()[0]}-{number}")
            async with running(name, url, folder, warm=False) as app:
                first = await app.command(0)
                await app.slack.acked([first], 10.0)
                assert first.back is not None, f"{name} did not answer"
                await asyncio.sleep(IDLE)
                idle = app.megabytes
                after = [await _worked(app) for _ in range(2)]
                found[name].append((first.back - app.started, idle, *after))
    return found


async def _worked(app: Running) -> float:
    for number in range(0, COMMANDS, AT_ONCE):
        some = [await app.command(number + each, "" if each % 4 else "list") for each in range(AT_ONCE)]
        await app.slack.acked(some, 10.0)
    await asyncio.sleep(2.0)
    return app.megabytes


def standing_table(found: Standing) -> str:
    header = ("", "start to first answer, s", "MB idle", "MB after 2,000 commands", "MB after 4,000")
    rows = []
    for name, rounds in found.items():
        start, *megabytes = (middle(column) for column in zip(*rounds, strict=True))
        rows.append((name, f"{start:.2f}", *(f"{each:.0f}" for each in megabytes)))
    return table(header, rows)
