"""The place where one writes: commands with their hints, completion, shortcuts."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from copbot.sandbox.driver.workspace import Workspace
from tests.page.windows import OpensWindow, Window, until
from tests.sandbox.peer import Bot, modal, need_field


def suggestions(window: Window) -> Locator:
    return window.page.locator(".main .suggestion")


def test_a_slash_shows_every_command_and_shortcut(window: OpensWindow) -> None:
    kim = window("kim")
    kim.box.fill("/")
    expect(suggestions(kim)).to_have_count(2)
    expect(suggestions(kim).nth(0)).to_contain_text("/ask")
    expect(suggestions(kim).nth(1)).to_contain_text("Ask for help")
    kim.box.press("Escape")
    expect(suggestions(kim)).to_have_count(0)


def test_the_hint_stays_in_sight_while_the_words_are_typed(window: OpensWindow) -> None:
    kim = window("kim")
    kim.box.fill("/as")
    kim.box.press("Tab")
    expect(kim.box).to_have_value("/ask ")
    kim.box.press_sequentially("for kits")
    expect(suggestions(kim)).to_have_text("/askAsk")
    expect(kim.box).to_have_value("/ask for kits")


def test_a_command_reaches_the_app_and_its_answer_is_for_one_person(window: OpensWindow, bot: Bot) -> None:
    heard: list[dict[str, Any]] = []

    def answer(command: dict[str, Any]) -> str:
        heard.append(command)
        return "only you read *this*"

    bot.answers_command(answer).connect()
    kim = window("kim").types("/ask for kits")
    row = kim.sees("only you read this")
    expect(row).to_contain_text("Only you can see this")
    expect(row.locator("strong")).to_have_text("this")
    expect(row).to_have_text(re.compile(r"only you read this$"))
    assert (heard[0]["text"], heard[0]["user_name"]) == ("for kits", "kim")
    window("noor").does_not_see("only you read this")


def test_an_unknown_command_is_answered_as_slack_does(window: OpensWindow, bot: Bot) -> None:
    bot.connect()
    kim = window("kim").types("/nothing here")
    expect(kim.sees("/nothing is not a valid command.")).to_contain_text("Only you can see this")
    expect(kim.rows).to_have_count(1)


def test_a_command_without_an_app_fails_in_slacks_words(window: OpensWindow) -> None:
    kim = window("kim")
    expect(kim.page.locator(".link-state")).to_have_text("The app is not connected")
    kim.types("/ask")
    kim.sees('/ask failed with the error "dispatch_failed"')


def test_people_and_channels_are_completed(window: OpensWindow) -> None:
    kim = window("kim")
    kim.box.press_sequentially("hello @rav")
    expect(suggestions(kim)).to_contain_text(["Ravi Tallow"])
    kim.box.press("Enter")
    expect(kim.box).to_have_value("hello @ravi ")
    kim.box.press_sequentially("see #ssp")
    kim.box.press("Tab")
    expect(kim.box).to_have_value("hello @ravi see #ssp-operations ")
    kim.box.press("Enter")
    row = kim.rows.last
    expect(row.locator(".mention").first).to_have_text("@Ravi Tallow")
    expect(row.get_by_role("link")).to_have_text("#ssp-operations")


def test_the_arrow_keys_choose_among_suggestions(window: OpensWindow) -> None:
    kim = window("kim")
    kim.box.press_sequentially("@")
    first = suggestions(kim).nth(0).inner_text()
    kim.box.press("ArrowDown")
    expect(suggestions(kim).nth(1)).to_have_attribute("aria-selected", "true")
    kim.box.press("ArrowUp")
    expect(kim.page.locator(".suggestion.marked")).to_contain_text(first.split("\n")[0][:4])


def test_shift_enter_begins_a_new_line_and_a_draft_is_kept(window: OpensWindow) -> None:
    kim = window("kim")
    kim.box.press_sequentially("one")
    kim.box.press("Shift+Enter")
    kim.box.press_sequentially("two")
    kim.goes("ssp-operations").goes("general")
    expect(kim.box).to_have_value("one\ntwo")
    kim.box.press("Enter")
    expect(kim.rows.last.locator(".words")).to_have_text("one\ntwo", use_inner_text=True)


def test_a_global_shortcut_opens_the_apps_form(window: OpensWindow, bot: Bot) -> None:
    def listener(ack: Any, shortcut: dict[str, Any], client: Any) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=modal(need_field()))

    bot.app.shortcut("ask_global")(listener)
    bot.connect()
    kim = window("kim")
    kim.presses("Shortcuts")
    kim.page.get_by_role("menuitem", name="Ask for help").click()
    expect(kim.form).to_be_visible()


def test_a_message_shortcut_carries_the_message(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    heard: list[dict[str, Any]] = []

    def listener(ack: Any, shortcut: dict[str, Any]) -> None:
        heard.append(shortcut)
        ack()

    bot.app.shortcut("ask_message")(listener)
    bot.connect()
    ws.person("noor").says("who knows this?", in_="general")
    kim = window("kim")
    kim.tool(kim.row("who knows this?"), "More")
    kim.page.get_by_role("menuitem", name="Help with this").click()
    acked = until(lambda: [e for e in ws.envelopes("message_action") if e["acked"]])
    assert [e["payload"]["message"]["text"] for e in acked] == ["who knows this?"]
    assert [each["callback_id"] for each in heard] == ["ask_message"]


def test_where_the_app_takes_no_messages_nothing_can_be_written(window_of_read_only: Window) -> None:
    kim = window_of_read_only.goes("Helper: Messages")
    expect(kim.page.locator(".pane-foot")).to_have_text("The app takes no messages.")


def test_the_list_of_places_shows_only_the_parts_the_app_has(window_of_read_only: Window) -> None:
    expect(window_of_read_only.place("Helper: Home")).to_have_count(0)
    expect(window_of_read_only.place("Helper: Messages")).to_have_count(1)


def test_a_file_is_attached_and_stands_in_the_conversation(window: OpensWindow) -> None:
    kim = window("kim")
    expect(kim.page.get_by_role("button", name="Attach a file", exact=True)).to_be_visible()
    chosen: Any = {"name": "list.csv", "mimeType": "text/csv", "buffer": b"Title\nTest strips\n"}
    kim.page.locator(".main .composer input[type=file]").set_input_files(chosen)
    expect(kim.page.locator(".main .card.file")).to_contain_text("list.csv")
