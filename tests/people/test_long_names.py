"""Names that are longer than Slack lets an option be: told apart, and never stored or filled in cut."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.people import fields
from copbot.people import rules as people_rules
from copbot.slack.blocks import LABEL
from copbot.slack.text import cut_middle, size

SCHOOL = "University of Wisconsin School of Medicine and Public Health, Department of Family Medicine, "
LONG = (SCHOOL + "Madison", SCHOOL + "Milwaukee")


def offered(typed: str) -> list[dict[str, Any]]:
    found = fields.agency_options([], typed, exact=False, adds=True)
    return [each for each in found if fields.is_new(each["value"])]


def test_two_long_names_are_told_apart_and_readable_whole() -> None:
    found = fields.agency_options(list(enumerate(LONG)), "", exact=False, adds=False)
    texts = [each["text"]["text"] for each in found]
    assert texts[0].endswith("Madison")
    assert texts[1].endswith("Milwaukee")
    for each, name in zip(found, LONG, strict=True):
        start, _, end = each["text"]["text"].partition("…")
        assert start + each["description"]["text"].strip("…") + end == name


@pytest.mark.parametrize(
    "name", ["Lakeside", "x" * 68, "x" * 69, "x" * 75, LONG[0], "é" * 120, "a b " * 29 + "c"]
)
def test_the_name_that_is_added_is_the_one_that_was_typed(name: str) -> None:
    [each] = offered(f"  {name} ")
    assert size(each["text"]["text"]) <= LABEL
    assert len(each["value"]) <= 150
    assert fields.name_to_add(each["value"], each["text"]["text"]) == name
    assert fields.agency_options([], name, exact=False, adds=True)[0] == each


def test_a_name_too_long_to_be_one_is_asked_for_anew() -> None:
    [each] = offered("x" * 121)
    assert fields.name_to_add(each["value"], each["text"]["text"]) == ""


def test_a_name_that_looks_like_the_offer_is_no_fault() -> None:
    assert fields.name_to_add(fields.NEW, "") == ""
    assert fields.name_to_add(fields.NEW, "Lakeside") == ""
    assert not fields.is_new("agency:newton")


@given(st.text(max_size=120), st.integers(4, 90))
def test_what_is_left_out_of_the_middle_is_told_whole(text: str, most: int) -> None:
    shown, left_out = cut_middle(text, most)
    assert size(shown) <= most
    if left_out:
        assert any(
            shown[:at] + left_out + shown[at + 1 :] == text for at, sign in enumerate(shown) if sign == "…"
        )
    else:
        assert shown == text


@given(st.text(max_size=130))
def test_any_name_that_can_be_an_agency_comes_back_whole(typed: str) -> None:
    name = people_rules.agency_name(typed)
    if people_rules.agency_trouble(name) is None:
        [each] = offered(name)
        assert fields.name_to_add(each["value"], each["text"]["text"]) == name
