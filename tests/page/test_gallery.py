"""One page with every kind of block: none may be shown as unknown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from copbot.sandbox.blocks import ALLOWED, KINDS, check_blocks
from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.elements import BUTTONS, CHOICES, MENUS, MOMENTS, PICKERS, RICH_INPUT, TYPED
from copbot.sandbox.form import with_ids
from copbot.sandbox.gallery import EXAMPLES
from tests.days import Sandbox
from tests.page.measures import NAMELESS, weak
from tests.page.windows import PHONE, WIDE, OpensWindow, Window, close, opener
from tests.sandbox.peer import Bot, manifest


def kinds_in(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(kinds_in, value))
    if not isinstance(value, dict):
        return set()
    return {str(value.get("type"))}.union(*map(kinds_in, value.values()))


def test_the_gallery_has_every_block_and_element_that_slack_takes() -> None:
    elements = {*BUTTONS, *MENUS, *CHOICES, *PICKERS, *MOMENTS, *RICH_INPUT, *TYPED}
    assert {*KINDS, *elements} - kinds_in(list(EXAMPLES.values())) == set()


def test_slack_would_take_each_of_them() -> None:
    for kind, blocks in EXAMPLES.items():
        surface = "message" if kind in ALLOWED["message"] and kind != "input" else "modal"
        for block in blocks:
            assert check_blocks([block], surface) == [], kind


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The gallery: nothing in it can be changed."""
    opened: list[Window] = []
    with Sandbox(manifest(), enforce_rates=False) as running:
        yield opener(browser, running, opened)("kim", "/gallery").page
        close(opened, [])


def test_no_kind_is_shown_as_unknown(page: Page) -> None:
    counts = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[data-kind]')].map((one) =>
            [one.dataset.kind, one.querySelectorAll('.block').length]))"""
    )
    assert [kind for kind in KINDS if not counts.get(kind)] == []
    expect(page.locator(".unknown")).to_have_count(0)


def test_every_kind_shows_something_and_fits(page: Page) -> None:
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.gallery section > .content > .block')].map((block) => {
            const at = block.getBoundingClientRect();
            return [block.closest('section').dataset.kind, at.width, at.height, block.scrollWidth];
        })"""
    )
    assert {kind for kind, *_ in boxes} >= set(KINDS)
    for kind, width, height, wanted in boxes:
        assert height > 0, kind
        assert wanted <= width + 1, f"{kind} is wider than its place"


def test_on_a_telephone_too(page: Page) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_the_gallery_can_be_read(page: Page) -> None:
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    assert weak(page) == []
    assert page.evaluate(NAMELESS) == []


def test_an_unknown_kind_is_said_to_be_one_and_can_be_looked_into(window: OpensWindow, ws: Workspace) -> None:
    ws.person("noor").says("", in_="general", blocks=[{"type": "hologram", "block_id": "h", "of": "a kit"}])
    row = window("kim").rows.last
    expect(row).to_contain_text("A block this page cannot draw: hologram")
    row.locator("summary").click()
    expect(row.locator("pre")).to_contain_text('"of": "a kit"')


def test_the_examples_hold_in_a_real_message(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    general = ws.channels()["general"]["id"]
    shown = [kind for kind in EXAMPLES if kind in ALLOWED["message"] and kind != "input"]
    for kind in shown:
        numbers = iter(range(100))
        blocks = with_ids({"blocks": EXAMPLES[kind][:2]}, lambda numbers=numbers: f"n{next(numbers)}")[
            "blocks"
        ]  # type: ignore[misc]
        bot.client.chat_postMessage(channel=general, text=kind, blocks=blocks)
    kim = window("kim")
    expect(kim.rows).to_have_count(len(shown))
    expect(kim.page.locator(".row .unknown")).to_have_count(0)
