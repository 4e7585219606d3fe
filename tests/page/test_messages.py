"""Messages as people see them, and what they do with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from copbot.sandbox.driver.workspace import Workspace
from tests.days import Sandbox
from tests.page.windows import OpensWindow, Shared, close, opener
from tests.sandbox.peer import Bot, manifest

Json = dict[str, Any]
NOON = 1_790_000_000


@pytest.fixture(scope="module")
def sandbox(port: int) -> Iterator[Sandbox]:
    """One workspace for all of them: what a test says in #general is told by its own words."""
    with Sandbox(manifest(), enforce_rates=False, port=port) as running:
        yield running


@pytest.fixture(scope="module")
def shared(browser: Browser, spare: list[Page], sandbox: Sandbox) -> Iterator[Shared]:
    windows = Shared(opener(browser, sandbox, [], spare))
    yield windows
    close(list(windows.held.values()), spare)


@pytest.fixture
def window(shared: Shared) -> Iterator[OpensWindow]:
    yield shared
    shared.hands_on()


def posted(bot: Bot, ws: Workspace, text: str, in_: str = "general", **more: Any) -> str:
    return str(bot.client.chat_postMessage(channel=ws.channels()[in_]["id"], text=text, **more)["ts"])


MARKS = [
    ("*bold* and _slanted_", "strong", "bold"),
    ("_slanted_", "em", "slanted"),
    ("~gone~", "s", "gone"),
    ("`make run`", "code", "make run"),
    ("```make\n  run```", "pre", "make\n  run"),
    ("&gt; said\n&gt; so", "blockquote", "said\nso"),
    ("<https://example.org|the page>", "a[href='https://example.org']", "the page"),
    ("<mailto:kim@example.org|write>", "a[href='mailto:kim@example.org']", "write"),
    ("see <!here>", ".mention.mine", "@here"),
    ("<!subteam^S0123456|@leads>", ".mention", "@leads"),
    ("*bold _and slanted_*", "strong em", "and slanted"),
    ("a &amp; b &lt;c&gt;", ".words", "a & b <c>"),
    ("2*3*4 snake_case_word", ".words", "2*3*4 snake_case_word"),
    ("`*not bold*`", "code", "*not bold*"),
]


