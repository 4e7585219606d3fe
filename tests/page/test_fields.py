"""Every kind of field: what is put into it, what it begins with, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from copbot.sandbox.driver.workspace import Workspace
from tests.days import day, moment
from tests.page.forms import OPTIONS, Json, field, opened, values
from tests.page.windows import OpensWindow, Window
from tests.rows import for_each
from tests.sandbox.peer import Bot, asked, modal, option

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
