"""HSDS packages on disk: a zip, a folder, or a folder's datapackage.json; read within bounds, written whole."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from copbot.imports.files import columns
from copbot.imports.hsds.rows import FILES, Rows, description
from copbot.imports.hsds.rules import Record, ServiceRow, Tables, broken_keys
from copbot.imports.readers import spreadsheets
from copbot.imports.readers.spreadsheets import as_written, inert
from copbot.imports.readers.values import Unreadable

LARGEST = 50 * 1024 * 1024
"""Bytes of all tables together, unpacked."""
MOST_FILES = 500
DESCRIPTION = "datapackage.json"
_DEFAULT = {name: file for name, (file, _) in FILES.items()} | {
    "program": "programs.csv", "contact": "contacts.csv", "funding": "funding.csv",
    "required_document": "required_documents.csv", "accessibility": "accessibility.csv",
    "cost_option": "cost_options.csv", "organization_identifier": "organization_identifiers.csv",
}  # fmt: skip
_TELEPHONE = re.compile(r"\+\d[\d ().-]*( ext\. \d+)?")
_YES = {"yes", "y", "true", "1", "x"}
_OUTSIDE = "This package names a file outside of itself, so nothing was imported."

Read = Callable[[str, int], bytes | None]
"""The bytes of a file of the package, at most so many and one more; None when there is no such file."""


@dataclass(frozen=True)
class Package:
    """A package's tables. `problems` are sentences about what in it is wrong and was left out."""

    tables: Tables
    problems: tuple[str, ...]
    encoding: str


def is_package(path: Path) -> bool:
    """Whether this looks like a package, by its name and first bytes."""
    if path.is_dir() or path.name == DESCRIPTION:
        return True
    try:
        with path.open("rb") as file:
            return path.suffix.casefold() == ".zip" and file.read(2) == b"PK"
    except OSError:
        return False


def read(source: Path | BinaryIO) -> Package:
    """Read a package. Raises `Unreadable` for what is none, for one that is too large and for one with bad paths."""
    if isinstance(source, Path) and (source.is_dir() or source.name == DESCRIPTION):
        return _tables(_folder(source if source.is_dir() else source.parent))
    with _in_words(), zipfile.ZipFile(source) as archive:
        return _tables(_archive(archive))


def _folder(folder: Path) -> Read:
    root = folder.resolve()

    def read(name: str, most: int) -> bytes | None:
        file = (root / _inside(name)).resolve()
        if not file.is_relative_to(root):
            raise Unreadable(_OUTSIDE)
        if not file.is_file():
            return None
        try:
            with file.open("rb") as opened:
                return opened.read(most + 1)
        except OSError:
            raise Unreadable(f"{file.name} cannot be opened.") from None

    return read


def _archive(archive: zipfile.ZipFile) -> Read:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise Unreadable(f"This zip file holds more than {MOST_FILES} files. A package has about twenty.")
    if any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        raise Unreadable(_OUTSIDE)
    named = {_inside(entry.filename): entry for entry in entries}
    marks = [path for path in named if path.name in (DESCRIPTION, _DEFAULT["service"])]
    root = min(marks, key=lambda path: len(path.parts)).parent if marks else PurePosixPath()

    def read(name: str, most: int) -> bytes | None:
        entry = named.get(root / _inside(name))
        if entry is None:
            return None
        with archive.open(entry) as opened:  # what it says of its own size is not believed
            return opened.read(most + 1)

    return read


