"""Forms: every kind of field, what is wrong with them, several on top of each other, and leaving them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from copbot.sandbox.driver.workspace import Workspace
from tests.days import day, moment
from tests.page.windows import OpensWindow, Window, until
from tests.rows import for_each
from tests.sandbox.peer import Bot, actions, asked, button, modal, need_field, option, plain, section

Json = dict[str, Any]
OPTIONS = [option("Naloxone", "naloxone"), option("Wound care", "wounds")]


def opened(window: OpensWindow, bot: Bot, first: Json, **ack: Any) -> tuple[Window, list[Json]]:
    """The form before kim, and the submissions the app hears of."""
    got = bot.opens(first).answers_form(**ack)
    bot.connect()
    kim = window("kim").types("/ask")
    expect(kim.form).to_be_visible()
    return kim, got


def values(got: list[Json]) -> Json:
    state = until(lambda: got)[-1]["view"]["state"]["values"]
    return {action: held for block in state.values() for action, held in block.items()}


def field(kind: str, **more: Any) -> Json:
    """An optional input of this kind, whose label is its kind."""
    return asked(kind, {"type": kind, "action_id": kind, **more}, kind, optional=True)


EVERY = [
    field("plain_text_input", multiline=True),
    field("email_text_input"),
    field("url_text_input"),
    field("number_input", is_decimal_allowed=False),
    field("rich_text_input"),
    field("file_input"),
    field("static_select", options=OPTIONS),
    field("external_select", min_query_length=1),
    field("users_select"),
    field("conversations_select"),
    field("channels_select"),
    field("multi_static_select", options=OPTIONS),
    field("multi_external_select", min_query_length=1),
    field("multi_users_select"),
    field("multi_conversations_select"),
    field("multi_channels_select"),
    field("checkboxes", options=OPTIONS),
    field("radio_buttons", options=OPTIONS),
    field("datepicker"),
    field("timepicker"),
    field("datetimepicker"),
]


def fill_everything(kim: Window, file: str) -> None:
    form = kim.form
    form.get_by_label("plain_text_input").fill("two\nlines")
    form.get_by_label("email_text_input").fill("kim@example.org")
    form.get_by_label("url_text_input").fill("https://example.org")
    form.get_by_label("number_input").fill("12")
    form.get_by_label("rich_text_input").fill("rich words")
    form.get_by_label("file_input").set_input_files(file)
    for kind in ("static_select", "multi_static_select"):
        kim.chooses(kind, "Wound care")
    for kind in ("external_select", "multi_external_select"):
        kim.chooses(kind, "Found lake", typed="lake")
    for kind in ("users_select", "multi_users_select"):
        kim.chooses(kind, "Ravi Tallow")
    for kind in (
        "channels_select",
        "multi_channels_select",
        "conversations_select",
        "multi_conversations_select",
    ):
        kim.chooses(kind, "#general")
    form.get_by_role("checkbox", name="Naloxone").check()
    form.get_by_role("radio", name="Wound care").check()
    form.get_by_label("datepicker").fill(day(31))
    form.get_by_label("timepicker", exact=True).fill("09:30")
    form.get_by_label("datetimepicker").fill(f"{day(31)}T09:30")


def test_every_kind_of_field_reports_what_was_put_into_it(
    window: OpensWindow, bot: Bot, ws: Workspace, tmp_path: Any
) -> None:
    def offer(ack: Any, payload: Json) -> None:
        ack(options=[option(f"Found {payload['value']}", "found")])

    for kind in ("external_select", "multi_external_select"):
        bot.app.options(kind)(offer)
    kim, got = opened(window, bot, modal(*EVERY))
    (tmp_path / "list.csv").write_text("a,b")
    fill_everything(kim, str(tmp_path / "list.csv"))
    kim.presses("Send", kim.form)
    held = values(got)
    ravi, general = ws.users()["ravi"]["id"], ws.channels()["general"]["id"]
    assert held["plain_text_input"]["value"] == "two\nlines"
    assert held["email_text_input"]["value"] == "kim@example.org"
    assert held["url_text_input"]["value"] == "https://example.org"
    assert held["number_input"]["value"] == "12"
    assert held["rich_text_input"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "rich words"
    assert [f["name"] for f in held["file_input"]["files"]] == ["list.csv"]
    assert held["static_select"]["selected_option"]["value"] == "wounds"
    assert [o["value"] for o in held["multi_static_select"]["selected_options"]] == ["wounds"]
    assert held["external_select"]["selected_option"]["value"] == "found"
    assert [o["value"] for o in held["multi_external_select"]["selected_options"]] == ["found"]
    assert held["users_select"]["selected_user"] == ravi
    assert held["multi_users_select"]["selected_users"] == [ravi]
    assert held["channels_select"]["selected_channel"] == general
    assert held["multi_channels_select"]["selected_channels"] == [general]
    assert held["conversations_select"]["selected_conversation"] == general
    assert held["multi_conversations_select"]["selected_conversations"] == [general]
    assert [o["value"] for o in held["checkboxes"]["selected_options"]] == ["naloxone"]
    assert held["radio_buttons"]["selected_option"]["value"] == "wounds"
    assert held["datepicker"]["selected_date"] == day(31)
    assert held["timepicker"]["selected_time"] == "09:30"
    assert held["datetimepicker"]["selected_date_time"] == moment(31, 9, 30)
    expect(kim.form).to_have_count(0)
    assert ws.refusals() == []


def test_fields_begin_with_what_the_app_put_there(window: OpensWindow, bot: Bot) -> None:
    first = OPTIONS[0]
    kim, got = opened(
        window,
        bot,
        modal(
            field("plain_text_input", initial_value="some words"),
            field("static_select", options=OPTIONS, initial_option=first),
            field("multi_static_select", options=OPTIONS, initial_options=OPTIONS),
            field("checkboxes", options=OPTIONS, initial_options=[first]),
            field("datepicker", initial_date="2026-01-02"),
            field("datetimepicker", initial_date_time=moment(31, 9, 30)),
        ),
    )
    expect(kim.form.get_by_label("plain_text_input")).to_have_value("some words")
    expect(kim.form.locator(".chooser:not(.many) .chosen")).to_have_text("Naloxone")
    expect(kim.form.locator(".chip")).to_have_text(["Naloxone", "Wound care"])
    expect(kim.form.get_by_role("checkbox", name="Naloxone")).to_be_checked()
    expect(kim.form.get_by_label("datepicker")).to_have_value("2026-01-02")
    expect(kim.form.get_by_label("datetimepicker")).to_have_value(f"{day(31)}T09:30")
    kim.presses("Send", kim.form)
    assert values(got)["static_select"]["selected_option"]["value"] == "naloxone"


WRONG = [
    ({"type": "plain_text_input"}, "", "Please complete this required field."),
    ({"type": "plain_text_input", "min_length": 5}, "abc", "Must be at least 5 characters."),
    ({"type": "plain_text_input", "max_length": 3}, "abcd", "Must be 3 characters or fewer."),
    ({"type": "email_text_input"}, "nobody", "Please enter a valid email address."),
    ({"type": "url_text_input"}, "example", "Please enter a valid URL."),
    ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a whole number."),
]


@pytest.fixture
def asking(window: OpensWindow, bot: Bot) -> tuple[Window, list[Json], list[Json]]:
    """Kim's window, the forms that the app opens (the last of them each time), and what it hears."""
    forms: list[Json] = []
    got = bot.opens(lambda: forms[-1]).answers_form()
    bot.connect()
    return window("kim"), forms, got


