"""Spreadsheets as offices save them."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.imports.readers.spreadsheets import Sheet, read
from copbot.imports.readers.values import Unreadable
from tests.rows import for_each


def sheet(text: str | bytes, encoding: str = "utf-8") -> Sheet:
    return read(io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding)))


def refused(text: str | bytes) -> str:
    with pytest.raises(Unreadable) as error:
        list(sheet(text).rows)
    return error.value.words


@for_each("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@for_each("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found_out(encoding: str, separator: str) -> None:
    words = "Añadir información sobre atención médica y reducción de daños en Peñasco"
    got = sheet(separator.join(("Title", "Web address")) + "\r\n" + separator.join((words, "x")), encoding)
    assert got.headings == ("Title", "Web address")
    assert [row.cells for row in got.rows] == [(words, "x")]
    assert got.guessed == (encoding == "cp1252")


def test_a_cell_may_hold_separators_quotes_and_lines_and_the_line_it_begins_on_is_told() -> None:
    got = sheet('Title,Summary\n"a, b","one\ntwo ""x"""\n\n c ,\n')
    assert [(row.line, row.cells) for row in got.rows] == [(2, ("a, b", 'one\ntwo "x"')), (5, (" c ", ""))]


def test_excels_own_first_line_names_the_separator() -> None:
    assert [row.cells for row in sheet("sep=;\nTitle;Web\na,b;c\n").rows] == [("a,b", "c")]


def test_a_row_longer_than_the_headings_is_refused_with_its_line_and_never_shifted() -> None:
    rows = list(sheet("Title,Web\na,b,c\nd,e\nf,g,,\n").rows)
    assert (rows[0].line, "3 cells and the heading row 2" in rows[0].fault) == (2, True)
    assert [(row.cells, row.fault) for row in rows[1:]] == [(("d", "e"), ""), (("f", "g"), "")]


def test_what_cannot_be_read_is_refused_in_words_that_say_what_to_do() -> None:
    assert "Line 3 cannot be read: a quotation mark" in refused('Title\na\n"b\nc\nd\n')
    assert "longer than" in refused("Title\n" + "a" * 30_000)
    assert "This file is empty" in refused("")
    assert "This file is empty" in refused("\n \n")
    assert "Excel workbook" in refused(b"PK\x03\x04rest")
    assert "Two columns" in refused("Title,title\na,b\n")
    assert "(NUL)" in next(sheet("Title\na\0b\n").rows).fault


def test_a_hundred_thousand_rows_take_no_more_memory_than_a_few() -> None:
    body = io.BytesIO(b"Title,Web\n" + b"A resource of some length,https://example.org/page\n" * 100_000)
    tracemalloc.start()
    assert sum(1 for _ in read(body).rows) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
    assert not body.closed


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_refused(body: bytes) -> None:
    try:
        got = sheet(body)
        widths = {len(row.cells) for row in got.rows}
    except Unreadable:
        return
    assert widths <= {len(got.headings)}