def _inside(name: str) -> PurePosixPath:
    """A path within the package. Raises `Unreadable` for one that leads out of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or any(sign in name for sign in "\\:\0"):
        raise Unreadable(_OUTSIDE)
    return path


@contextmanager
def _in_words() -> Iterator[None]:
    """What goes wrong in an archive, as `Unreadable`."""
    try:
        yield
    except RuntimeError:
        raise Unreadable("This zip file has a password. Save it without one.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise Unreadable("This zip file is damaged or of an unknown kind. Please make a new one.") from None


def _tables(read: Read) -> Package:
    files = _DEFAULT | _described(read(DESCRIPTION, LARGEST))
    left, problems, encoding = LARGEST, list[str](), ""
    others: dict[str, list[Record]] = {}
    services: list[ServiceRow] = []
    for name in _DEFAULT:
        body = read(files[name], left)
        if body is None:
            continue
        left -= len(body)
        if left < 0:
            raise Unreadable(f"This package holds more than {LARGEST // 1024**2} MB, so it is not read.")
        sheet, rows = _sheet(body, files[name])
        if name == "service":
            services, encoding = rows, sheet.encoding
        else:
            others[name] = [row.cells for row in rows if not (row.fault or row.withheld)]
            problems += _left_out(files[name], rows)
    if not encoding:
        raise Unreadable("This package has no services.csv. HSDS 3.0 packages of tables (CSV) can be read.")
    tables = Tables(services, others)
    return Package(tables, (*problems, *broken_keys(tables)), encoding)


def _described(body: bytes | None) -> dict[str, str]:
    """The files that a description names, by table."""
    if body is None:
        return {}
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable(f"{DESCRIPTION} is not JSON. Make the package anew.") from None
    resources = told.get("resources") if isinstance(told, dict) else None
    found: dict[str, str] = {}
    for each in resources if isinstance(resources, list) else ():
        name, path = (each.get("name"), each.get("path")) if isinstance(each, dict) else (None, None)
        path = path[0] if isinstance(path, list) and len(path) == 1 else path
        if isinstance(name, str) and name in _DEFAULT and isinstance(path, str):
            found[name] = str(_inside(path))
    return found


def _sheet(body: bytes, name: str) -> tuple[spreadsheets.Sheet, list[ServiceRow]]:
    """A table's rows. A column that marks rows as private keeps them back, as in any spreadsheet."""
    try:
        sheet = spreadsheets.read(io.BytesIO(body))
        flags = columns.guess(sheet.headings).flags
        names = [heading.casefold() for heading in sheet.headings]
        rows = []
        for row in sheet.rows:
            private = any(row.cells[at].strip().casefold() in _YES for at in flags)
            cells = {name: as_written(cell.strip()) for name, cell in zip(names, row.cells, strict=True)}
            rows.append(ServiceRow(row.line, cells, "marked private" if private else "", row.fault))
    except Unreadable as error:
        raise Unreadable(f"{PurePosixPath(name).name[:60]}: {error.words}") from None
    return sheet, rows


def _left_out(file: str, rows: list[ServiceRow]) -> list[str]:
    private = sum(bool(row.withheld) for row in rows)
    name = PurePosixPath(file).name[:60]
    said = [f"{name}, line {row.line}: {row.fault}" for row in rows if row.fault][:20]
    rows_are = "1 row is" if private == 1 else f"{private:,} rows are"
    return said + ([f"{name}: {rows_are} marked private and left out."] if private else [])


def files_of(rows: Rows) -> dict[str, str]:
    """The files of a package: name and text."""
    found = {DESCRIPTION: json.dumps(description(), indent=2) + "\n"}
    for name, (file, headings) in FILES.items():
        out = io.StringIO()
        writer: Any = csv.DictWriter(out, headings, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writeheader()
        for row in rows[name].values():  # in the order in which a service names its phones and areas
            # A telephone number stays one for the programs that packages are made for.
            kept = {column: cell for column, cell in row.items() if _TELEPHONE.fullmatch(cell)}
            writer.writerow({column: inert(cell) for column, cell in row.items()} | kept)
        found[file] = out.getvalue()
    return found


def write(rows: Rows, path: Path) -> None:
    """Write a package: a zip when its name ends so, else a folder."""
    files = files_of(rows)
    if path.suffix.casefold() != ".zip":
        path.mkdir(parents=True)
        for name, text in files.items():
            (path / name).write_text(text, encoding="utf-8", newline="")
        return
    with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
