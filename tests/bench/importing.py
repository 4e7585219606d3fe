"""`python -m tests.bench.importing`: a spreadsheet taken in, against the database's own bulk insert of the same rows."""

from __future__ import annotations

import argparse
import io
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from copbot.imports.files import columns, jobs
from copbot.imports.files.rules import read_row
from copbot.imports.readers import spreadsheets
from copbot.program.profile import load
from copbot.resources.library import service as library
from copbot.resources.library import tables
from copbot.resources.library.rules import checked
from copbot.store import Store
from tests.bench.figures import table
from tests.databases import ROOT, SqliteFiles, running_postgres

PAGE = ROOT / "docs" / "performance.md"
HEADING = "## Importing a spreadsheet"
NOW = datetime(2030, 1, 1, tzinfo=UTC)
PROFILE = load()
_ABOUT = """\
{rows:,} generated resources with nine columns, published. “Insert” is the floor: the same rows, made before the clock
starts, inserted into the table of resources in batches of {batch} and transactions of the same size, without reading,
checks, identities, index or the record that undoes an import. “Import” is what `bot.py import` does, from the file's
first byte. “Again” imports the same file once more, which changes nothing. Transactions are what a click may have to
wait for. {machine}; load average {load:.0f} at the end.

Written by `python -m tests.bench.importing --rows {rows}` on {day}.
"""


@dataclass(frozen=True)
class Row:
    name: str
    insert: float
    first: float
    again: float
    longest: float


def spreadsheet(rows: int) -> bytes:
    words = ("naloxone", "test strips", "wound care", "housing", "outreach", "treatment", "legal aid")
    lines = ["Title,Kind,Summary,URL,Topics,Areas,Address,Phones,Hours"]
    for n in range(rows):
        word = words[n % len(words)]
        lines.append(
            f"{word} place {n},service,Place {n} for {word} and whoever asks for it,https://p{n}.example/,naloxone,"
            f'wi-dane,"{n} Main St, Madison, WI 53703",608-555-0100,Mon-Fri 9-5'
        )
    return ("\n".join(lines) + "\n").encode()


def inserted(store: Store, body: bytes) -> float:
    """Rows a second of the bare insert."""
    sheet = spreadsheets.read(io.BytesIO(body))
    mapping = columns.guess(sheet.headings)
    read = (read_row(row, mapping, PROFILE).incoming for row in sheet.rows)
    rows = [
        library.new_row(checked(each.fields, PROFILE), origin="csv", state="published", by="import", now=NOW)
        for each in read
        if each is not None
    ]
    began = time.perf_counter()
    for start in range(0, len(rows), jobs.BATCH):
        with store.writing() as session:
            tables.insert_rows(session, rows[start : start + jobs.BATCH])
    return len(rows) / (time.perf_counter() - began)


@contextmanager
def watched(store: Store) -> Iterator[list[float]]:
    """How long each writing transaction of the block takes, in milliseconds."""
    writing, taken = store.writing, list[float]()

    @contextmanager
    def timed(**how: bool) -> Iterator[object]:
        with writing(**how) as session:
            began = time.perf_counter()
            yield session
        taken.append((time.perf_counter() - began) * 1000)

    store.writing = timed  # type: ignore[assignment, method-assign]
    try:
        yield taken
    finally:
        store.writing = writing  # type: ignore[method-assign]


def imported(store: Store, body: bytes) -> float:
    """Rows a second of an import."""
    began = time.perf_counter()
    options = jobs.ImportOptions(store, "bench.csv", "import", PROFILE, lambda: NOW, publish=True)
    done = jobs.take_spreadsheet(options, io.BytesIO(body))
    return done.report.taken / (time.perf_counter() - began)


def measured(name: str, fresh: Callable[[str], str], body: bytes) -> Row:
    floor_store, store = Store(fresh("floor")), Store(fresh("import"))
    try:
        insert = inserted(floor_store, body)
        with watched(store) as taken:
            first, again = imported(store, body), imported(store, body)
        return Row(name, insert, first, again, max(taken))
    finally:
        floor_store.close()
        store.close()


def section(rows: list[Row], count: int) -> str:
    header = ("rows a second", "insert", "import", "ratio", "again", "longest transaction, ms")
    lines = [
        (
            row.name,
            f"{row.insert:,.0f}",
            f"{row.first:,.0f}",
            f"{row.insert / row.first:.1f}",
            f"{row.again:,.0f}",
            f"{row.longest:,.0f}",
        )
        for row in rows
    ]
    machine = f"Python {platform.python_version()} on {platform.system()}"
    about = _ABOUT.format(
        rows=count,
        batch=jobs.BATCH,
        machine=machine,
        load=os.getloadavg()[0],
        day=f"{datetime.now(UTC):%Y-%m-%d}",
    )
    return f"{HEADING}\n\n{about}\n{table(header, lines)}\n"


def keep(text: str) -> None:
    """The section takes the place of the one written before; the other sections stay."""
    page = PAGE.read_text() if PAGE.exists() else "# Performance\n"
    before, found, after = page.partition(HEADING)
    rest = "\n## ".join(after.split("\n## ")[1:]) if found else ""
    PAGE.write_text(before.rstrip() + f"\n\n{text}" + (f"\n## {rest}" if rest else ""))


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(prog="python -m tests.bench.importing", description=__doc__)
    reader.add_argument("--rows", type=int, default=100_000)
    asked = reader.parse_args(arguments)
    body = spreadsheet(asked.rows)
    folder = Path(tempfile.mkdtemp(prefix="copbot-importing-"))
    try:
        files = SqliteFiles(folder)
        found = [measured("SQLite", lambda name: files.copy(folder / f"{name}.db"), body)]
        with running_postgres() as server, server.copy() as floor, server.copy() as whole:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.say(f"ALTER SYSTEM SET {setting} = on")
            server.say("SELECT pg_reload_conf()")
            found.append(measured("PostgreSQL", {"floor": floor, "import": whole}.__getitem__, body))
        text = section(found, asked.rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    keep(text)


if __name__ == "__main__":
    main(sys.argv[1:])
