"""Whatever the sections hold, Slack takes the page, and nothing is out of reach."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from copbot.home.screens import DrawnSection, bounded, fitting, page, part_view
from copbot.sandbox.views import check_view
from copbot.slack.blocks import VIEW_BLOCKS, context, section, typed, words
from tests.home.given import profile

TEXT = st.text(max_size=40).map(lambda text: text * 90) | st.text(max_size=60)
BLOCK = st.one_of(TEXT.map(section), TEXT.map(words), TEXT.map(typed), TEXT.map(context))
PART_BLOCKS = st.lists(BLOCK, max_size=6).flatmap(
    lambda blocks: st.integers(0, 30).map(lambda times: tuple(blocks * times))
)


def drawn(found: list[tuple[Any, ...]]) -> list[DrawnSection]:
    return [DrawnSection(f"part{at}", f"Part {at}", bounded(blocks)) for at, blocks in enumerate(found)]


@given(st.lists(PART_BLOCKS, max_size=14))
def test_no_home_can_be_refused_inv12(found: list[tuple[Any, ...]]) -> None:
    view = page(profile(), drawn(found))
    assert check_view(view, kind="home") is None
    assert len(view["blocks"]) <= VIEW_BLOCKS


@given(PART_BLOCKS)
def test_a_section_on_its_own_cannot_be_refused_either_inv12(blocks: tuple[Any, ...]) -> None:
    assert check_view(part_view(DrawnSection("one", "One", bounded(blocks))), kind="modal") is None


def test_what_does_not_fit_stands_behind_a_button_and_nothing_is_lost() -> None:
    long = tuple(section(f"line {number}") for number in range(40))
    parts = [DrawnSection(name, name.title(), long) for name in ("first", "second", "third", "fourth")]
    shown, behind = fitting(parts)
    assert [part.name for part in shown] == ["first", "second"]
    assert [part.name for part in behind] == ["third", "fourth"]
    view = page(profile(), parts)
    buttons = [
        element["value"]
        for block in view["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id", "").startswith("home.part")
    ]
    assert buttons == ["third", "fourth"]


def test_a_short_section_stands_in_home_although_a_long_one_before_it_does_not() -> None:
    long = tuple(section(f"line {number}") for number in range(50))
    parts = [
        DrawnSection("first", "First", long),
        DrawnSection("second", "Second", long),
        DrawnSection("third", "Third", long[:3]),
    ]
    assert [part.name for part in fitting(parts)[0]] == ["first", "third"]


def test_a_section_that_is_longer_than_a_view_says_that_there_is_more() -> None:
    cut = bounded(tuple(section(f"line {number}") for number in range(200)))
    assert len(cut) == 61
    assert cut[-1]["elements"][0]["text"] == "Only part of the list fits here."


def test_heavy_blocks_are_cut_by_their_weight() -> None:
    cut = bounded(tuple(section("💊" * 1500) for _ in range(60)))
    assert 3 < len(cut) < 60
    assert cut[-1]["elements"][0]["text"] == "Only part of the list fits here."


def test_sections_that_are_too_heavy_together_stand_apart() -> None:
    heavy = tuple(typed("w" * 2900) for _ in range(30))
    parts = [DrawnSection(name, name.title(), heavy) for name in ("first", "second", "third")]
    assert [part.name for part in fitting(parts)[0]] == ["first", "second"]
    heavier = tuple(typed("💊" * 1400) for _ in range(8))
    parts = [DrawnSection(name, name.title(), heavier) for name in ("first", "second", "third")]
    assert [part.name for part in fitting(parts)[0]] == ["first"]
    assert check_view(page(profile(), parts), kind="home") is None


def test_an_empty_section_takes_no_room() -> None:
    with_it = page(profile(), [DrawnSection("none", "None", ()), DrawnSection("one", "One", (section("x"),))])
    without = page(profile(), [DrawnSection("one", "One", (section("x"),))])
    assert with_it == without