def test_mrkdwn_is_shown_as_slack_shows_it(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    for text, _, _ in MARKS:
        posted(bot, ws, text, "ssp-operations", unfurl_links=False, unfurl_media=False)
    kim = window("kim").goes("ssp-operations")
    expect(kim.rows).to_have_count(len(MARKS))
    for number, (_, where, shown) in enumerate(MARKS):
        found = kim.rows.nth(number).locator(".content").locator(where).first
        expect(found).to_have_text(shown, use_inner_text=True)


def test_people_and_channels_are_named(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    kim, rooms = ws.users()["kim"]["id"], ws.channels()
    posted(bot, ws, f"Named: <@{kim}> in <#{rooms['ssp-operations']['id']}> or <#{rooms['ta-staff']['id']}>")
    row = window("kim").sees("Named: ")
    expect(row.locator(".mention.mine")).to_have_text("@Kim Alder")
    expect(row.get_by_role("link", name="#ssp-operations")).to_be_visible()
    expect(row).to_contain_text("a private channel")


def test_a_public_channel_is_named_to_whoever_is_not_in_it_and_a_private_one_is_not(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    rooms = ws.channels()
    posted(bot, ws, f"Public: <#{rooms['ssp-operations']['id']}> and <#{rooms['ta-staff']['id']}>")
    shown = window("juno").sees("Public: ").locator(".mention")
    expect(shown).to_have_text(["#ssp-operations", "a private channel"])


def test_a_mentioned_channel_opens(window: OpensWindow, ws: Workspace) -> None:
    ws.person("noor").says("opens #ssp-operations", in_="general")
    kim = window("kim")
    kim.sees("opens ").get_by_role("link", name="#ssp-operations").click()
    expect(kim.place("ssp-operations")).to_have_attribute("aria-current", "page")


def test_a_date_is_told_in_the_readers_zone(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    posted(bot, ws, f"due <!date^{NOON}^{{date_num}} at {{time}}|some day>")
    words = "due 2026-09-21"
    expect(window("kim").sees(words).locator("time[datetime]").last).to_have_text("2026-09-21 at 9:13 AM")
    expect(window("juno").sees(words).locator("time[datetime]").last).to_have_text("2026-09-21 at 10:13 AM")


def test_a_date_with_an_unknown_token_shows_its_fallback(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    posted(bot, ws, f"due <!date^{NOON}^{{fortnight}}|some day>")
    window("kim").sees("due some day")


def test_emoji_names_become_characters_and_unknown_ones_stay(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    posted(bot, ws, ":eyes: :white_check_mark: :no_such_thing:")
    row = window("kim").sees(":no_such_thing:")
    expect(row.get_by_role("img", name="eyes")).to_have_text("👀")
    expect(row.get_by_role("img", name="white check mark").locator("svg")).to_be_visible()


def test_what_people_type_is_formatted_as_they_meant_it(window: OpensWindow) -> None:
    row = window("kim").types("*typed* :tada: https://example.org @ravi").sees("typed 🎉")
    expect(row.locator("strong")).to_have_text("typed")
    expect(row.get_by_role("link", name="https://example.org")).to_be_visible()
    expect(row.locator(".mention")).to_have_text("@Ravi Tallow")


def test_an_edited_message_says_so_and_a_deleted_one_is_gone(window: OpensWindow, ws: Workspace) -> None:
    kim = ws.person("kim")
    message = kim.says("first words", in_="general")
    here = window("noor")
    here.sees("first words")
    kim.edits(message, "better words")
    expect(here.sees("better words")).to_contain_text("(edited)")
    kim.deletes(message)
    here.does_not_see("better words")


def test_a_deleted_first_message_leaves_its_place_to_the_thread(window: OpensWindow, ws: Workspace) -> None:
    kim = ws.person("kim")
    first = kim.says("the first", in_="general")
    ws.person("noor").says("a reply", in_="general", thread=first)
    kim.deletes(first)
    row = window("noor").sees("This message was deleted.")
    expect(row.get_by_role("button", name="1 reply")).to_be_visible()


def test_one_edits_and_deletes_ones_own_words_only(window: OpensWindow, ws: Workspace) -> None:
    ws.person("noor").says("from noor", in_="general")
    kim = window("kim").types("from kim")
    kim.tool(kim.row("from kim"), "More")
    kim.page.get_by_role("menuitem", name="Edit message", exact=True).click()
    field = kim.page.get_by_label("Edit message")
    expect(field).to_have_value("from kim")
    field.fill("changed by kim")
    field.press("Enter")
    kim.sees("changed by kim")
    kim.tool(kim.row("changed by kim"), "More")
    kim.page.get_by_role("menuitem", name="Delete message", exact=True).click()
    kim.presses("Delete", kim.page.get_by_role("dialog"))
    kim.does_not_see("changed by kim")
    kim.tool(kim.row("from noor"), "More")
    expect(kim.page.get_by_role("menuitem", name="Copy link", exact=True)).to_be_visible()
    expect(kim.page.get_by_role("menuitem", name="Delete message", exact=True)).to_have_count(0)


def test_an_administrator_may_delete_what_others_said(window: OpensWindow, ws: Workspace) -> None:
    ws.person("kim").says("out of place", in_="general")
    lou = window("lou")
    lou.tool(lou.row("out of place"), "More")
    expect(lou.page.get_by_role("menuitem", name="Edit message", exact=True)).to_have_count(0)
    expect(lou.page.get_by_role("menuitem", name="Delete message", exact=True)).to_be_visible()


def test_reactions_are_counted_named_and_taken_back(window: OpensWindow, ws: Workspace) -> None:
    message = ws.person("noor").says("well done", in_="general")
    ws.person("juno").reacts(message, "tada")
    kim = window("kim")
    one = kim.row("well done").locator(".reaction")
    expect(one).to_have_attribute("aria-label", "tada, 1: Juno Vale")
    one.click()
    expect(one).to_have_attribute("aria-pressed", "true")
    expect(one).to_contain_text("2")
    one.click()
    expect(one).to_contain_text("1")


def test_an_emoji_is_found_by_its_name(window: OpensWindow, ws: Workspace) -> None:
    ws.person("noor").says("seeds", in_="general")
    kim = window("kim")
    kim.tool(kim.row("seeds"), "React")
    kim.page.get_by_label("Search emoji").fill("seedl")
    kim.page.get_by_label("Search emoji").press("Enter")
    expect(kim.row("seeds").locator(".reaction")).to_have_attribute("aria-label", "seedling, 1: Kim Alder")


def test_a_thread_opens_beside_its_channel_and_takes_replies(window: OpensWindow, ws: Workspace) -> None:
    ws.person("noor").says("a question", in_="general")
    kim = window("kim")
    kim.tool(kim.row("a question"), "Reply in a thread")
    field = kim.thread.locator(".composer-field")
    expect(field).to_be_focused()
    field.fill("an answer")
    field.press("Enter")
    expect(kim.thread.locator(".row")).to_have_count(2)
    expect(kim.page.locator(".main .row", has_text="an answer")).to_have_count(0)
    expect(kim.row("a question").get_by_role("button", name="1 reply")).to_be_visible()
    assert "thread=" in kim.page.url
    kim.presses("Close thread")
    expect(kim.thread).to_have_count(0)


def test_commands_do_not_work_in_threads(window: OpensWindow, ws: Workspace, bot: Bot) -> None:
    ws.person("noor").says("another question", in_="general")
    kim = window("kim")
    kim.tool(kim.row("another question"), "Reply in a thread")
    kim.thread.locator(".composer-field").fill("/ask this")
    kim.thread.locator(".composer-field").press("Enter")
    expect(kim.thread).to_contain_text("/ask is not supported in threads. Sorry!")


def test_days_and_who_speaks_are_told_once(window: OpensWindow, ws: Workspace) -> None:
    kim = ws.person("kim")
    kim.says("one", in_="overdose-response")
    kim.says("two", in_="overdose-response")
    ws.clock.advance(86_400)
    kim.says("three", in_="overdose-response")
    here = window("juno").goes("overdose-response")
    expect(here.page.locator(".day")).to_have_text(["Yesterday", "Today"])
    expect(here.page.locator(".author")).to_have_count(2)
    ws.clock.advance(86_400)  # nothing is said, and the names of the days change all the same
    expect(here.page.locator(".day").last).to_have_text("Yesterday")


def test_an_old_style_attachment_and_a_file_are_shown(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    attachment = {
        "title": "A page",
        "title_link": "https://example.org",
        "text": "*Bold*",
        "fields": [{"title": "Area", "value": "Dane"}],
        "footer": "from elsewhere",
    }
    posted(bot, ws, "with an attachment", attachments=[attachment])
    row = window("kim").sees("with an attachment")
    expect(row.get_by_role("link", name="A page")).to_be_visible()
    expect(row.locator(".attachment strong").first).to_have_text("Bold")
    expect(row).to_contain_text("from elsewhere")


def test_a_message_seen_while_it_changes_keeps_its_place(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    general = ws.channels()["general"]["id"]
    ts = posted(bot, ws, "version 1")
    kim = window("kim")
    before = mark(kim.row("version 1"))
    for number in range(2, 6):
        bot.client.chat_update(channel=general, ts=ts, text=f"version {number}")
    kim.sees("version 5")
    expect(kim.page.locator(".main .row", has_text="version")).to_have_count(1)
    assert before == ts


def mark(row: Locator) -> str:
    return str(row.get_attribute("data-ts"))
