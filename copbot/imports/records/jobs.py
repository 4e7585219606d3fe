"""A spreadsheet of a higher room's taken in, batch by batch; and one undone."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from copbot.errors import InvalidInput
from copbot.imports.files import service
from copbot.imports.files.columns import plain
from copbot.imports.files.jobs import BATCH, PATIENCE, DryRun, FileImport, ImportOptions
from copbot.imports.files.service import Report, Undone
from copbot.imports.readers import spreadsheets
from copbot.imports.readers.cells import as_written
from copbot.imports.readers.spreadsheets import Row
from copbot.imports.readers.values import Unreadable
from copbot.imports.records.values import RecordKind, RecordRow
from copbot.store import Session, Store


def take(options: ImportOptions, name: str, kind: RecordKind, file: BinaryIO) -> FileImport:
    """Take in a file of this kind. Raises `Unreadable` before anything is taken when it cannot be read to its end."""
    of = sum(1 for _ in spreadsheets.read(file).rows)
    sheet = spreadsheets.read(file)
    at = _columns(sheet.headings, kind)
    ident, report, done = 0, Report(), 0
    if not options.dry_run:
        with options.store.writing() as session:
            ident = service.begin(session, name=options.name, format=name, by=options.by, now=options.now())
    seen = Counter[str]()
    while batch := list(islice(sheet.rows, BATCH)):
        with suppress(DryRun), options.store.writing(budget=PATIENCE) as session:
            for row in batch:
                if row.fault:
                    report.refuse(row.line, row.fault)
                else:
                    _take(session, row.line, _record(row, at, seen, options, ident), kind, report)
            if options.dry_run:
                raise DryRun
        done += len(batch)
        time.sleep(options.pause)
        if options.progress is not None:
            options.progress(done, of)
    if not options.dry_run:
        with options.store.writing() as session:
            service.finish(session, ident, report, now=options.now())
    used = ", ".join(kind.names(at))
    left = ", ".join(
        heading for place, heading in enumerate(sheet.headings) if place not in at.values() and heading
    )
    said = f"Columns: {used}.{f' Not used: {left}.' if left else ''}"
    return FileImport(ident, report, sheet.encoding, sheet.guessed, problems=(said,))


def undo(store: Store, ident: int, kind: RecordKind, *, now: Callable[[], datetime]) -> Undone:
    """Take back what an import saved, in short transactions. What people worked with since is left."""
    removed, more = 0, True
    kept = 0
    while more:
        with store.writing() as session:
            service.check_undo(session, ident)
            some, kept, more = kind.undo(session, ident)
            if not more:
                service.mark_undone(session, ident, now=now())
        removed += some
    return Undone(removed, 0, kept, False)


def _columns(headings: Sequence[str], kind: RecordKind) -> dict[str, int]:
    names = [plain(heading) for heading in headings]
    found = {
        field: names.index(heading)
        for field, known in kind.columns.items()
        if (heading := next((each for each in map(plain, known) if each in names), ""))
    }
    missing = kind.names([field for field in kind.needed if field not in found])
    if missing:
        said = " and ".join(f"“{each}”" for each in missing)
        raise Unreadable(f"No column is called {said}. Give the first line this heading and try again.")
    return found


def _record(
    row: Row, at: Mapping[str, int], seen: Counter[str], options: ImportOptions, ident: int
) -> RecordRow:
    """The same row twice in a file is two records; the same file again is none."""
    cells = {field: as_written(row.cells[place]).strip() for field, place in at.items()}
    content = cells.get("number") or "\x1f".join(f"{name}={value}" for name, value in sorted(cells.items()))
    seen[content] += 1
    digest = hashlib.sha256(f"{content}\x1f{seen[content]}".encode()).hexdigest()[:40]
    return RecordRow(cells, f"import:{digest}", ident, options.profile, options.now())


def _take(session: Session, line: int, record: RecordRow, kind: RecordKind, report: Report) -> None:
    try:
        is_new = kind.take(session, record)
    except InvalidInput as error:
        said = [f"{kind.columns.get(field, (field,))[0]}: {words}" for field, words in error.fields.items()]
        report.refuse(line, " ".join(said) or error.words)
        return
    report.created += is_new
    report.unchanged += not is_new
