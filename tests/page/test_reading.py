"""For every eye and hand: names for screen readers, contrast, light and dark, a telephone's width."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from copbot.sandbox.driver.workspace import Workspace
from tests.page.measures import CONTRAST, NAMELESS, weak
from tests.page.windows import PHONE, WIDE, OpensWindow, Window
from tests.sandbox.peer import Bot, actions, button, home, modal, need_field, section


def lived_in(window: OpensWindow, bot: Bot, ws: Workspace, **options: Any) -> Window:
    """A window with a bit of everything in it."""
    bot.opens(modal(need_field(), section("Some *words*"))).answers_form(
        response_action="errors", errors={"need_block": "Too little"}
    )
    bot.connect()
    general = ws.channels()["general"]["id"]
    first = ws.person("noor").says("a question for @kim and @ravi, see `code`", in_="general")
    ws.person("juno").says("an answer", in_="general", thread=first)
    ws.person("juno").reacts(first, "tada")
    bot.client.conversations_join(channel=general)
    blocks = [
        section("A notice"),
        actions(button("Take", "a", style="primary"), button("Close", "b", style="danger")),
    ]
    bot.client.chat_postMessage(channel=general, text="A notice", blocks=blocks)
    bot.client.chat_postEphemeral(channel=general, user=ws.users()["kim"]["id"], text="for kim")
    ws.person("noor").says("unread", in_="ssp-operations")
    bot.client.views_publish(user_id=ws.users()["kim"]["id"], view=home(section("Welcome")))
    kim = window("kim", **options)
    kim.sees("for kim")
    return kim


def stops(kim: Window) -> list[str]:
    """The page in its different states, one after the other, each of them light and dark."""
    page = kim.page
    found: list[str] = []

    def look(name: str) -> None:
        found.extend(f"{name}: {each}" for each in (*weak(page), *page.evaluate(NAMELESS)))

    look("channel")
    page.locator(".person-switch").click() if not page.locator(".drawer-button").is_visible() else None
    look("people")
    page.keyboard.press("Escape")
    kim.row("a question").get_by_role("button", name="1 reply").click()
    expect(kim.thread.locator(".row")).to_have_count(2)
    look("thread")
    page.keyboard.press("Escape")
    kim.presses("Close thread") if kim.thread.count() else None
    page.keyboard.press("Control+i")
    expect(page.locator(".inspector .line").first).to_be_visible()
    look("inspector")
    page.keyboard.press("Escape")
    kim.types("/ask")
    kim.form.get_by_label("Need").fill("x")
    kim.presses("Send", kim.form)
    expect(kim.form.locator(".field-error")).to_have_text("Too little")
    look("form")
    return found


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_all_text_can_be_read_and_everything_has_a_name(
    window: OpensWindow, bot: Bot, ws: Workspace, size: tuple[int, int]
) -> None:
    assert stops(lived_in(window, bot, ws, size=size)) == []


def test_the_measure_itself_finds_what_is_too_weak_or_has_no_name(window: OpensWindow) -> None:
    page = window("kim").page
    page.evaluate(
        """() => { const node = document.createElement('p');
             node.textContent = 'hardly seen'; node.style.color = '#bbb';
             const button = document.createElement('button'); button.style.padding = '9px';
             document.querySelector('.bar').append(node, button); }"""
    )
    assert [each for each in page.evaluate(CONTRAST) if "hardly seen" in each]
    assert len(page.evaluate(NAMELESS)) == 1


def ground_of(page: Page) -> tuple[int, ...]:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return tuple(int(part) for part in re.findall(r"\d+", colour)[:3])


def test_light_or_dark_follows_the_system_and_can_be_turned(window: OpensWindow) -> None:
    kim = window("kim", color_scheme="dark")
    assert max(ground_of(kim.page)) < 60
    kim.page.get_by_role("button", name="Light or dark", exact=True).click()
    assert min(ground_of(kim.page)) > 200
    kim.page.reload()
    expect(kim.box).to_be_visible()
    assert min(ground_of(kim.page)) > 200


def test_the_parts_of_the_window_are_landmarks(window: OpensWindow) -> None:
    page = window("kim").page
    for role in ("banner", "navigation", "main"):
        expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
    expect(page.get_by_role("heading", level=1)).to_have_text("general")
    expect(page.get_by_role("list", name="Messages", exact=True)).to_have_count(1)
    assert page.locator("html").get_attribute("lang") == "en"


def overflows(page: Page) -> list[str]:
    """Whatever reaches beyond the window's right edge and is not in something that scrolls."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(node => {
            const at = node.getBoundingClientRect();
            return at.width > 0 && at.right > innerWidth + 1 && node.checkVisibility({ visibilityProperty: true }) && !node.closest('.table-frame, .carousel, .sidebar, .unseen, pre');
        }).map(node => node.outerHTML.slice(0, 120))"""
    )
    return found


def test_a_telephone_shows_one_thing_at_a_time(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    kim = lived_in(window, bot, ws, size=PHONE)
    page = kim.page
    expect(page.locator(".sidebar")).to_be_hidden()
    assert overflows(page) == []
    page.get_by_role("button", name="Channels and people", exact=True).click()
    expect(page.locator(".sidebar")).to_be_visible()
    kim.place("ssp-operations").click()
    expect(page.locator(".sidebar")).to_be_hidden()
    kim.sees("unread")
    kim.goes("general").row("a question").get_by_role("button", name="1 reply").click()
    expect(kim.thread).to_be_visible()
    assert overflows(page) == []
    kim.presses("Close thread")
    kim.types("/ask")
    box = kim.form.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, PHONE[0])
    assert overflows(page) == []
    kim.presses("Cancel", kim.form)
    page.get_by_role("button", name="Inspector", exact=True).click()
    expect(page.locator(".inspector .line").first).to_be_visible()
    assert overflows(page) == []


BROKEN = """() => {
    const walker = document.createTreeWalker(document.querySelector('.main'), NodeFilter.SHOW_TEXT);
    const found = { whole: 0, broken: [] };
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        for (const match of text.data.matchAll(/TA-1005|608-555-0100/g)) {
            const range = document.createRange();
            range.setStart(text, match.index);
            range.setEnd(text, match.index + match[0].length);
            if (range.getClientRects().length === 1) found.whole += 1;
            else found.broken.push(text.data.slice(0, match.index + match[0].length));
        }
    }
    return found;
}"""


def test_on_a_telephone_no_number_ends_a_line_at_its_hyphen(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    bot.connect()
    general = ws.channels()["general"]["id"]
    bot.client.conversations_join(channel=general)
    places = [f"{'i' * length} 608-555-0100 TA-1005" for length in range(1, 60, 2)]
    lines = "\n".join(places)
    typed = {"type": "rich_text_section", "elements": [{"type": "text", "text": lines}]}
    blocks = [
        section(lines),
        {"type": "section", "text": {"type": "mrkdwn", "text": lines}},
        {"type": "rich_text", "elements": [typed]},
    ]
    bot.client.chat_postMessage(channel=general, text="Numbers", blocks=blocks)
    kim = window("kim", size=PHONE)
    kim.sees(places[-1])
    assert kim.page.evaluate(BROKEN) == {"whole": 3 * 2 * len(places), "broken": []}
    assert kim.row(places[0]).locator(".number").first.inner_text() == "608-555-0100"


def test_on_a_telephone_the_clock_and_the_people_are_within_reach(window: OpensWindow, ws: Workspace) -> None:
    kim = window("kim", size=PHONE)
    before = ws.clock.now()
    kim.page.get_by_role("button", name="Move it").click()
    kim.page.get_by_role("menuitem", name="+1 hour").click()
    expect(kim.page.locator(".toast", has_text="It is now")).to_be_visible()
    assert ws.clock.now() - before >= 3600
    kim.page.get_by_role("button", name="Channels and people", exact=True).click()
    kim.becomes("ravi")
    expect(kim.page.locator(".person-switch")).to_contain_text("Ravi Tallow")


def test_long_words_do_not_widen_the_window(window: OpensWindow, ws: Workspace) -> None:
    ws.person("noor").says("x" * 900, in_="general")
    ws.person("noor").says(f"https://example.org/{'y' * 600}", in_="general")
    for size in (WIDE, PHONE):
        kim = window("kim", size=size)
        kim.sees("x" * 900)
        assert overflows(kim.page) == []
