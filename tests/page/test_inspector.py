"""The inspector, what Slack would have refused, and the workspace's clock."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from copbot.sandbox.driver.workspace import Workspace
from tests.days import CALM
from tests.page.windows import OpensWindow, Window
from tests.sandbox.peer import Bot, error_of

CHICAGO = ZoneInfo("America/Chicago")


def inspector(window: Window) -> Locator:
    window.page.get_by_role("button", name="Inspector", exact=True).click()
    return window.page.locator(".inspector")


def test_each_call_stands_there_with_its_answer(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    bot.client.users_info(user=ws.users()["kim"]["id"])
    panel = inspector(window("kim"))
    line = panel.locator(".line", has_text="users.info")
    expect(line).to_contain_text("ms")
    line.locator("summary").click()
    expect(line.locator("pre")).to_contain_text('"real_name": "Kim Alder"')


def test_each_envelope_tells_how_long_its_ack_took_against_the_limit(window: OpensWindow, bot: Bot) -> None:
    bot.answers_command(lambda command: "thanks").connect()
    kim = window("kim")
    panel = inspector(kim)
    kim.types("/ask")
    line = panel.locator(".line", has_text="command · /ask")
    expect(line).to_contain_text(f"ms of {CALM.ack:.0f} s")
    meter = line.locator("meter")
    assert (
        float(meter.get_attribute("value") or "9999")
        < float(meter.get_attribute("max") or "0")
        == CALM.ack * 1000
    )
    line.locator("summary").click()
    expect(line.locator("pre")).to_contain_text('"text": "thanks"')


def test_what_nobody_acknowledged_is_marked(window: OpensWindow, bot: Bot) -> None:
    kim = window("kim").types("/ask")
    kim.sees("dispatch_failed")
    line = inspector(kim).locator(".line", has_text="/ask")
    expect(line).to_contain_text("never acknowledged")


def test_what_slack_would_refuse_is_told_with_its_reason(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    general = ws.channels()["general"]["id"]
    kim = window("kim")
    sign = kim.page.locator(".refused-sign")
    expect(sign).to_be_hidden()
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    assert (
        error_of(lambda: bot.client.chat_postMessage(channel=general, text="x", blocks=blocks))
        == "invalid_blocks"
    )
    expect(sign).to_have_text("1 refused")
    sign.click()
    panel = kim.page.locator(".inspector")
    expect(panel.locator(".refused")).to_contain_text("invalid_blocks in chat.postMessage")
    expect(panel.locator(".reason").last).to_contain_text("json-pointer:/blocks/0/text")
    panel.get_by_role("tab", name="Traffic").click()
    expect(panel.locator(".line.bad").first).to_contain_text("invalid_blocks")


def test_a_refusal_without_words_of_slacks_gets_ours(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    staff = ws.channels()["ta-staff"]["id"]
    error = error_of(lambda: bot.client.chat_postMessage(channel="C0NOWHERE", text=f"not {staff}"))
    kim = window("kim")
    kim.page.locator(".refused-sign").click()
    row = kim.page.locator(".refused li").first
    expect(row).to_contain_text(error)
    expect(row).to_contain_text("There is no such channel")


def test_an_honest_app_reads_that_all_is_well(window: OpensWindow, bot: Bot) -> None:
    panel = inspector(window("kim"))
    panel.get_by_role("tab", name="Refused by Slack").click()
    expect(panel).to_contain_text("Slack would have taken everything")


def test_a_line_is_copied_as_json(window: OpensWindow, bot: Bot) -> None:
    bot.client.auth_test()
    kim = window("kim", permissions=["clipboard-read", "clipboard-write"])
    panel = inspector(kim)
    line = panel.locator(".line", has_text="auth.test").first
    line.locator("summary").click()
    line.get_by_role("button", name="Copy as JSON").click()
    expect(kim.page.locator(".toast")).to_have_text("Copied as JSON.")
    copied = json.loads(kim.page.evaluate("navigator.clipboard.readText()"))
    assert (copied["method"], copied["answer"]["ok"]) == ("auth.test", True)


def test_an_open_line_stays_open_while_others_come(window: OpensWindow, bot: Bot) -> None:
    bot.client.auth_test()
    panel = inspector(window("kim"))
    line = panel.locator(".line", has_text="auth.test").first
    line.locator("summary").click()
    expect(line.locator("pre")).to_be_visible()
    bot.client.api_test()
    expect(panel.locator(".line", has_text="api.test")).to_be_visible()
    expect(line.locator("pre")).to_be_visible()


def test_an_empty_inspector_says_what_will_be_there(window: OpensWindow) -> None:
    expect(inspector(window("kim"))).to_contain_text("Nothing yet")


def test_the_clock_goes_to_monday_at_nine_where_one_is(window: OpensWindow, ws: Workspace) -> None:
    kim = window("kim")
    kim.page.get_by_role("button", name="Monday 9:00", exact=True).click()
    expect(kim.page.locator(".clock-words")).to_contain_text("Mon, ")
    expect(kim.page.locator(".clock-words")).to_contain_text("9:00 AM")
    at = datetime.fromtimestamp(ws.clock.now(), CHICAGO)
    assert (at.weekday(), at.hour, at.minute) == (0, 9, 0)


def test_an_hour_passes_at_once_for_everybody(window: OpensWindow, ws: Workspace) -> None:
    ws.clock.set(datetime(2026, 12, 1, 10, 15, tzinfo=CHICAGO).timestamp())
    kim, juno = window("kim"), window("juno")
    kim.page.get_by_role("button", name="+1 hour", exact=True).click()
    expect(kim.page.locator(".clock-words")).to_have_text("Tue, Dec 1, 2026, 11:15 AM")
    expect(juno.page.locator(".clock-words")).to_have_text("Tue, Dec 1, 2026, 12:15 PM")
    kim.types("an hour later")
    expect(kim.row("an hour later").locator("time")).to_have_text("11:15 AM")
