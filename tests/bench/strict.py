"""The same acks through the strict sandbox, whose checks are part of the time: the whole of what it does, on one machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from copbot.sandbox.driver.workspace import Workspace
from tests.bench.acks import Database
from tests.bench.figures import middle, ms, quantile, table
from tests.bench.running import BARE, COMMANDS, COPBOT
from tests.databases import ROOT

PACE = 5
"""A second: what a workspace of a thousand people may do in its busiest moments."""

Strict = dict[str, list[list[float]]]


def measure(database: Database, folder: Path, rounds: int, count: int) -> Strict:
    """By app and round, milliseconds to the ack of `/ta` as the sandbox saw it."""
    found: Strict = {BARE: [], COPBOT: []}
    for number in range(rounds):
        for name in (BARE, COPBOT) if number % 2 else (COPBOT, BARE):
            url = database(f"strict-{name.split()[0]}-{number}")
            with _workspace(folder / f"strict-{name.split()[0]}-{number}") as environment:
                found[name].append(_asked(name, url, environment, folder, count))
    return found


@contextmanager
def _workspace(folder: Path) -> Iterator[dict[str, str]]:
    """A sandbox in a process of its own; what an app needs to live in it."""
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "bot.py"), "sandbox", "--alone"],
        cwd=folder,
        env=_own({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield dict(process.stdout.readline().strip().split("=", 1) for _ in range(5))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _asked(name: str, url: str, environment: dict[str, str], folder: Path, count: int) -> list[float]:
    told = {**environment, "DATABASE_URL": url, "COPBOT_HTTP_PORT": "0"}
    app = subprocess.Popen(
        COMMANDS[name], cwd=folder, env=_own(told), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with Workspace(environment["SLACK_API_URL"].removesuffix("/api/")) as workspace:
            workspace.connected()
            people = [workspace.person(handle) for handle in ("kim", "juno", "noor", "ravi", "mei")]
            for person in people:
                person.types("/ta", channel="general" if person.handle != "noor" else "ssp-operations")
            start = time.monotonic()
            with ThreadPoolExecutor(8) as pool:
                for number in range(count):
                    time.sleep(max(0.0, start + number / PACE - time.monotonic()))
                    person = people[number % len(people)]
                    pool.submit(person.types, "/ta")
            return [
                float(each["ms"]) for each in workspace.envelopes("slash_commands")[-count:] if each["acked"]
            ]
    finally:
        app.send_signal(signal.SIGTERM if name == COPBOT else signal.SIGKILL)
        app.wait(20)


def _own(told: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **told}


def strict_table(found: Strict) -> str:
    rows = [
        (
            name,
            str(sum(len(times) for times in rounds)),
            ms(middle(quantile(times, 0.5) for times in rounds)),
            ms(middle(quantile(times, 0.99) for times in rounds)),
            ms(max(max(times) for times in rounds)),
        )
        for name, rounds in found.items()
    ]
    return table((f"`/ta`, {PACE} a second", "acked", "p50", "p99", "worst of all rounds"), rows)
