"""The guide's page in a browser: nothing is wider than a phone, and print is black on white."""

from __future__ import annotations

from playwright.sync_api import Browser

from copbot.program.profile import load
from copbot.resources.guide.page import html_page
from copbot.resources.guide.rules import Group, Guide, Part
from copbot.store import Store
from tests.days import DAY
from tests.resources.given import add

LONG = "https://example.org/" + "a-very-long-address" * 12
PHONES = tuple(f"608-555-01{number:02}" for number in range(10))


def test_a_phone_shows_all_of_it_and_print_needs_no_color(browser: Browser, sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        one = add(session, "W" * 150, kind="service", url=LONG, phones=PHONES, summary="word " * 300)
    guide = Guide(("wi-dane",), "Dane County", (Part("Dane County", (Group("Kind", (one,)),)),))
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(html_page((guide,), load(), DAY))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    lines = "[...document.querySelectorAll('article .number')].map(each => each.getClientRects().length)"
    assert page.evaluate(lines) == [1] * len(PHONES)
    page.emulate_media(media="print")
    colors = page.evaluate(
        "[...new Set([...document.querySelectorAll('body *')].flatMap(node => {"
        " const style = getComputedStyle(node); return [style.color, style.backgroundColor] }))]"
    )
    assert set(colors) <= {"rgb(0, 0, 0)", "rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}
    page.close()
