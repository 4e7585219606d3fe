"""Forms: the app's own errors, several on top of each other, and leaving them."""

from __future__ import annotations

import threading
from typing import Any

from playwright.sync_api import Page, expect

from tests.page.forms import OPTIONS, Json, field, opened, values
from tests.page.windows import OpensWindow, until
from tests.sandbox.peer import Bot, actions, asked, button, modal, need_field, plain, section


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
