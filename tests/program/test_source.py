"""Reading a profile's text: values as typed, each with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.program.schema.faults import ProfileFault, ProfileFaultLine
from copbot.program.schema.source import read_source

TEXT = """\
# a note
name: Ours
groups:
  - id: first
    label: One
  - {id: second, label: Two}
  -
    label: Third
long: >-
  several
  lines
"""


@pytest.mark.parametrize(
    ("place", "line", "name"),
    [
        (("name",), 2, "name"),
        (("groups",), 3, "groups"),
        (("groups", 0), 4, "groups.first"),
        (("groups", 0, "label"), 5, "groups.first.label"),
        (("groups", 1, "label"), 6, "groups.second.label"),
        (("groups", 2, "label"), 8, "groups.entry 3.label"),
        (("groups", 1, "missing"), 6, "groups.second.missing"),
        (("long",), 9, "long"),
        (("nowhere", "at", "all"), 2, "nowhere.at.all"),
        ((), 2, "the whole file"),
    ],
)
def test_every_place_has_a_line_and_a_name(place: tuple[str | int, ...], line: int, name: str) -> None:
    source = read_source("ours.yaml", TEXT)
    assert source.faults == []
    assert source.line(place) == line
    assert source.name(place) == name


@pytest.mark.parametrize(
    "typed",
    ["no", "off", "yes", "12:30", "0988", "1e3", "2026-01-01", "0x10", ".5", "1_000", "=", "inf", "true"],
)
def test_a_plain_value_is_the_text_that_was_typed(typed: str) -> None:
    assert read_source("x", f"a: {typed}").data == {"a": typed}


@pytest.mark.parametrize("blank", ["", "~", "null", " # only a note"])
def test_a_blank_value_is_none_and_a_quoted_one_is_not(blank: str) -> None:
    assert read_source("x", f"a: {blank}\nb: ''\nc: 'null'").data == {"a": None, "b": "", "c": "null"}


def test_names_are_texts_too() -> None:
    assert read_source("x", "no: 1\n911: 2\n").data == {"no": "1", "911": "2"}


def test_entries_leave_out_what_is_no_entry() -> None:
    source = read_source("x", "list:\n  - {id: a}\n  - words\n  -\n  - {id: b}\nname: x\n")
    assert list(source.entries("list")) == [(("list", 0), {"id": "a"}), (("list", 3), {"id": "b"})]
    assert list(source.entries("name")) == list(source.entries("nowhere", 3)) == []


def test_aliases_are_not_followed_however_many_they_make() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in ["ab", "bc", "cd", "de"]
    )
    source = read_source("x", bomb)
    assert source.data is None
    assert {fault.line for fault in source.faults} == {1, 2, 3, 4, 5}


def test_faults_stand_by_file_in_reading_order_and_once() -> None:
    late, early = ProfileFaultLine("a", 9, "f", "w", "r"), ProfileFaultLine("a", 2, "f", "w", "r")
    other = ProfileFaultLine("0", 1, "f", "w", "r")
    refused = ProfileFault([late, early, other, late])
    assert refused.faults == (early, late, other)
    assert str(refused).splitlines() == ["a:2: f: w; r", "a:9: f: w; r", "0:1: f: w; r"]


pieces = st.lists(
    st.sampled_from(
        [
            "a",
            ": ",
            "- ",
            "\n",
            "  ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "'",
            '"',
            "#",
            "&x ",
            "*x",
            "!t ",
            "|",
            ">",
            "?",
            "%",
            "---",
            "...",
            "\t",
            "\x00",
            "\ufeff",
            "é",
            "🙂",
            "<<",
            "\\",
            "\u2028",
            "@",
            "`",
            "~",
        ]
    ),
    max_size=40,
).map("".join)


@given(pieces)
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    source = read_source("x", text)
    assert (source.data is None) <= bool(source.faults)
    lines = len(text.splitlines()) + 1
    assert all(1 <= fault.line <= lines and fault.wrong and fault.right for fault in source.faults)
