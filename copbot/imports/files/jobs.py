"""A whole file taken in, batch by batch; and one undone. Cut off anywhere, the same file again finishes the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from copbot.imports.files import columns, service
from copbot.imports.files.rules import Reading, read_row
from copbot.imports.files.service import Report, Undone
from copbot.imports.readers import spreadsheets
from copbot.program.profile import Profile
from copbot.store import Store

BATCH = 50
"""Rows of one transaction: short enough that nobody who presses a button waits for it."""
PATIENCE = 30.0
"""Seconds that an import waits for its turn."""


@dataclass(frozen=True)
class FileImport:
    """A file's import. `id` undoes it; 0 for a dry run."""

    id: int
    report: Report
    encoding: str
    guessed: bool
    mapping: Mapping[str, str]
    """Our field's name to the file's heading."""
    left: tuple[str, ...]
    """Headings that were not taken."""


class DryRun(Exception):
    """Raised at the end of a dry run's transaction, so that nothing of it is saved."""


def take_spreadsheet(
    store: Store,
    file: BinaryIO,
    *,
    name: str,
    by: str,
    profile: Profile,
    now: Callable[[], datetime],
    publish: bool = False,
    dry_run: bool = False,
    chosen: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    pause: float = 0.0,
    run: int = 0,
) -> FileImport:
    """Take in a spreadsheet. Raises `Unreadable` before anything is taken when it cannot be read to its end.

    `pause`: seconds between two batches, in which other processes get at the database; within one the store is fair.
    `run` is an import that was begun before and is to be finished; 0 begins one.
    """
    rows = sum(1 for _ in spreadsheets.read(file).rows)
    sheet = spreadsheets.read(file)
    mapping = columns.guess(sheet.headings, chosen)
    columns.check(mapping)
    readings = (read_row(row, mapping, profile) for row in sheet.rows)
    doing: dict[str, Any] = {"by": by, "now": now, "dry_run": dry_run, "pause": pause, "ident": run}
    with _begun(store, name, "csv", **doing) as under_way:
        under_way.take_all(readings, rows, profile=profile, publish=publish, progress=progress)
    headings = {field: sheet.headings[at] for field, at in mapping.fields.items()}
    return FileImport(
        under_way.ident, under_way.report, sheet.encoding, sheet.guessed, headings, mapping.left
    )


def take_readings(
    store: Store,
    readings: Iterable[Reading],
    *,
    of: int,
    name: str,
    form: str,
    by: str,
    profile: Profile,
    now: Callable[[], datetime],
    publish: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    pause: float = 0.0,
) -> tuple[int, Report]:
    """Take in rows that were read from a file of another form; the run's id, and what became of them."""
    with _begun(store, name, form, by=by, now=now, dry_run=dry_run, pause=pause) as run:
        run.take_all(readings, of, profile=profile, publish=publish, progress=progress)
    return run.ident, run.report


@dataclass
class _Run:
    """An import under way. `ident` is 0 for a dry run."""

    store: Store
    by: str
    now: Callable[[], datetime]
    pause: float
    ident: int = 0
    report: Report = field(default_factory=Report)
    done: int = 0

    def take_all(
        self,
        readings: Iterable[Reading],
        of: int,
        *,
        profile: Profile,
        publish: bool,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        for batch in _batches(iter(readings)):
            self.take(batch, profile=profile, publish=publish)
            time.sleep(self.pause)
            if progress is not None:
                progress(self.done, of)

    def take(self, batch: list[Reading], *, profile: Profile, publish: bool) -> None:
        details: dict[str, Any] = {"by": self.by, "now": self.now(), "profile": profile, "publish": publish}
        with suppress(DryRun), self.store.writing(budget=PATIENCE) as session:
            service.take(session, batch, self.report, run=self.ident, **details)
            if not self.ident:
                raise DryRun
        self.done += len(batch)


@contextmanager
def _begun(
    store: Store,
    name: str,
    form: str,
    *,
    by: str,
    now: Callable[[], datetime],
    dry_run: bool,
    pause: float,
    ident: int = 0,
) -> Iterator[_Run]:
    """A run with its row, which says at the end that it is finished."""
    run = _Run(store, by, now, pause, ident)
    if not dry_run and not ident:
        with store.writing() as session:
            run.ident = service.begin(session, name=name, format=form, by=by, now=now())
    yield run
    if not dry_run:
        with store.writing() as session:
            service.finish(session, run.ident, run.report, now=now())


def undo(store: Store, ident: int, *, profile: Profile, now: Callable[[], datetime]) -> Undone:
    """Take back everything that an import changed, in short transactions."""
    removed = restored = kept = 0
    while True:
        with store.writing() as session:
            some = service.undo(session, ident, now=now(), profile=profile)
        removed, restored, kept = removed + some.removed, restored + some.restored, kept + some.kept
        if not some.more:
            return Undone(removed, restored, kept, False)


def _batches(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    while batch := list(islice(readings, BATCH)):
        yield batch


def newest(store: Store) -> tuple[service.ImportRun, ...]:
    with store.reading() as session:
        return service.newest(session)