@for_each(("element", "typed", "words"), WRONG, ids=[w[2] for w in WRONG])
def test_what_is_wrong_stands_at_the_field_before_the_app_hears_of_it(
    asking: tuple[Window, list[Json], list[Json]], element: Json, typed: str, words: str
) -> None:
    kim, forms, got = asking
    forms.append(modal(asked("Field", {**element, "action_id": "a"}, "b")))
    kim.types("/ask")
    box = kim.form.get_by_label("Field")
    box.fill(typed)
    kim.presses("Send", kim.form)
    expect(kim.form.locator("[data-input=b]").get_by_role("alert")).to_have_text(words)
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    assert got == []
    kim.presses("Cancel", kim.form)
    expect(kim.form).to_have_count(0)


def test_the_apps_own_errors_are_scrolled_to_and_the_text_stays(window: OpensWindow, bot: Bot) -> None:
    many = [asked(f"Field {n}", {"type": "plain_text_input", "action_id": "a"}, f"b{n}") for n in range(25)]
    errors = {"b3": "Too little", "b20": "Not that one"}
    kim, got = opened(window, bot, modal(*many), response_action="errors", errors=errors)
    for number in range(25):
        kim.form.get_by_label(f"Field {number}", exact=True).fill(f"words {number}")
    kim.presses("Send", kim.form)
    expect(kim.form.locator("[data-input=b3] .field-error")).to_have_text("Too little")
    expect(kim.form.locator("[data-input=b3] .field-error")).to_be_in_viewport()
    expect(kim.form.locator("[data-input=b20] .field-error")).to_have_text("Not that one")
    expect(kim.form.get_by_label("Field 3", exact=True)).to_have_value("words 3")
    assert len(got) == 1
    kim.form.get_by_label("Field 3", exact=True).fill("more words")
    kim.presses("Send", kim.form)
    until(lambda: len(got) == 2)


