"""The list of things to try: what it names, and what ticks a line off."""

from __future__ import annotations

import pytest

from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.tutorial import TRIES
from tests.days import Sandbox
from tests.sandbox.peer import Bot, button, manifest, modal, need_field
from tests.sandbox.test_page_answers import Json, act, done, notice, told


def with_groups() -> Json:
    """The manifest of an app that has something to join."""
    app = manifest()
    more = {
        "command": "/groups",
        "description": "x",
        "usage_hint": "list | join | weekly",
        "should_escape": False,
    }
    app["features"]["slash_commands"].append(more)
    return app


def test_the_list_names_the_apps_own_commands() -> None:
    with Sandbox(with_groups(), enforce_rates=False) as running:
        shown = told(running.workspace(), "glance")["tries"]
    assert [one["id"] for one in shown] == [one.id for one in TRIES]
    how = {one["id"]: one["how"] for one in shown}
    assert "/ask" in how["ask"]
    assert "/groups" in how["join"]


def test_what_the_app_has_no_command_for_is_not_in_the_list(ws: Workspace) -> None:
    shown = [one["id"] for one in told(ws, "glance")["tries"]]
    assert shown == [one.id for one in TRIES if one.id not in ("join", "digest")]


def asks_to_join(bot: Bot, ws: Workspace, *, page: bool = True) -> None:
    """Kim presses the app's button; the app has not let her in yet."""
    bot.answers_action("community.join")
    bot.connect()
    place = notice(bot, ws, button("Join", "community.join"))
    act(ws, "kim", "presses", page=page, place=place, block_id="actions", action_id="community.join")


def test_joining_is_ticked_off_when_the_app_has_let_them_in() -> None:
    with Sandbox(with_groups(), enforce_rates=False) as running, running.workspace() as ws:
        bot = Bot(running)
        asks_to_join(bot, ws)
        assert "join" not in done(ws)
        made = bot.client.conversations_create(name="peers")["channel"]["id"]
        bot.client.conversations_invite(channel=made, users=ws.person("juno").id)
        assert "join" not in done(ws)
        bot.client.conversations_invite(channel=made, users=ws.person("kim").id)
        assert "join" in done(ws)
        bot.close()


@pytest.mark.parametrize("verb", ["types", "joins"])
def test_joining_by_command_or_by_slacks_own_button_counts_too(verb: str) -> None:
    with Sandbox(with_groups(), enforce_rates=False) as running, running.workspace() as ws:
        bot = Bot(running)
        bot.app.command("/groups")(lambda ack: ack())
        bot.connect()
        made = bot.client.conversations_create(name="peers")["channel"]["id"]
        if verb == "types":
            act(ws, "kim", "types", text="/groups join peers", channel="general")
            assert "join" not in done(ws)
            bot.client.conversations_invite(channel=made, users=ws.person("kim").id)
        else:
            act(ws, "kim", "joins", channel="peers")
        assert "join" in done(ws)
        bot.close()


def test_joining_elsewhere_or_another_channel_ticks_nothing_off() -> None:
    with Sandbox(with_groups(), enforce_rates=False) as running, running.workspace() as ws:
        bot = Bot(running)
        asks_to_join(bot, ws, page=False)
        made = bot.client.conversations_create(name="peers")["channel"]["id"]
        bot.client.conversations_invite(channel=made, users=ws.person("kim").id)
        act(ws, "juno", "joins", channel="ssp-operations")  # the app is not in it
        assert "join" not in done(ws)
        bot.close()


def test_a_form_ticks_its_line_off_once_it_was_taken(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field(), callback_id="request.ask"))
    replies = iter([{"response_action": "errors", "errors": {"need_block": "More"}}, {}])
    bot.app.view("request.ask")(lambda ack: ack(**next(replies)))
    bot.connect()
    ws.person("kim").types("/ask").modal()
    act(ws, "kim", "submits")
    assert done(ws) == []
    ws.person("kim").fills(Need="kits")
    act(ws, "kim", "submits")
    assert done(ws) == []
    act(ws, "kim", "submits")
    assert done(ws) == ["ask"]


def test_a_press_ticks_its_line_off_and_reading_comes_after_it(ws: Workspace, bot: Bot) -> None:
    bot.answers_action("request.take")
    bot.connect()
    dm = told(ws, "glance")["dm"]["id"]
    told(ws, "mark", channel=dm, ts="1.000000")
    assert done(ws) == []
    place = notice(bot, ws, button("Take", "request.take"))
    act(ws, "kim", "presses", place=place, block_id="actions", action_id="request.take")
    assert done(ws) == ["take"]
    told(ws, "mark", channel=dm, ts="2.000000")
    assert done(ws) == ["take", "requester"]


def test_the_clock_counts_when_it_is_moved_on_the_page(ws: Workspace) -> None:
    ws.clock.advance(60)
    assert done(ws) == []
    ws.wire.must("clock", advance=60, page=True)
    assert done(ws) == ["clock"]


def test_what_others_do_elsewhere_ticks_nothing_off(ws: Workspace, bot: Bot) -> None:
    bot.answers_action("request.take")
    bot.connect()
    place = notice(bot, ws, button("Take", "request.take"))
    act(ws, "kim", "presses", page=False, place=place, block_id="actions", action_id="request.take")
    assert done(ws) == []
