"""The two apps under measurement, each a process of its own with a workspace of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from copbot.people import service as people
from copbot.store import Store
from tests.bench import payloads
from tests.bench.slack import STAFF_CHANNEL, Sent, Slack
from tests.databases import ROOT

BARE, COPBOT = "bare Bolt", "copbot"
COMMANDS = {
    BARE: [sys.executable, "-m", "tests.bench.bare"],
    COPBOT: [sys.executable, str(ROOT / "bot.py"), "run"],
}
MEMBERS = 50


@dataclass
class Running:
    """One app that is connected."""

    name: str
    slack: Slack
    process: subprocess.Popen[bytes]
    started: float
    connected: float

    async def command(self, number: int, text: str = "") -> Sent:
        return await self.slack.send(
            "slash_commands", payloads.command(payloads.member(number % MEMBERS), text)
        )

    async def submission(self, number: int, need: str = "", agency: str = "agency:1") -> Sent:
        payload = payloads.submission(
            payloads.member(number % MEMBERS), need or f"need {number}", agency=agency
        )
        return await self.slack.send("interactive", payload)

    async def do(self, what: str, number: int) -> Sent:
        """`what` is "command" or "submission"."""
        return await (self.command(number) if what == "command" else self.submission(number))

    @property
    def megabytes(self) -> float:
        """Resident memory of the process and its children."""
        first = psutil.Process(self.process.pid)
        return sum(each.memory_info().rss for each in (first, *first.children(recursive=True))) / 2**20

    @property
    def processor_seconds(self) -> float:
        spent = psutil.Process(self.process.pid).cpu_times()
        return float(spent.user + spent.system)


@asynccontextmanager
async def running(name: str, url: str, folder: Path, *, warm: bool = True) -> AsyncIterator[Running]:
    """Start the app on this database; with `warm`, everybody who asks has asked before."""
    slack = await Slack().start()
    log = (folder / f"{name.split(maxsplit=1)[0]}.log").open("ab")
    began = time.perf_counter()
    process = subprocess.Popen(
        COMMANDS[name], cwd=folder, env=_environment(slack, url), stdout=log, stderr=log
    )
    try:
        await slack.connected()
        app = Running(name, slack, process, began, time.perf_counter())
        if warm:
            await _warm(app, url)
        yield app
    except TimeoutError:
        raise RuntimeError(f"{name} did not connect:\n{Path(log.name).read_text()[-2000:]}") from None
    finally:
        process.send_signal(signal.SIGTERM if name == COPBOT else signal.SIGKILL)
        await asyncio.to_thread(process.wait, 20)
        await slack.stop()
        log.close()


def _environment(slack: Slack, url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_APP_TOKEN": "xapp-bench",
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "COPBOT_STAFF_CHANNEL": STAFF_CHANNEL,
        "COPBOT_HTTP_PORT": "0",
    }


async def _warm(app: Running, url: str) -> None:
    """The staff channel is known, everybody has been met, the agency exists, every path has run once."""
    if app.name == COPBOT:
        await asyncio.to_thread(_staffed, url)
    first = [await app.command(number) for number in range(MEMBERS)]
    await app.slack.acked(first, 20.0)
    for number in range(10):
        await app.slack.acked(
            [await app.submission(number, agency="agency:1" if number else "agency:new")], 5.0
        )
        await app.slack.acked([await app.command(number)], 5.0)
    await asyncio.sleep(1.0)


def _staffed(url: str, within: float = 20.0) -> None:
    store = Store(url)
    until = time.monotonic() + within
    try:
        while time.monotonic() < until:
            with store.reading() as session:
                if people.notice_channel(session):
                    return
            time.sleep(0.05)
    finally:
        store.close()
    raise RuntimeError("copbot did not take its staff channel")
