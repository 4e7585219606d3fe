"""A whole file taken in, batch by batch; and one undone. Cut off anywhere, the same file again finishes the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from copbot.imports.files import columns, service
from copbot.imports.files.rules import Reading, event_fields, read_row
from copbot.imports.files.service import Report, Undone
from copbot.imports.readers import spreadsheets
from copbot.imports.readers.values import EventCalendar
from copbot.program.profile import Profile
from copbot.resources.library.values import Identity, IncomingResource
from copbot.store import Store

BATCH = 25
"""Rows of one transaction: short enough that nobody who presses a button waits for it."""
PATIENCE = 30.0
"""Seconds that an import waits for its turn."""


@dataclass(frozen=True)
class ImportOptions:
    """Where a file goes, in whose name, and how.

    `pause`: seconds between two batches, in which other processes get at the database; within one the store is fair.
    `run` is an import that was begun before and is to be finished; 0 begins one.
    """

    store: Store
    name: str
    by: str
    profile: Profile
    now: Callable[[], datetime]
    publish: bool = False
    dry_run: bool = False
    progress: Callable[[int, int], None] | None = None
    pause: float = 0.0
    run: int = 0


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
    columns.check(mapping)
    readings = (read_row(row, mapping, options.profile) for row in sheet.rows)
    done = _take(options, "csv", readings, rows)
    headings = {field: sheet.headings[at] for field, at in mapping.fields.items()}
    return FileImport(*done, sheet.encoding, sheet.guessed, headings, mapping.left)


def take_package(options: ImportOptions, source: Path | BinaryIO) -> FileImport:
    """Take in the services of an HSDS package. Raises `Unreadable` before anything is taken."""
    from copbot.imports.hsds import package, rules

    read = package.read(source)
    readings = rules.readings(read.tables, options.profile)
    done = _take(options, "hsds", readings, len(read.tables.services))
    return FileImport(*done, read.encoding, problems=read.problems)


def take_calendar(options: ImportOptions, body: bytes) -> FileImport:
    """Take in a calendar's file, once. Events that cannot be read are refused, the others taken."""
    from copbot.imports.readers import bounded

    zone = options.profile.time_zone
    calendar = bounded.read_calendar(body, now=options.now(), zone=zone)
    readings = list(_events(calendar, ZoneInfo(zone)))
    done = _take(options, "calendar", readings, len(readings), Report(refused_count=len(calendar.problems)))
    return FileImport(*done, problems=calendar.problems)


def _events(calendar: EventCalendar, zone: ZoneInfo) -> Iterator[Reading]:
    for number, one in enumerate(calendar.happenings, 1):
        name = Identity("calendar", "file", f"{one.uid or one.title}|{one.starts.isoformat()}")
        yield Reading(number, IncomingResource(event_fields(one, zone, source=calendar.title), name))


def _take(
    options: ImportOptions, form: str, readings: Iterable[Reading], of: int, report: Report | None = None
) -> tuple[int, Report]:
    """Take in all rows, a short transaction a batch; the import's id, and what became of them."""
    store, ident, report, done = options.store, options.run, report or Report(), 0
    if not options.dry_run and not ident:
        with store.writing() as session:
            ident = service.begin(session, name=options.name, format=form, by=options.by, now=options.now())
    for batch in _batches(iter(readings)):
        with suppress(DryRun), store.writing(budget=PATIENCE) as session:
            service.take(
                session, batch, report, run=ident, by=options.by, now=options.now(),
                profile=options.profile, publish=options.publish,
            )  # fmt: skip
            if options.dry_run:
                raise DryRun
        done += len(batch)
        time.sleep(options.pause)
        if options.progress is not None:
            options.progress(done, of)
    if not options.dry_run:
        with store.writing() as session:
            service.finish(session, ident, report, now=options.now())
    return ident, report


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
