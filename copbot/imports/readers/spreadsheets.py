"""Spreadsheets saved as text: encoding and separator found out, rows one by one with the line they begin on.

Cells that a spreadsheet program could run as formulas are made inert on the way out, and read as before on the way in.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO

from copbot.imports.readers.values import Unreadable

LONGEST_CELL = 20_000
MOST_COLUMNS = 500
_SAMPLE = 256 * 1024
_SEPARATORS = (",", ";", "\t", "|")
_WESTERN = re.compile(
    r"cp125[024]|cp85\d|cp437|latin|iso8859_(1|2|9|10|13|14|15|16)$|mac_(roman|latin|turk|iceland)"
)
_RUNS, _INERT = re.compile("'*[=+\\-@\t\r\n＝＋－＠]"), re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-\d+(\.\d+)?")


@dataclass(frozen=True)
class Row:
    """A row's cells in the order of the headings; `fault` is a sentence when the row itself is wrong."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True)
class Sheet:
    """A spreadsheet being read. `encoding` is its name for people; `guessed` says that the file does not tell it."""

    headings: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str
    guessed: bool


def read(file: BinaryIO) -> Sheet:
    """The sheet in an open file; rows are read as they are asked for, so any number of them takes little memory.

    Raises `Unreadable` at once for what is no spreadsheet, and from `rows` where a quotation mark is not closed.
    """
    codec, name, guessed = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(_Unclosed(file)), encoding=codec, errors="strict", newline="")
    lines = _lines(text)
    first = next((line for line in lines if line.strip()), "")
    if first.casefold().startswith("sep=") and len(first.strip()) == 5:
        separator, first = first.strip()[4], next((line for line in lines if line.strip()), "")
    else:
        separator = max(_SEPARATORS, key="".join(first.split('"')[::2]).count)  # outside quotation marks
    if not first.strip():
        raise Unreadable("This file is empty. The first line must hold the headings.")
    parsed = _parsed(chain([first], lines), separator)
    _, headings = next(parsed)
    _check_headings(headings)
    named = tuple(" ".join(cell.split()) for cell in headings)
    return Sheet(named, _rows(parsed, len(headings)), name, guessed)


class _Unclosed(io.RawIOBase):
    """The caller's file, which stays open when what reads it is thrown away."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        got = self._file.read(len(buffer))
        buffer[: len(got)] = got
        return len(got)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    try:
        yield from text
    except UnicodeError:
        raise Unreadable("This file holds characters that cannot be read. Save it as “CSV UTF-8”.") from None


def _parsed(lines: Iterator[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins on. Raises `Unreadable` where the file breaks off inside quotation marks."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        began = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            why = f"a quotation mark is not closed, or a cell is longer than {LONGEST_CELL:,} characters"
            raise Unreadable(f"Line {began} cannot be read: {why}.") from None
        yield began, cells


def _rows(parsed: Iterator[tuple[int, list[str]]], width: int) -> Iterator[Row]:
    for line, cells in parsed:
        if not "".join(cells).strip():
            continue
        fault = ""
        if "".join(cells[width:]).strip():
            fault = f"This row has {len(cells)} cells and the heading row {width}. Put texts with commas in quotation marks."
        elif "\0" in "".join(cells):
            fault = "This row has a character that can't be read (NUL). Delete it."
        yield Row(line, tuple(cells[:width]) + ("",) * (width - len(cells)), fault)


def _check_headings(headings: list[str]) -> None:
    if "\0" in "".join(headings):
        raise Unreadable("This is not a spreadsheet saved as text. Save it as “CSV UTF-8”.")
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(
            f"This file has more than {MOST_COLUMNS} columns. Check that a comma or semicolon separates them."
        )
    named = [" ".join(heading.casefold().split()) for heading in headings if heading.strip()]
    twice = next((heading for heading in named if named.count(heading) > 1), "")
    if twice:
        raise Unreadable(f"Two columns have the heading “{twice[:60]}”. Give each its own.")


def inert(cell: str) -> str:
    """The cell with an apostrophe in front when it could run; negative numbers stay numbers."""
    return f"'{cell}" if _RUNS.match(cell) and not _NUMBER.fullmatch(cell) else cell


def as_written(cell: str) -> str:
    """What `inert` was given: one apostrophe before a sign that could begin a formula is taken off."""
    return cell[1:] if _INERT.match(cell) else cell


def _encoding(file: BinaryIO) -> tuple[str, str, bool]:
    """Codec, its name for people, and whether it is a guess."""
    file.seek(0)  # a file is read twice: to count its rows, then to take them
    start = file.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "UTF-8", False
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "UTF-16", False
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("This is an Excel workbook. In Excel choose Save As, then “CSV UTF-8”.")
    file.seek(0)
    if _is_utf8(file):
        return "utf-8", "UTF-8", False
    file.seek(0)
    from charset_normalizer import from_bytes

    best = from_bytes(file.read(_SAMPLE)).best()
    if best is None:
        raise Unreadable("The characters in this file can't be read. Save it as “CSV UTF-8”.")
    # Western European letters look alike to statistics; in American offices they are Windows' own.
    codec = "cp1252" if _WESTERN.match(best.encoding) else best.encoding
    return codec, codec.replace("cp1252", "Windows-1252").replace("_", "-"), True


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with suppress(UnicodeDecodeError):
        while part := file.read(_SAMPLE):
            decoder.decode(part)
        decoder.decode(b"", final=True)
        return True
    return False
