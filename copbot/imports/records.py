"""Spreadsheets that a higher room reads row by row: past requests, activities. Taken in batch by batch, and undone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from copbot.errors import InvalidInput
from copbot.imports.files import service
from copbot.imports.files.columns import placed, plain
from copbot.imports.files.jobs import FileImport, in_batches
from copbot.imports.files.service import ImportOptions, Report, Undone
from copbot.imports.readers import spreadsheets
from copbot.imports.readers.spreadsheets import Row, as_written
from copbot.imports.readers.values import Unreadable
from copbot.program.profile import Profile
from copbot.store import Session


@dataclass(frozen=True)
class RecordRow:
    """A row by our fields; `key` is the same for the same row of the same list, `import_id` 0 in a dry run."""

    cells: Mapping[str, str]
    key: str
    import_id: int
    profile: Profile
    now: datetime


@dataclass(frozen=True)
class RecordKind:
    """A kind of spreadsheet that a room reads.

    `columns`: each field with the headings it is met under, its own name first. `take` saves a row, says whether it
    is new, and raises `InvalidInput` with a sentence per field before it writes. `undo` removes the next rows of an
    import: how many, how many are left because people worked with them, and whether there are more.
    """

    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    take: Callable[[Session, RecordRow], bool]
    undo: Callable[[Session, int], tuple[int, int, bool]]

    def names(self, fields: Iterable[str]) -> list[str]:
        return [self.columns[name][0] for name in fields]

    def found_in(self, headings: Sequence[str]) -> dict[str, int]:
        """The place of each field's column, counted from 0. Raises `Unreadable` when one that is needed is missing."""
        found = placed([plain(heading) for heading in headings], self.columns)
        missing = " and ".join(
            f"“{each}”" for each in self.names(each for each in self.needed if each not in found)
        )
        if missing:
            raise Unreadable(
                f"No column is called {missing}. Give the first line this heading and try again."
            )
        return found


def take(options: ImportOptions, name: str, kind: RecordKind, file: BinaryIO) -> FileImport:
    """Take in a file of this kind. Raises `Unreadable` before anything is taken when it cannot be read to its end."""
    of = sum(1 for _ in spreadsheets.read(file).rows)
    sheet = spreadsheets.read(file)
    at, report, seen = kind.found_in(sheet.headings), Report(), Counter[str]()

    def take_rows(session: Session, batch: list[Row], ident: int) -> None:
        for row in batch:
            if row.fault:
                report.refuse(row.line, row.fault)
                continue
            cells = {field: as_written(row.cells[place]).strip() for field, place in at.items()}
            record = RecordRow(cells, _key(cells, seen), ident, options.profile, options.now())
            _take(session, row.line, record, kind, report)

    ident = in_batches(options, name, sheet.rows, take_rows, of=of, report=report)
    used = {sheet.headings[place] for place in at.values()}
    left = ", ".join(heading for heading in sheet.headings if heading and heading not in used)
    said = f"Columns: {', '.join(kind.names(at))}.{f' Not used: {left}.' if left else ''}"
    return FileImport(ident, report, sheet.encoding, sheet.guessed, problems=(said,))


def undo(session: Session, ident: int, kind: RecordKind, *, now: datetime) -> Undone:
    """Take back some of what an import saved. What people worked with since is left, and counted at the end."""
    run = service.check_undo(session, ident)
    removed, kept, more = kind.undo(session, ident)
    run.undone_at = None if more else now
    return Undone(removed, 0, 0 if more else kept, more)


def _key(cells: Mapping[str, str], seen: Counter[str]) -> str:
    """The same row twice in a file is two records; the same file again is none."""
    content = cells.get("number") or "\x1f".join(f"{name}={value}" for name, value in sorted(cells.items()))
    seen[content] += 1
    digest = hashlib.sha256(f"{content}\x1f{seen[content]}".encode()).hexdigest()
    return f"import:{digest[:40]}"


def _take(session: Session, line: int, record: RecordRow, kind: RecordKind, report: Report) -> None:
    try:
        is_new = kind.take(session, record)
    except InvalidInput as error:
        said = [f"{kind.columns.get(field, (field,))[0]}: {words}" for field, words in error.fields.items()]
        report.refuse(line, " ".join(said) or error.words)
        return
    report.created += is_new
    report.unchanged += not is_new
