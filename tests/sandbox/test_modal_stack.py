"""Views on top of each other, updates from outside, closing, menus that ask the app, choices that act at once."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from copbot.sandbox.driver.wire import NotSeen
from copbot.sandbox.driver.workspace import Workspace
from tests.days import Sandbox
from tests.sandbox.peer import (
    TOPICS,
    Bot,
    Json,
    actions,
    asked,
    button,
    error_of,
    modal,
    need_field,
    option,
    plain,
    section,
    select,
    trigger,
)

# -- three deep


def test_views_stack_three_deep_and_come_back(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field(), title="one")).connect()
    bot.answers_form(response_action="push", view=modal(need_field(), title="two", callback_id="second"))
    bot.answers_form(
        "second", response_action="push", view=modal(need_field(), title="three", callback_id="third")
    )
    bot.answers_form(
        "third", response_action="push", view=modal(need_field(), title="four", callback_id="fourth")
    )
    kim = ws.person("kim").types("/ask")
    first = kim.modal()
    first.fills(Need="a").submits()
    second = kim.modal()
    assert (second.title, second.view["previous_view_id"], second.view["root_view_id"]) == (
        "two",
        first.id,
        first.id,
    )
    second.fills(Need="b").submits()
    third = kim.modal().fills(Need="c")
    assert third.submits().trouble
    assert (kim.depth(), ws.refusals()[0]["error"]) == (3, "push_limit_reached")
    third.closes()
    assert kim.modal().title == "two"
    assert kim.modal().values()["need"]["value"] == "b"


def test_clear_closes_the_whole_stack(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field(), title="one")).connect()
    bot.answers_form(response_action="push", view=modal(need_field(), title="two", callback_id="second"))
    bot.answers_form("second", response_action="clear")
    kim = ws.person("kim").types("/ask")
    kim.modal().fills(Need="a").submits()
    assert kim.modal().fills(Need="b").submits().closed
    assert kim.depth() == 0


def test_an_empty_ack_closes_only_the_view_in_front(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field(), title="one")).connect()
    bot.answers_form(response_action="push", view=modal(need_field(), title="two", callback_id="second"))
    bot.answers_form("second")
    kim = ws.person("kim").types("/ask")
    kim.modal().fills(Need="a").submits()
    kim.modal().fills(Need="b").submits()
    assert (kim.depth(), kim.modal().title) == (1, "one")


def test_pushing_needs_a_trigger_out_of_the_form(ws: Workspace, bot: Bot) -> None:
    def pushes(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=modal(need_field(), title="two"))

    bot.app.action("more")(pushes)
    bot.opens(modal(need_field(), actions(button("More", "more")), title="one")).connect()
    kim = ws.person("kim").types("/ask")
    kim.modal()
    kim.clicks("More")
    assert kim.depth() == 2


def test_pushing_on_nothing_is_refused(ws: Workspace, bot: Bot) -> None:
    key = trigger(ws, bot)
    assert error_of(lambda: bot.client.views_push(trigger_id=key, view=modal(need_field()))) == "not_found"


# -- updating from outside


def test_update_by_id_by_external_id_and_with_a_hash(ws: Workspace, bot: Bot) -> None:
    opened = bot.client.views_open(trigger_id=trigger(ws, bot), view=modal(need_field(), external_id="mine"))[
        "view"
    ]
    first = bot.client.views_update(
        view_id=opened["id"], hash=opened["hash"], view=modal(need_field(), title="two", external_id="mine")
    )["view"]
    bot.client.views_update(external_id="mine", view=modal(need_field(), title="three", external_id="mine"))
    stale = error_of(
        lambda: bot.client.views_update(view_id=opened["id"], hash=first["hash"], view=modal(need_field()))
    )
    assert (ws.person("kim").modal().title, stale) == ("three", "hash_conflict")


def test_a_closed_form_is_not_found(ws: Workspace, bot: Bot) -> None:
    opened = bot.client.views_open(trigger_id=trigger(ws, bot), view=modal(need_field()))["view"]
    ws.person("kim").closes()
    assert (
        error_of(lambda: bot.client.views_update(view_id=opened["id"], view=modal(need_field())))
        == "not_found"
    )


# -- closing


def test_closing_is_heard_only_when_asked_for(ws: Workspace, bot: Bot) -> None:
    got: list[Json] = []

    def closed(ack: Any, body: Json) -> None:
        got.append(body)
        ack()

    bot.app.view_closed("form")(closed)
    bot.opens(modal(need_field(), notify_on_close=True)).connect()
    kim = ws.person("kim").types("/ask")
    kim.modal().closes()
    assert (got[0]["type"], got[0]["is_cleared"], got[0]["view"]["callback_id"]) == (
        "view_closed",
        False,
        "form",
    )
    assert not kim.has_modal()


def test_a_quiet_form_closes_without_a_word(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field())).connect()
    kim = ws.person("kim").types("/ask")
    kim.modal().closes()
    assert [e["kind"] for e in ws.envelopes()] == ["command"]


def test_the_x_closes_everything_and_says_so(ws: Workspace, bot: Bot) -> None:
    got: list[Json] = []

    def closed(ack: Any, body: Json) -> None:
        got.append(body)
        ack()

    bot.app.view_closed("second")(closed)
    bot.app.view_closed("form")(closed)
    bot.opens(modal(need_field(), title="one", notify_on_close=True)).connect()
    bot.answers_form(
        response_action="push",
        view=modal(need_field(), title="two", callback_id="second", notify_on_close=True),
    )
    kim = ws.person("kim").types("/ask")
    kim.modal().fills(Need="a").submits()
    kim.closes(everything=True)
    assert [(b["view"]["callback_id"], b["is_cleared"]) for b in got] == [("second", True), ("form", True)]


# -- menus that ask the app


@pytest.fixture
def agencies(ws: Workspace, bot: Bot) -> list[Json]:
    got: list[Json] = []

    def offers(ack: Any, body: Json) -> None:
        got.append(body)
        ack(options=[option("Lakeside Exchange", "1"), option(f"Add “{body['value']}”", "new")])

    bot.app.options("agency")(offers)
    menu = asked("Agency", select("external_select", "agency", min_query_length=2), "agency_block")
    bot.opens(modal(need_field(), menu)).connect()
    return got


def test_an_external_menu_is_asked_with_what_is_typed(ws: Workspace, bot: Bot, agencies: list[Json]) -> None:
    got = bot.answers_form()
    form = ws.person("kim").types("/ask").modal()
    form.fills({"Need": "x", "Agency": "Lakeside Exchange"}).submits()
    body = agencies[0]
    assert (body["type"], body["value"], body["action_id"]) == (
        "block_suggestion",
        "Lakeside Exchange",
        "agency",
    )
    assert body["container"] == {"type": "view", "view_id": form.id}
    assert body["view"]["id"] == form.id
    held = got[0]["view"]["state"]["values"]["agency_block"]["agency"]
    assert held["selected_option"]["value"] == "1"


def test_typing_one_thing_and_picking_another(ws: Workspace, bot: Bot, agencies: list[Json]) -> None:
    kim = ws.person("kim").types("/ask")
    kim.modal().fills({"Agency": {"type": "Riverside", "pick": "Add “Riverside”"}})
    assert kim.modal().values()["agency"]["selected_option"]["value"] == "new"


def test_too_few_letters_ask_nothing(ws: Workspace, bot: Bot, agencies: list[Json]) -> None:
    kim = ws.person("kim").types("/ask")
    kim.modal()
    with pytest.raises(NotSeen, match="too short"):
        kim.fills(Agency="L")
    assert agencies == []


def test_options_slack_would_not_show(ws: Workspace, bot: Bot) -> None:
    def offers(ack: Any) -> None:
        ack(options=[option("x" * 76, "1")])

    bot.app.options("agency")(offers)
    bot.opens(modal(asked("Agency", select("external_select", "agency"), "b"))).connect()
    kim = ws.person("kim").types("/ask")
    kim.modal()
    with pytest.raises(NotSeen, match="could be loaded"):
        kim.fills(Agency="Lakeside")
    assert ws.refusals()[0]["where"] == "ack of block_suggestion"
    assert kim.error() == "No options could be loaded"


def test_grouped_options_can_be_picked(ws: Workspace, bot: Bot) -> None:
    def offers(ack: Any) -> None:
        ack(option_groups=[{"label": plain("North"), "options": [option("Lakeside", "1")]}])

    bot.app.options("agency")(offers)
    bot.opens(modal(asked("Agency", select("external_select", "agency", min_query_length=0), "b"))).connect()
    kim = ws.person("kim").types("/ask")
    kim.modal().fills(Agency="Lakeside")
    assert kim.modal().values()["agency"]["selected_option"]["value"] == "1"


# -- things inside a form that act at once


def test_a_choice_that_dispatches_is_heard_with_the_state(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("topic")
    menu = asked(
        "Topic", select("static_select", "topic", options=TOPICS), "topic_block", dispatch_action=True
    )
    bot.opens(modal(need_field(), menu)).connect()
    kim = ws.person("kim").types("/ask")
    form = kim.modal().fills({"Need": "kits", "Topic": "Wound care"})
    body = got[0]
    assert body["actions"][0]["selected_option"]["value"] == "wnd"
    assert body["container"] == {"type": "view", "view_id": form.id}
    assert body["view"]["state"]["values"]["need_block"]["need"]["value"] == "kits"
    assert not {"response_url", "channel"} & body.keys()


def test_typing_is_heard_only_where_every_character_counts(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("eager")
    bot.answers_action("need")
    eager = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    bot.opens(
        modal(
            need_field(),
            asked("Eager", select("plain_text_input", "eager", **eager), "e", dispatch_action=True),
            asked("Calm", select("plain_text_input", "calm"), "c", dispatch_action=True),
        )
    ).connect()
    kim = ws.person("kim").types("/ask")
    kim.modal()
    kim.fills(Need="a", Eager="b", Calm="c")
    assert [body["actions"][0]["value"] for body in got] == ["b"]
    assert len(ws.envelopes("block_actions")) == 1


def test_a_wrong_label_names_the_right_ones(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field())).connect()
    kim = ws.person("kim").types("/ask")
    kim.modal()
    with pytest.raises(NotSeen, match="there are: Need"):
        kim.fills(Nead="x")


def test_a_form_shows_its_labels_options_and_words(ws: Workspace, bot: Bot) -> None:
    bot.opens(
        modal(
            section("No client names."), asked("Topic", select("static_select", "topic", options=TOPICS), "t")
        )
    ).connect()
    form = ws.person("kim").types("/ask").modal(text="client names")
    assert form.labels() == ["Topic"]
    assert form.options("Topic") == ["Naloxone", "Safer smoking", "Wound care"]
    assert "No client names." in form.text()


def test_no_form_no_sending(ws: Workspace, sandbox: Sandbox) -> None:
    with pytest.raises(NotSeen, match="no form open"):
        ws.person("kim").submits()
