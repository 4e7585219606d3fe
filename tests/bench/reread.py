"""`python -m tests.bench.reread`: the workspace's people re-read, and the calls it takes against the fewest possible."""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from copbot.app import manifest_of
from copbot.clock import SystemClock
from copbot.jobs.work import Work
from copbot.people import jobs
from copbot.people import service as people
from copbot.program.profile import load
from copbot.sandbox import rates
from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.server import Sandbox
from copbot.settings import load as settings_from
from copbot.slack.entrances import Wiring
from copbot.slack.errors import SlackError
from copbot.slack.gateway import Gateway
from copbot.store import Store
from tests.bench.figures import table
from tests.databases import ROOT, SqliteFiles

PAGE = ROOT / "docs" / "performance.md"
HEADING = "## Re-reading the workspace's people"
STAFF = 40
LISTS = ("users.list", "users.info", "conversations.list", "conversations.info", "conversations.members")

_ABOUT = """\
Calls to Slack's Web API, in the strict sandbox with its rates enforced (`users.list`: 20 a minute). The fewest
possible is the number of pages of {page} people, the most that Slack gives at once; for the staff channel one call
for its name, one for the channel, one for its members and one for each member never seen. Each row begins with a
whole minute's calls unused. “Known” people are those the bot keeps: who came near it, and administrators.
A page is learned in transactions of {chunk} people: their median and the longest, which a click may have to wait
for (the sandbox ran in the same process). SQLite,
{machine}.

Written by `python -m tests.bench.reread --members {members}` on {day}. Between two readings changes come as
events, without any call.
"""


@dataclass(frozen=True)
class Row:
    name: str
    fewest: int
    made: int
    refused: int
    seconds: float
    usual: float
    longest: float


@dataclass
class Bench:
    ws: Workspace
    store: Store
    gateway: Gateway
    members: int
    idle: float = 0.0
    rows: list[Row] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)

    def run(self, job: Callable[[Work], Any]) -> None:
        job(
            Work(
                store=self.store,
                gateway=self.gateway,
                clock=SystemClock(),
                profile=load(),
                args={},
                progress=lambda _n, _of: None,
                wiring=Wiring(staff_channel="ta-staff"),
            )
        )

    def measure(self, name: str, fewest: int, job: Callable[[Work], Any]) -> None:
        before = self._calls()
        self.taken.clear()
        self.rested()
        began = time.monotonic()
        try:
            self.run(job)
        except SlackError:
            self.run(job)  # as the job runner does after a moment
        seconds = time.monotonic() - began
        made = self._calls()[len(before) :]
        refused = sum(call["status"] == 429 for call in made)
        usual, longest = median(self.taken), max(self.taken)
        self.rows.append(Row(name, fewest, len(made), refused, seconds, usual, longest))

    def rested(self) -> None:
        """As after a minute without a call: Slack's minute is moved on, not waited for."""
        self.idle += 60.0
        rates.machine_seconds = lambda: time.monotonic() + self.idle

    def know(self, ids: list[str]) -> None:
        told = [{"id": user, "team_id": self.gateway.team, "name": "old"} for user in ids]
        with self.store.writing() as session:
            people.learn(session, told, home_team=self.gateway.team, now=datetime(2020, 1, 1, tzinfo=UTC))

    def _calls(self) -> list[dict[str, Any]]:
        return [call for call in self.ws.calls() if call["method"] in LISTS]


def watch_transactions(bench: Bench) -> None:
    """Note how long the longest writing transaction takes."""
    writing = bench.store.writing

    class Watched:
        def __init__(self, **how: Any) -> None:
            self.inner = writing(**how)

        def __enter__(self) -> Any:
            self.began = time.perf_counter()
            return self.inner.__enter__()

        def __exit__(self, *ended: Any) -> Any:
            answer = self.inner.__exit__(*ended)
            bench.taken.append((time.perf_counter() - self.began) * 1000)
            return answer

    bench.store.writing = Watched  # type: ignore[assignment, method-assign]


def measured(members: int, folder: Path) -> list[Row]:
    with Sandbox(manifest_of(settings_from({}, None))) as sandbox:
        gateway = Gateway(sandbox.bot_token, base_url=sandbox.api_url)
        gateway.hello()
        store = Store(SqliteFiles(folder).copy(folder / "reread.db"))
        bench = Bench(sandbox.workspace(), store, gateway, members)
        watch_transactions(bench)
        _each(bench)
        store.close()
        return bench.rows


def _each(bench: Bench) -> None:
    ids = bench.ws.admin.add_people(bench.members)
    everybody = bench.ws.wire.must("workspace")["users"]
    inside = sum(user["team_id"] == bench.gateway.team for user in everybody)
    pages = -(-inside // jobs.WHOLE_PAGE)
    bench.measure("first reading, nobody known", pages, jobs.people_reread)
    bench.know(ids[: bench.members // 10])
    bench.measure("one in ten known, every one changed", pages, jobs.people_reread)
    bench.know(ids)
    bench.measure("all known, every one changed", pages, jobs.people_reread)
    bench.measure("all known, nothing changed", pages, jobs.people_reread)
    half = f"next:{(pages // 2) * jobs.WHOLE_PAGE}"
    bench.ws.faults.add("users.list", "http_500", match={"contains": half})
    rest = inside - (pages // 2) * jobs.WHOLE_PAGE
    fewest = pages // 2 + 1 + -(-rest // jobs.PAGE)
    bench.measure(f"failed half way, then gone on with (pages of {jobs.PAGE})", fewest, jobs.people_reread)
    for user in ids[:STAFF]:
        bench.ws.admin.invite(user, "ta-staff")
    bench.measure(f"staff channel of {STAFF + 4}, found by its name, 4 never seen", 3 + 4, jobs.staff_reread)
    bench.measure(f"staff channel of {STAFF + 4} again", 2, jobs.staff_reread)


def section(rows: list[Row], members: int) -> str:
    header = ("", "fewest", "made", "of them refused (429)", "seconds", "transaction, ms", "longest")
    lines = [
        (
            row.name,
            str(row.fewest),
            str(row.made),
            str(row.refused),
            f"{row.seconds:.1f}",
            f"{row.usual:.0f}",
            f"{row.longest:.0f}",
        )
        for row in rows
    ]
    machine = f"Python {platform.python_version()} on {platform.system()}"
    about = _ABOUT.format(
        page=jobs.WHOLE_PAGE,
        chunk=jobs.PAGE,
        machine=machine,
        members=members,
        day=f"{datetime.now(UTC):%Y-%m-%d}",
    )
    return f"{HEADING}\n\n{members:,} members. {about}\n{table(header, lines)}\n"


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(prog="python -m tests.bench.reread", description=__doc__)
    reader.add_argument("--members", type=int, default=10_000)
    asked = reader.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="copbot-reread-"))
    try:
        text = section(measured(asked.members, folder), asked.members)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    keep(text)


def keep(text: str) -> None:
    """The section takes the place of the one written before; the other sections stay."""
    page = PAGE.read_text() if PAGE.exists() else "# Performance\n"
    PAGE.write_text(page.replace(_section(), "").rstrip() + f"\n\n{text}")


def _section() -> str:
    """This section as it stands in the page."""
    return kept().partition("\n## ")[0]


def kept() -> str:
    """From this section on, the page as it stands: what has commands of its own; empty when there is none."""
    page = PAGE.read_text() if PAGE.exists() else ""
    _before, found, after = page.partition(HEADING)
    return found + after


if __name__ == "__main__":
    main(sys.argv[1:])