def test_a_form_shows_that_it_is_being_sent(window: OpensWindow, bot: Bot) -> None:
    go_on = threading.Event()

    def slow(ack: Any) -> None:
        go_on.wait(2.5)
        ack()

    bot.opens(modal(need_field()))
    bot.app.view("form")(slow)
    bot.connect()
    kim = window("kim").types("/ask")
    kim.form.get_by_label("Need").fill("kits")
    kim.presses("Send", kim.form)
    expect(kim.form).to_have_attribute("aria-busy", "true")
    expect(kim.form.get_by_role("button", name="Send")).to_be_disabled()
    expect(kim.form.get_by_role("button", name="Cancel")).to_be_disabled()
    go_on.set()
    expect(kim.form).to_have_count(0)


def test_a_form_nobody_answers_stays_with_what_was_typed(window: OpensWindow, bot: Bot) -> None:
    kim, _ = opened(window, bot, modal(need_field()))
    kim.form.get_by_label("Need").fill("kits for a festival")
    bot.close()
    expect(kim.page.locator(".link-state")).to_be_visible()
    kim.presses("Send", kim.form)
    expect(kim.form.locator(".form-trouble")).to_contain_text("We had some trouble connecting")
    expect(kim.form.get_by_label("Need")).to_have_value("kits for a festival")


def stacked(bot: Bot) -> list[Json]:
    """Three forms, each opening the next; returns what the app hears of their being closed."""
    closed: list[Json] = []

    def push(ack: Any, body: Json, client: Any) -> None:
        ack()
        depth = int(body["view"]["private_metadata"] or 1) + 1
        client.views_push(trigger_id=body["trigger_id"], view=step(depth))

    bot.app.action("deeper")(push)
    bot.app.view_closed("form")(lambda ack, body: (ack(), closed.append(body)))
    bot.opens(step(1))
    bot.connect()
    return closed


def step(depth: int) -> Json:
    blocks = [section(f"This is step {depth}"), actions(button("Deeper", "deeper"))]
    return modal(*blocks, title=f"Step {depth}", private_metadata=str(depth), notify_on_close=True)


def test_three_forms_lie_on_top_of_each_other(window: OpensWindow, bot: Bot) -> None:
    closed = stacked(bot)
    kim = window("kim").types("/ask")
    title = kim.form.locator("h2")
    expect(kim.form.get_by_role("button", name="Back")).to_have_count(0)
    for depth in (2, 3):
        kim.presses("Deeper", kim.form)
        expect(title).to_have_text(f"Step {depth}")
    kim.presses("Back", kim.form)
    expect(title).to_have_text("Step 2")
    assert [until(lambda: closed)[0]["is_cleared"]] == [False]
    kim.presses("Close form", kim.form)
    expect(kim.form).to_have_count(0)
    assert [b["is_cleared"] for b in until(lambda: closed if len(closed) == 3 else None) or []] == [
        False,
        True,
        True,
    ]


def test_esc_cancels_and_gives_the_keyboard_back(window: OpensWindow, bot: Bot) -> None:
    closed = stacked(bot)
    kim = window("kim").types("/ask")
    expect(kim.form).to_be_visible()
    kim.page.keyboard.press("Escape")
    expect(kim.form).to_have_count(0)
    expect(kim.box).to_be_focused()
    assert until(lambda: closed)[0]["view"]["title"]["text"] == "Step 1"


def test_esc_in_an_open_list_closes_only_the_list(window: OpensWindow, bot: Bot) -> None:
    kim, _ = opened(window, bot, modal(field("static_select", options=OPTIONS)))
    kim.form.get_by_role("button", name="static_select:").click()
    expect(kim.page.get_by_role("listbox")).to_be_visible()
    kim.page.keyboard.press("Escape")
    expect(kim.page.get_by_role("listbox")).to_have_count(0)
    expect(kim.form).to_be_visible()


def test_a_form_that_changes_keeps_what_stands_in_it(window: OpensWindow, bot: Bot) -> None:
    ask = modal(
        need_field(),
        asked(
            "Agency",
            {"type": "static_select", "action_id": "agency", "options": OPTIONS},
            "agency",
            dispatch_action=True,
        ),
    )
    more = {
        **ask,
        "blocks": [*ask["blocks"], asked("Which one?", {"type": "plain_text_input", "action_id": "x"}, "x")],
    }

    def change(ack: Any, body: Json, client: Any) -> None:
        ack()
        client.views_update(view_id=body["view"]["id"], view=more)

    bot.app.action("agency")(change)
    kim, got = opened(window, bot, ask)
    kim.form.get_by_label("Need").fill("kits")
    kim.chooses("Agency", "Wound care")
    kim.form.get_by_label("Which one?").fill("the second")
    expect(kim.form.get_by_label("Need")).to_have_value("kits")
    kim.presses("Send", kim.form)
    assert {name: held.get("value") for name, held in values(got).items()} | {"agency": None} == {
        "need": "kits",
        "agency": None,
        "x": "the second",
    }


