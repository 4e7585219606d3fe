"""How long people wait for an answer: one a second, fifty a second, and many at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from sqlalchemy import text

from copbot.store import Store
from tests.bench.figures import Round, a_round, middle, ms, ratio, table
from tests.bench.running import BARE, COPBOT, Running, running
from tests.bench.slack import Sent

WHATS = ("command", "submission")
NAMES = {"command": "`/ta`", "submission": "the form, saved"}
PACES = ("1 a second", "50 a second")
BURSTS = (100, 500)
BUDGET = 2.0
"""Times the floor's p99."""

Rounds = dict[tuple[str, str, str], list[Round]]
"""By app, what was done, and pace or burst."""

Database = Callable[[str], str]
"""A fresh database with every table in it, by a name to tell several apart."""


async def measure(database: Database, folder: Path, rounds: int, seconds: int) -> tuple[Rounds, int]:
    """Several rounds, each with fresh processes and databases; and how many saved requests were missing."""
    found: Rounds = {}
    missing = 0
    for number in range(rounds):
        urls = {name: database(f"{name.split()[0]}-{number}") for name in (BARE, COPBOT)}
        async with running(BARE, urls[BARE], folder) as bare, running(COPBOT, urls[COPBOT], folder) as copbot:
            apps = (bare, copbot) if number % 2 else (copbot, bare)
            acked = 10 + await _slowly(found, apps, seconds * 4)
            acked += await _fast(found, apps, seconds)
            for size in BURSTS:
                acked += await _bursts(found, apps, size)
        missing += acked - await asyncio.to_thread(_saved, urls[COPBOT])
        print(f"  round {number + 1} of {rounds}", flush=True)
    return found, missing


async def _slowly(found: Rounds, apps: Sequence[Running], seconds: int) -> int:
    """Each app and each kind once a second, in turn, so that they meet the same disturbances."""
    steps = [(app, what) for what in WHATS for app in apps]
    sent: dict[tuple[str, str], list[Sent]] = {(app.name, what): [] for app, what in steps}

    async def one(number: int) -> None:
        app, what = steps[number % len(steps)]
        sent[app.name, what].append(await app.do(what, number))

    await _paced(one, seconds * len(steps), len(steps))
    return await _settled(found, apps, sent, PACES[0])


async def _fast(found: Rounds, apps: Sequence[Running], seconds: int) -> int:
    """One app after the other, a second at a time."""
    sent: dict[tuple[str, str], list[Sent]] = {(app.name, what): [] for app in apps for what in WHATS}
    for what in WHATS:
        for _ in range(seconds):
            for app in apps:

                async def one(number: int, app: Running = app, what: str = what) -> None:
                    sent[app.name, what].append(await app.do(what, number))

                await _paced(one, 50, 50)
                await app.slack.acked(sent[app.name, what], 10.0)
    return await _settled(found, apps, sent, PACES[1])


async def _bursts(found: Rounds, apps: Sequence[Running], size: int) -> int:
    acked = 0
    for what in WHATS:
        for app in apps:
            sent = {(app.name, what): [await app.do(what, number) for number in range(size)]}
            acked += await _settled(found, [app], sent, _burst(size))
            await asyncio.sleep(0.5)
    return acked


async def _paced(one: Callable[[int], Awaitable[None]], count: int, rate: float) -> None:
    """Call it at even distances, whether or not what it began has ended."""
    start = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
        await one(number)


async def _settled(
    found: Rounds, apps: Sequence[Running], sent: dict[tuple[str, str], list[Sent]], pace: str
) -> int:
    """Wait for the acks and keep the figures; how many requests copbot said it had saved."""
    for app in apps:
        await app.slack.acked(
            [each for (name, _), some in sent.items() if name == app.name for each in some], 30.0
        )
    for (name, what), some in sent.items():
        found.setdefault((name, what, pace), []).append(a_round(some))
    asked = sent.get((COPBOT, "submission"), ())
    return sum(each.back is not None and not each.refused for each in asked)


def _saved(url: str) -> int:
    store = Store(url)
    try:
        with store.reading() as session:
            return int(session.execute(text("SELECT count(*) FROM requests")).scalar_one())
    finally:
        store.close()


def _burst(size: int) -> str:
    return f"{size} at once"


def paced_table(found: Rounds) -> str:
    header = ("", "bare p50", "p99", "copbot p50", "p99", "p50 ratio", "p99 ratio")
    return table(header, [_line(found, what, pace) for what in WHATS for pace in PACES])


def _line(found: Rounds, what: str, pace: str) -> list[str]:
    bare, ours = found[BARE, what, pace], found[COPBOT, what, pace]
    cells = [f"{NAMES[what]}, {pace}"]
    for some in (bare, ours):
        cells += [ms(middle(each.p50 for each in some)), ms(middle(each.p99 for each in some))]
    cells.append(f"{ratio([each.p50 for each in ours], [each.p50 for each in bare]):.1f}")
    cells.append(f"**{_p99_ratio(found, what, pace):.1f}**")
    return cells


def over_budget(found: Rounds) -> list[str]:
    """What took more than twice as long as the floor, at the 99th of a hundred."""
    ratios = {(what, pace): _p99_ratio(found, what, pace) for what in WHATS for pace in PACES}
    return [f"{NAMES[what]}, {pace} ({each:.1f})" for (what, pace), each in ratios.items() if each > BUDGET]


def _p99_ratio(found: Rounds, what: str, pace: str) -> float:
    ours, bare = found[COPBOT, what, pace], found[BARE, what, pace]
    return ratio([each.p99 for each in ours], [each.p99 for each in bare])


def burst_table(found: Rounds) -> str:
    header = ("", "app", "lost", "refused", "over 3 s", "median", "p99", "worst of all rounds")
    rows = [
        (
            f"{NAMES[what]}, {_burst(size)}",
            name,
            str(sum(each.lost for each in some)),
            str(sum(each.refused for each in some)),
            str(sum(each.late for each in some)),
            ms(middle(each.p50 for each in some)),
            ms(middle(each.p99 for each in some)),
            ms(max(each.worst for each in some)),
        )
        for what in WHATS
        for size in BURSTS
        for name in (BARE, COPBOT)
        for some in [found[name, what, _burst(size)]]
    ]
    return table(header, rows)
