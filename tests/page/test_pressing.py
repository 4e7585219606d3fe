"""Buttons, menus and pickers in messages and in Home: what is pressed is what the app hears of."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from copbot.sandbox.driver.workspace import Workspace
from tests.days import day, moment
from tests.page.windows import OpensWindow, Window, until
from tests.rows import for_each
from tests.sandbox.peer import Bot, actions, button, home, option, plain, section

Json = dict[str, Any]
OPTIONS = [option("Naloxone", "naloxone"), option("Wound care", "wounds")]


def posted(bot: Bot, ws: Workspace, *elements: Json) -> str:
    blocks = [section("A notice"), actions(*elements)]
    general = ws.channels()["general"]["id"]
    return str(bot.client.chat_postMessage(channel=general, text="A notice", blocks=blocks)["ts"])


def shown(window: OpensWindow, bot: Bot, ws: Workspace, *elements: Json) -> tuple[Window, list[Json]]:
    """A message with these elements before kim, and what the app hears."""
    got = bot.answers_action("act")
    bot.connect()
    posted(bot, ws, *elements)
    kim = window("kim")
    kim.sees("A notice")
    return kim, got


def heard(got: list[Json]) -> Json:
    body = until(lambda: got)[-1]
    return dict(body["actions"][0])


def test_a_press_reaches_the_app_with_the_buttons_value(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    kim, got = shown(window, bot, ws, button("Take", "act", value="7:1"))
    kim.presses("Take")
    assert heard(got)["value"] == "7:1"
    assert got[0]["user"]["username"] == "kim"
    assert len(got) == 1


def test_the_second_of_two_buttons_with_one_name_is_the_second(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    got = bot.answers_action("act")
    bot.connect()
    for value in ("first", "second"):
        posted(bot, ws, button("Take", "act", value=value))
    kim = window("kim")
    kim.presses("Take", kim.rows.first)
    assert heard(got)["value"] == "first"


def test_a_confirm_dialog_asks_in_the_apps_words(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    confirm = {
        "title": plain("Withdraw it?"),
        "text": {"type": "mrkdwn", "text": "Staff *stop*."},
        "confirm": plain("Withdraw"),
        "deny": plain("Keep"),
        "style": "danger",
    }
    kim, got = shown(window, bot, ws, button("No longer needed", "act", value="1", confirm=confirm))
    dialog = kim.page.get_by_role("dialog", name="Withdraw it?", exact=True)
    kim.presses("No longer needed")
    expect(dialog.locator("strong")).to_have_text("stop")
    expect(dialog.get_by_role("button", name="Keep")).to_be_focused()
    kim.presses("Keep", dialog)
    kim.presses("No longer needed")
    kim.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert got == []
    kim.presses("No longer needed")
    kim.presses("Withdraw", dialog)
    assert heard(got)["value"] == "1"


def test_a_link_button_opens_its_address_and_tells_the_app(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    address = f"{ws.url}/clock"
    kim, got = shown(window, bot, ws, button("Read", "act", url=address))
    with kim.page.context.expect_page() as opened:
        kim.page.get_by_role("link", name="Read", exact=True).click()
    assert opened.value.url == address
    assert heard(got)["type"] == "button"


def test_an_overflow_menu_tells_which_entry(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    kim, got = shown(window, bot, ws, {"type": "overflow", "action_id": "act", "options": OPTIONS})
    kim.page.locator(".block").get_by_role("button", name="More actions").click()
    kim.page.get_by_role("menuitem", name="Wound care", exact=True).click()
    assert heard(got)["selected_option"]["value"] == "wounds"


SELECTS: list[tuple[Json, str, str, Any]] = [
    ({"type": "static_select", "options": OPTIONS}, "Wound care", "selected_option", "wounds"),
    ({"type": "users_select"}, "Ravi Tallow", "selected_user", "ravi"),
    ({"type": "conversations_select"}, "#ssp-operations", "selected_conversation", "ssp-operations"),
    ({"type": "channels_select"}, "#general", "selected_channel", "general"),
]


@pytest.fixture
def pressing(window: OpensWindow, bot: Bot, ws: Workspace) -> tuple[Window, list[Json]]:
    """A message before kim, and what the app hears."""
    return shown(window, bot, ws, button("Nothing", "nothing"))


@for_each(("element", "words", "key", "wanted"), SELECTS, ids=[s[0]["type"] for s in SELECTS])
def test_a_select_menu_tells_what_was_chosen(
    pressing: tuple[Window, list[Json]],
    bot: Bot,
    ws: Workspace,
    element: Json,
    words: str,
    key: str,
    wanted: str,
) -> None:
    kim, got = pressing
    got.clear()
    posted(bot, ws, {**element, "action_id": "act", "placeholder": plain(f"A {key}")})
    kim.chooses(f"A {key}", words)
    told = heard(got)[key]
    known = {**{u["id"]: n for n, u in ws.users().items()}, **{c["id"]: n for n, c in ws.channels().items()}}
    assert (told["value"] if isinstance(told, dict) else known[told]) == wanted
    expect(kim.rows.last.locator(".chosen")).to_have_text(words)


def test_a_menu_of_several_keeps_and_drops_choices(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    element = {"type": "multi_static_select", "options": OPTIONS, "placeholder": plain("Topics")}
    kim, got = shown(window, bot, ws, {**element, "action_id": "act"})
    kim.chooses("Topics", "Naloxone", "Wound care")
    until(lambda: len(got) == 2)
    kim.presses("Remove Naloxone")
    until(lambda: len(got) == 3)
    assert [[o["value"] for o in b["actions"][0]["selected_options"]] for b in got] == [
        ["naloxone"],
        ["naloxone", "wounds"],
        ["wounds"],
    ]


def test_an_external_menu_asks_the_app_for_what_is_typed(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    asked: list[str] = []

    def options(ack: Any, payload: Json) -> None:
        asked.append(payload["value"])
        ack(options=[option(f"Found {payload['value']}", "found")])

    bot.app.options("act")(options)
    element = {"type": "external_select", "action_id": "act", "placeholder": plain("Agency")}
    kim, got = shown(window, bot, ws, {**element, "min_query_length": 2})
    kim.page.get_by_role("button", name="Agency:").click()
    expect(kim.page.locator(".list-empty")).to_have_text("Type at least 2 characters.")
    kim.page.locator(".list-search").fill("lake")
    kim.page.get_by_role("option", name="Found lake", exact=True).click()
    assert heard(got)["selected_option"]["value"] == "found"
    assert asked == ["lake"]


def test_choices_and_pickers_in_a_message(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    elements = (
        {"type": "checkboxes", "action_id": "act", "options": OPTIONS},
        {"type": "datepicker", "action_id": "day"},
        {"type": "timepicker", "action_id": "hour"},
        {"type": "datetimepicker", "action_id": "moment"},
    )
    others = {name: bot.answers_action(name) for name in ("day", "hour", "moment")}
    kim, got = shown(window, bot, ws, *elements)
    kim.page.get_by_label("Wound care").check()
    assert [o["value"] for o in heard(got)["selected_options"]] == ["wounds"]
    kim.page.locator("input[type=date]").fill(day(31))
    assert heard(others["day"])["selected_date"] == day(31)
    kim.page.locator("input[type=time]").fill("09:30")
    assert heard(others["hour"])["selected_time"] == "09:30"
    kim.page.locator("input[type=datetime-local]").fill(f"{day(31)}T09:30")
    assert heard(others["moment"])["selected_date_time"] == moment(31, 9, 30)


def test_a_press_that_nobody_answers_says_so_beside_the_button(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    posted(bot, ws, button("Take", "act", value="1"))
    kim = window("kim")
    kim.presses("Take", kim.sees("A notice"))
    expect(kim.rows.last.get_by_role("alert")).to_contain_text("could not be reached (dispatch_failed)")


def test_buttons_meant_for_one_person_are_shown_to_that_person(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    kim = ws.users()["kim"]["id"]
    posted(bot, ws, button("Take", "act"), button("Only kim", "own", visible_to_user_ids=[kim]))
    expect(window("kim").sees("A notice").get_by_role("button", name="Only kim")).to_be_visible()
    row = window("noor").sees("A notice")
    expect(row.get_by_role("button", name="Take")).to_be_visible()
    expect(row.get_by_role("button", name="Only kim")).to_have_count(0)


def test_a_changed_message_keeps_the_keyboard_where_it_was(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    general = ws.channels()["general"]["id"]
    ts = posted(bot, ws, button("Take", "act"), button("Close", "close"))
    kim = window("kim")
    kim.sees("A notice").get_by_role("button", name="Close").focus()
    blocks = [section("Changed"), actions(button("Done", "done"), button("Close", "close"))]
    bot.client.chat_update(channel=general, ts=ts, text="Changed", blocks=blocks)
    expect(kim.sees("Changed").get_by_role("button", name="Close")).to_be_focused()


def test_home_is_asked_for_shown_and_pressed(window: OpensWindow, bot: Bot) -> None:
    got = bot.answers_action("act")

    def publish(event: Json, client: Any) -> None:
        view = home(section("Welcome home"), actions(button("Ask", "act", value="1")))
        client.views_publish(user_id=event["user"], view=view)

    bot.app.event("app_home_opened")(publish)
    bot.connect()
    kim = window("kim").goes("Helper: Home")
    expect(kim.page.locator(".home")).to_contain_text("Welcome home")
    kim.presses("Ask")
    assert heard(got)["value"] == "1"
    assert got[0]["view"]["type"] == "home"


def test_home_changes_while_it_is_looked_at(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    kim = ws.users()["kim"]["id"]
    bot.client.views_publish(user_id=kim, view=home(section("Before")))
    page = window("kim").goes("Helper: Home").page.locator(".home")
    expect(page).to_contain_text("Before")
    bot.client.views_publish(user_id=kim, view=home(section("After")))
    expect(page).to_contain_text("After")
    expect(page).not_to_contain_text("Before")