def test_what_is_typed_last_is_sent_too(window: OpensWindow, bot: Bot) -> None:
    kim, got = opened(window, bot, modal(need_field()))
    kim.form.get_by_label("Need").press_sequentially("typed and sent at once")
    kim.page.keyboard.press("Control+Enter")
    assert values(got)["need"]["value"] == "typed and sent at once"


def test_an_enter_that_the_app_asked_for_reaches_it(window: OpensWindow, bot: Bot) -> None:
    heard = bot.answers_action("need")
    element = {"type": "plain_text_input", "action_id": "need"}
    kim, _ = opened(window, bot, modal(asked("Need", element, "need", dispatch_action=True)))
    kim.form.get_by_label("Need").fill("kits")
    kim.form.get_by_label("Need").press("Enter")
    assert until(lambda: heard)[0]["actions"][0]["value"] == "kits"
    expect(kim.form).to_be_visible()


def test_a_form_can_take_anothers_place(window: OpensWindow, bot: Bot) -> None:
    thanks = {
        "type": "modal",
        "callback_id": "thanks",
        "title": plain("Thank you"),
        "blocks": [section("Saved.")],
    }
    kim, _ = opened(window, bot, modal(need_field()), response_action="update", view=thanks)
    kim.form.get_by_label("Need").fill("kits")
    kim.presses("Send", kim.form)
    expect(kim.form.locator("h2")).to_have_text("Thank you")
    expect(kim.form.get_by_role("button", name="Send")).to_have_count(0)
    expect(kim.form.get_by_role("button", name="Close", exact=True)).to_be_focused()


def test_a_form_is_for_one_person_and_outlives_a_reload(window: OpensWindow, bot: Bot) -> None:
    kim, _ = opened(window, bot, modal(need_field()))
    kim.form.get_by_label("Need").fill("kits")
    until(lambda: "kits" in str(bot.sandbox.workspace().person("kim").modal().view["state"]))
    expect(window("noor").form).to_have_count(0)
    reload(kim.page)
    expect(kim.form.get_by_label("Need")).to_have_value("kits")


def reload(page: Page) -> None:
    page.reload()
    page.wait_for_selector("[data-ready]")


def test_the_field_the_app_points_at_has_the_keyboard(window: OpensWindow, bot: Bot) -> None:
    first, second = field("email_text_input"), field("url_text_input", focus_on_load=True)
    kim, _ = opened(window, bot, modal(first, second))
    expect(kim.form.get_by_label("url_text_input")).to_be_focused()


def test_a_field_that_an_answer_brings_is_seen_and_the_keyboard_stays(window: OpensWindow, bot: Bot) -> None:
    """The lines between the fields have new ids each time, as Slack's have."""
    choice = {**asked("When", {"type": "static_select", "action_id": "when", "options": OPTIONS}, "when")}
    tall = [field("plain_text_input", multiline=True)] + [section(f"line {at}") for at in range(20)]
    first = modal(*tall, {**choice, "dispatch_action": True}, section("the end"))
    reason = asked("Why", {"type": "plain_text_input", "action_id": "why"}, "why")
    second = modal(*tall, {**choice, "dispatch_action": True}, section("a word"), reason, section("the end"))

    @bot.app.action("when")
    def brings(ack: Any, body: Json, client: Any) -> None:
        ack()
        client.views_update(view_id=body["view"]["id"], view=second)

    kim, _ = opened(window, bot, first)
    kim.chooses("When", "Wound care")
    expect(kim.form.get_by_label("Why")).to_be_in_viewport()
    expect(kim.form.get_by_role("button", name="When: Wound care")).to_be_focused()


def test_after_a_menu_was_used_and_the_form_closed_typing_goes_into_the_message(
    window: OpensWindow, bot: Bot
) -> None:
    kim, _ = opened(window, bot, modal(field("static_select", options=OPTIONS)))
    kim.chooses("static_select", "Wound care")
    kim.presses("Cancel", kim.form)
    expect(kim.form).to_have_count(0)
    kim.page.keyboard.type("hello")
    expect(kim.box).to_have_value("hello")
