"""A whole file taken in, batch by batch; and one undone. Cut off anywhere, the same file again finishes the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar
from zoneinfo import ZoneInfo

from copbot.imports.files import columns, service, tables
from copbot.imports.files.rules import Reading, event_fields, read_row
from copbot.imports.files.service import ImportOptions, Report, Undone
from copbot.imports.readers import spreadsheets
from copbot.imports.readers.values import Unreadable
from copbot.program.profile import Profile
from copbot.resources.library.values import Identity, IncomingResource
from copbot.store import Session, Store

T = TypeVar("T")
BATCH = 25
"""Rows of one transaction: short enough that nobody who presses a button waits for it."""
_NO_TITLES = "No column holds titles. Give the first line a heading “Title” (or “Name”) and try again."
PATIENCE = 30.0
"""Seconds that an import waits for its turn."""


@dataclass(frozen=True)
class FileImport:
    """A file's import. `id` undoes it; 0 for a dry run. `problems` are sentences about what in it is wrong."""

    id: int
    report: Report
    encoding: str = ""
    guessed: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Our field's name to the file's heading."""
    left: tuple[str, ...] = ()
    """Headings that were not taken."""
    problems: tuple[str, ...] = ()


class DryRun(Exception):
    """Raised at the end of a dry run's transaction, so that nothing of it is saved."""


def take_spreadsheet(
    options: ImportOptions, file: BinaryIO, chosen: Mapping[str, str] | None = None
) -> FileImport:
    """Take in a spreadsheet. Raises `Unreadable` before anything is taken when it cannot be read to its end."""
    rows = sum(1 for _ in spreadsheets.read(file).rows)
    sheet = spreadsheets.read(file)
    mapping = columns.guess(sheet.headings, chosen)
    if "title" not in mapping.fields:
        raise Unreadable(_NO_TITLES)
    readings = (read_row(row, mapping, options.profile) for row in sheet.rows)
    ident, report = _take(options, "csv", readings, rows)
    headings = {field: sheet.headings[at] for field, at in mapping.fields.items()}
    return FileImport(ident, report, sheet.encoding, sheet.guessed, headings, mapping.left)


def take_package(options: ImportOptions, source: Path | BinaryIO) -> FileImport:
    """Take in the services of an HSDS package. Raises `Unreadable` before anything is taken."""
    from copbot.imports.hsds import package, rules

    read = package.read(source)
    readings = rules.readings(read.tables, options.profile)
    ident, report = _take(options, "hsds", readings, len(read.tables.services))
    return FileImport(ident, report, read.encoding, problems=read.problems)


def take_calendar(options: ImportOptions, body: bytes) -> FileImport:
    """Take in a calendar's file, once. Events that cannot be read are refused, the others taken."""
    from copbot.imports.readers import bounded

    zone = ZoneInfo(options.profile.time_zone)
    calendar = bounded.read_calendar(body, now=options.now(), zone=zone.key)
    readings = []
    for number, one in enumerate(calendar.happenings, 1):
        name = Identity("calendar", "file", f"{one.uid or one.title}|{one.starts.isoformat()}")
        fields = event_fields(one, zone, source=calendar.title)
        readings.append(Reading(number, IncomingResource(fields, name)))
    ident, report = _take(options, "calendar", readings, len(readings), refused=len(calendar.problems))
    return FileImport(ident, report, problems=calendar.problems)


def _take(
    options: ImportOptions, form: str, readings: Iterable[Reading], of: int, *, refused: int = 0
) -> tuple[int, Report]:
    """Take in all rows; the import's id, and what became of them. `refused`: how many were no rows at all."""
    report = Report(refused_count=refused)

    def take(session: Session, batch: list[Reading], run: int) -> None:
        service.take(session, batch, report, options, run=run)

    return in_batches(options, form, readings, take, of=of, report=report), report


def in_batches(
    options: ImportOptions,
    form: str,
    rows: Iterable[T],
    take: Callable[[Session, list[T], int], None],
    *,
    of: int,
    report: Report,
) -> int:
    """Hand all rows to `take`, a short transaction a batch; the import's id, which it is given, 0 in a dry run."""
    store, ident, left, done = options.store, options.run, iter(rows), 0
    if not options.dry_run and not ident:
        with store.writing() as session:
            ident = tables.begin(session, name=options.name, format=form, by=options.by, now=options.now())
    while batch := list(islice(left, BATCH)):
        with suppress(DryRun), store.writing(budget=PATIENCE) as session:
            take(session, batch, ident)
            if options.dry_run:
                raise DryRun
        done += len(batch)
        time.sleep(options.pause)
        if options.progress is not None:
            options.progress(done, of)
    if not options.dry_run:
        with store.writing() as session:
            service.finish(session, ident, report, now=options.now())
    return ident


def undo(store: Store, ident: int, *, profile: Profile, now: Callable[[], datetime]) -> Undone:
    """Take back everything that an import changed."""
    return undo_all(store, lambda session: service.undo(session, ident, now=now(), profile=profile))


def undo_all(store: Store, undo_some: Callable[[Session], Undone]) -> Undone:
    """Take back some in each of several short transactions, until there is no more."""
    removed = restored = kept = 0
    while True:
        with store.writing() as session:
            some = undo_some(session)
        removed, restored, kept = removed + some.removed, restored + some.restored, kept + some.kept
        if not some.more:
            return Undone(removed, restored, kept, False)
