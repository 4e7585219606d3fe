"""Everything by keyboard alone."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from copbot.sandbox.driver.workspace import Workspace
from tests.page.windows import OpensWindow, until
from tests.sandbox.peer import Bot, actions, asked, button, modal, option, section

OPTIONS = [option("Naloxone", "naloxone"), option("Wound care", "wounds")]


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def test_a_request_is_written_and_sent_without_a_mouse(window: OpensWindow, bot: Bot) -> None:
    topics = asked(
        "Topics", {"type": "multi_static_select", "action_id": "topics", "options": OPTIONS}, "topics"
    )
    need = asked("Need", {"type": "plain_text_input", "action_id": "need", "multiline": True}, "need")
    sure = asked("Sure?", {"type": "checkboxes", "action_id": "sure", "options": OPTIONS[:1]}, "sure")
    got = bot.opens(modal(topics, need, sure)).answers_form()
    bot.connect()
    kim = window("kim")
    expect(kim.box).to_be_focused()
    kim.page.keyboard.type("/as")
    keys(kim.page, "Tab", "Enter")
    expect(kim.form).to_be_visible()
    expect(kim.form.get_by_role("button", name="Topics:")).to_be_focused()
    keys(kim.page, "Enter")
    kim.page.keyboard.type("wound")
    expect(kim.page.get_by_role("option")).to_have_count(1)
    keys(kim.page, "Enter", "Escape", "Tab")
    kim.page.keyboard.type("bandages")
    keys(kim.page, "Tab", "Space", "Tab", "Tab", "Enter")
    expect(kim.form).to_have_count(0)
    state: dict[str, Any] = until(lambda: got)[0]["view"]["state"]["values"]
    assert [o["value"] for o in state["topics"]["topics"]["selected_options"]] == ["wounds"]
    assert state["need"]["need"]["value"] == "bandages"
    assert [o["value"] for o in state["sure"]["sure"]["selected_options"]] == ["naloxone"]
    expect(kim.box).to_be_focused()


def test_a_button_in_a_message_is_reached_and_pressed(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    got = bot.answers_action("act")
    bot.connect()
    blocks = [section("A notice"), actions(button("Take", "act", value="1"), button("Close", "close"))]
    bot.client.chat_postMessage(channel=ws.channels()["general"]["id"], text="A notice", blocks=blocks)
    ws.person("noor").says("later words", in_="general")
    kim = window("kim")
    kim.sees("later words")
    keys(kim.page, "Shift+F6", "ArrowUp", "ArrowUp")
    expect(kim.row("A notice")).to_be_focused()
    keys(kim.page, "Enter")
    expect(kim.row("A notice").get_by_role("button", name="Take")).to_be_focused()
    keys(kim.page, "Enter")
    assert until(lambda: got)[0]["actions"][0]["value"] == "1"
    keys(kim.page, "Escape")
    expect(kim.row("A notice")).to_be_focused()


def test_places_and_people_are_changed_by_keys(window: OpensWindow) -> None:
    kim = window("kim")
    keys(kim.page, "Alt+ArrowDown")
    expect(kim.place("overdose-response")).to_have_attribute("aria-current", "page")
    keys(kim.page, "Alt+ArrowUp")
    expect(kim.place("general")).to_have_attribute("aria-current", "page")
    kim.page.locator(".person-switch").focus()
    keys(kim.page, "Enter", "ArrowDown", "Enter")
    expect(kim.page.locator(".person-switch")).to_contain_text("Juno Vale")


def test_a_thread_and_the_inspector_open_and_close_by_keys(window: OpensWindow, ws: Workspace) -> None:
    ws.person("noor").says("a question", in_="general")
    kim = window("kim")
    kim.row("a question").focus()
    kim.row("a question").get_by_role("button", name="Reply in a thread").focus()
    keys(kim.page, "Enter")
    expect(kim.thread.locator(".composer-field")).to_be_focused()
    keys(kim.page, "Escape")
    expect(kim.thread).to_have_count(0)
    keys(kim.page, "Control+i")
    expect(kim.page.locator(".inspector-body")).to_be_focused()
    keys(kim.page, "Escape")
    expect(kim.page.locator(".inspector")).to_be_hidden()


def test_the_keys_are_listed(window: OpensWindow) -> None:
    kim = window("kim")
    kim.page.locator(".main .scroller").focus()
    keys(kim.page, "?")
    dialog = kim.page.get_by_role("dialog", name="Keys", exact=True)
    expect(dialog).to_contain_text("previous or next place")
    keys(kim.page, "Escape")
    expect(dialog).to_have_count(0)


def test_tab_goes_from_the_top_to_where_one_writes_without_a_trap(window: OpensWindow, ws: Workspace) -> None:
    ws.person("noor").says("some words", in_="general")
    kim = window("kim")
    kim.sees("some words")
    kim.page.evaluate("document.activeElement.blur()")
    passed: list[str] = []
    for _ in range(60):
        keys(kim.page, "Tab")
        passed.append(str(kim.page.evaluate("document.activeElement.className")))
        if "composer-field" in passed[-1]:
            break
    order = [
        next(i for i, name in enumerate(passed) if part in name)
        for part in ("skip", "person-switch", "place", "composer-field")
    ]
    assert order == sorted(order)


def test_where_the_keyboard_is_can_be_seen(window: OpensWindow) -> None:
    kim = window("kim")
    for _ in range(12):
        keys(kim.page, "Tab")
        seen = kim.page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
                 return document.activeElement === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none' || document.activeElement.closest('.composer-box') !== null; }"""
        )
        assert seen, kim.page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
