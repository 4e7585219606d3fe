"""`python -m tests.bench`: measure everything, or the parts named, and write docs/performance.md."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench import acks, lists, notices, reread, screen, sending, standing, strict
from tests.bench.acks import Database
from tests.bench.report import PARTS, Report
from tests.databases import ROOT, Postgres, SqliteFiles, running_postgres

PAGE = ROOT / "docs" / "performance.md"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"


def _read(arguments: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    reader.add_argument("--rounds", type=int, default=5, help="rounds of each measurement (default 5)")
    reader.add_argument(
        "--seconds", type=int, default=5, help="seconds of fifty a second in a round (default 5)"
    )
    reader.add_argument(
        "--messages", type=int, default=300, help="messages of the sending part (default 300)"
    )
    reader.add_argument(
        "--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts, and only printed"
    )
    return reader.parse_args(arguments)


@contextmanager
def _databases(folder: Path) -> Iterator[dict[str, Database]]:
    """A maker of fresh databases on each engine; PostgreSQL as durable as it comes, unlike in the tests."""
    files = SqliteFiles(folder)
    with running_postgres() as server, ExitStack() as copies:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.say(f"ALTER SYSTEM SET {setting} = on")
        server.say("SELECT pg_reload_conf()")
        yield {SQLITE: lambda name: files.copy(folder / f"{name}.db"), POSTGRES: _copies(server, copies)}


def _copies(server: Postgres, copies: ExitStack) -> Callable[[str], str]:
    return lambda _name: copies.enter_context(server.copy())


def main(arguments: list[str]) -> None:
    asked = _read(arguments)
    folder = Path(tempfile.mkdtemp(prefix="copbot-bench-"))
    report = Report(machine=_machine(), rounds=asked.rounds, seconds=asked.seconds)
    report.load.append(os.getloadavg()[0])
    gc.disable()  # a collection in the load generator would look like a slow app
    try:
        with _databases(folder) as databases:
            for part in asked.only:
                print(part, flush=True)
                _PARTS[part](report, databases, folder, asked)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.load.append(os.getloadavg()[0])
    print(report.text())
    if set(asked.only) == set(PARTS):
        PAGE.write_text(f"{report.text()}\n{reread.kept()}".rstrip() + "\n")  # it has a command of its own


def _acks(report: Report, databases: dict[str, Database], folder: Path, asked: argparse.Namespace) -> None:
    for name, database in databases.items():
        found, missing = asyncio.run(acks.measure(database, folder, asked.rounds, asked.seconds))
        report.acks[name] = (found, missing)
        gc.collect()


def _notices(report: Report, databases: dict[str, Database], folder: Path, asked: argparse.Namespace) -> None:
    for name, database in databases.items():
        report.notices[name] = asyncio.run(notices.measure(database, folder, min(asked.rounds, 3), 20))


def _lists(report: Report, databases: dict[str, Database], folder: Path, asked: argparse.Namespace) -> None:
    for name, database in databases.items():
        report.lists[name] = asyncio.run(lists.measure(database, folder, min(asked.rounds, 3), 50))


def _standing(
    report: Report, databases: dict[str, Database], folder: Path, asked: argparse.Namespace
) -> None:
    report.standing = asyncio.run(standing.measure(databases[SQLITE], folder, min(asked.rounds, 3)))


def _strict(report: Report, databases: dict[str, Database], folder: Path, asked: argparse.Namespace) -> None:
    report.strict = strict.measure(databases[SQLITE], folder, min(asked.rounds, 3), 100)


def _sending(report: Report, databases: dict[str, Database], folder: Path, asked: argparse.Namespace) -> None:
    for urgent in (False, True):
        url = databases[SQLITE](f"sending-{urgent}")
        report.sending.append(sending.measure(url, asked.messages, urgent=urgent))


def _screen(
    report: Report, _databases: dict[str, Database], _folder: Path, _asked: argparse.Namespace
) -> None:
    report.screen = screen.measure()


_PARTS = {
    "acks": _acks,
    "notices": _notices,
    "lists": _lists,
    "standing": _standing,
    "strict": _strict,
    "sending": _sending,
    "screen": _screen,
}


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main(sys.argv[1:])
