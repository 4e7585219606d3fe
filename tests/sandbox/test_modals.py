"""The life of a form: opening, filling, sending, errors, other views on top, closing."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from copbot.sandbox.driver.wire import NotSeen
from copbot.sandbox.driver.workspace import Workspace
from tests.days import day
from tests.sandbox.peer import (
    TOPICS,
    Bot,
    Json,
    asked,
    error_of,
    hasty,
    home,
    modal,
    need_field,
    refused,
    select,
    trigger,
)

# -- opening


def test_the_answer_of_views_open_is_slacks_view(ws: Workspace, bot: Bot) -> None:
    view = bot.client.views_open(trigger_id=trigger(ws, bot), view=modal(need_field(), private_metadata="m"))[
        "view"
    ]
    assert view["id"].startswith("V")
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["state"] == {"values": {"need_block": {"need": {"type": "plain_text_input", "value": None}}}}
    assert (view["private_metadata"], view["callback_id"], view["hash"] != "") == ("m", "form", True)


def test_a_trigger_works_once(ws: Workspace, bot: Bot) -> None:
    key = trigger(ws, bot)
    bot.client.views_open(trigger_id=key, view=modal(need_field()))
    assert (
        error_of(lambda: bot.client.views_open(trigger_id=key, view=modal(need_field())))
        == "exchanged_trigger_id"
    )


@hasty
def test_a_trigger_lives_for_its_seconds(ws: Workspace, bot: Bot) -> None:
    key = trigger(ws, bot)
    over = time.monotonic() + 0.35
    while time.monotonic() < over:
        bot.client.api_test()
    assert (
        error_of(lambda: bot.client.views_open(trigger_id=key, view=modal(need_field())))
        == "expired_trigger_id"
    )


def test_a_made_up_trigger(bot: Bot) -> None:
    assert (
        error_of(lambda: bot.client.views_open(trigger_id="1.2.3", view=modal(need_field())))
        == "invalid_trigger_id"
    )


def test_a_view_slack_would_refuse_keeps_the_trigger(ws: Workspace, bot: Bot) -> None:
    key = trigger(ws, bot)
    wrong = refused(lambda: bot.client.views_open(trigger_id=key, view=modal(need_field(), title="x" * 25)))
    assert wrong.response["error"] == "invalid_arguments"
    assert "/view/title" in wrong.response["response_metadata"]["messages"][0]
    assert bot.client.views_open(trigger_id=key, view=modal(need_field()))["ok"]


def test_an_external_id_is_unique(ws: Workspace, bot: Bot) -> None:
    bot.client.views_open(trigger_id=trigger(ws, bot), view=modal(need_field(), external_id="one"))
    key = ws.envelopes("command")[0]["payload"]["trigger_id"]
    assert key
    ws.person("juno").types("/ask")
    key = ws.envelopes("command")[1]["payload"]["trigger_id"]
    again = modal(need_field(), external_id="one")
    assert error_of(lambda: bot.client.views_open(trigger_id=key, view=again)) == "duplicate_external_id"


def test_every_person_has_a_form_of_their_own(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field())).connect()
    got = bot.answers_form()
    kim, juno = ws.person("kim").types("/ask"), ws.person("juno").types("/ask")
    kim.modal().fills(Need="for kim")
    assert juno.modal().values()["need"]["value"] is None
    kim.submits()
    assert juno.has_modal()
    assert [body["user"]["username"] for body in got] == ["kim"]


# -- filling and sending


def test_a_submission_carries_what_was_filled_in(ws: Workspace, bot: Bot) -> None:
    form = modal(
        need_field(multiline=True),
        asked("Topics", select("multi_static_select", "topics", options=TOPICS), "t"),
        asked("By when", select("datepicker", "when"), "w"),
        asked("How", select("radio_buttons", "how", options=TOPICS[:2]), "h"),
        asked("Also", select("checkboxes", "also", options=TOPICS), "a", optional=True),
        asked("Mail", select("email_text_input", "mail"), "m"),
        asked("Site", select("url_text_input", "site"), "s"),
        asked("People", select("number_input", "people", is_decimal_allowed=False), "p"),
        asked("Who", select("users_select", "who"), "u"),
        asked("Where", select("conversations_select", "where"), "c"),
        asked("At", select("timepicker", "at"), "at"),
        asked("Exactly", select("datetimepicker", "exactly"), "ex"),
        asked("Story", select("rich_text_input", "story"), "r"),
    )
    bot.opens(form).connect()
    got = bot.answers_form()
    kim = ws.person("kim").types("/ask")
    kim.modal().fills(
        {
            "Need": "kits\nand more",
            "Topics": ["Naloxone", "wnd"],
            "By when": day(8),
            "How": "Safer smoking",
            "Mail": "kim@example.org",
            "Site": "https://example.org",
            "People": 12,
            "Who": "ravi",
            "Where": "general",
            "At": "09:30",
            "Exactly": 1_790_000_000,
            "Story": "it *was* so",
        }
    )
    assert kim.submits().closed
    values = {
        action: held for block in got[0]["view"]["state"]["values"].values() for action, held in block.items()
    }
    assert values["need"] == {"type": "plain_text_input", "value": "kits\nand more"}
    assert [o["value"] for o in values["topics"]["selected_options"]] == ["nlx", "wnd"]
    assert values["when"]["selected_date"] == day(8)
    assert values["how"]["selected_option"]["text"]["text"] == "Safer smoking"
    assert values["also"] == {"type": "checkboxes", "selected_options": []}
    assert (values["mail"]["value"], values["site"]["value"]) == ("kim@example.org", "https://example.org")
    assert values["people"]["value"] == "12"
    assert values["who"]["selected_user"] == ws.person("ravi").id
    assert values["where"]["selected_conversation"] == ws.channel("general").id
    assert (values["at"]["selected_time"], values["exactly"]["selected_date_time"]) == (
        "09:30",
        1_790_000_000,
    )
    assert values["story"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "it *was* so"


def test_the_submission_has_slacks_shape(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field(initial_value="prefilled"))).connect()
    got = bot.answers_form()
    kim = ws.person("kim").types("/ask")
    kim.modal().submits()
    body = got[0]
    assert body["type"] == "view_submission"
    assert body["user"]["id"] == kim.id
    assert body["view"]["state"]["values"]["need_block"]["need"]["value"] == "prefilled"
    assert body["trigger_id"]
    assert body["response_urls"] == []
    assert {"team", "api_app_id", "token", "is_enterprise_install", "enterprise"} <= body.keys()


def test_slack_itself_checks_before_the_app_hears(ws: Workspace, bot: Bot) -> None:
    bot.opens(
        modal(need_field(min_length=3), asked("Mail", select("email_text_input", "mail"), "mail_block"))
    ).connect()
    got = bot.answers_form()
    form = ws.person("kim").types("/ask").modal()
    form.fills(Need="ab", Mail="nonsense")
    result = form.submits()
    assert (result.closed, result.by_slack, sorted(result.errors)) == (
        False,
        True,
        ["mail_block", "need_block"],
    )
    assert got == []


def test_errors_of_the_app_keep_the_form_and_what_was_typed(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field())).connect()
    got = bot.answers_form(response_action="errors", errors={"need_block": "Say more."})
    kim = ws.person("kim").types("/ask")
    form = kim.modal().fills(Need="kits")
    result = form.submits()
    assert (result.closed, result.errors, form.errors) == (False, {"need_block": "Say more."}, result.errors)
    assert kim.modal().values()["need"]["value"] == "kits"
    kim.submits()
    assert len(got) == 2
    assert got[0]["view"]["hash"] == got[1]["view"]["hash"]


def test_a_bad_view_in_an_ack_is_trouble_for_the_person_and_silence_for_the_app(
    ws: Workspace, bot: Bot
) -> None:
    bot.opens(modal(need_field())).connect()
    bot.answers_form(response_action="update", view=modal(need_field(), title="x" * 25))
    kim = ws.person("kim").types("/ask")
    result = kim.modal().fills(Need="kits").submits()
    assert "trouble connecting" in result.trouble
    assert kim.modal().values()["need"]["value"] == "kits"
    assert "trouble connecting" in kim.error()
    assert ws.refusals()[0]["where"] == "ack of view_submission"


@pytest.mark.parametrize(
    "errors", [{"nowhere": "words"}, {"need_block": ""}], ids=["no such block", "no words"]
)
def test_errors_that_name_no_input_are_trouble(ws: Workspace, bot: Bot, errors: Json) -> None:
    bot.opens(modal(need_field())).connect()
    bot.answers_form(response_action="errors", errors=errors)
    assert ws.person("kim").types("/ask").modal().fills(Need="kits").submits().trouble


@hasty
def test_a_late_ack_leaves_the_form_open(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field())).connect()
    kim = ws.person("kim").types("/ask")
    result = kim.modal().fills(Need="kits").submits()
    assert "trouble connecting" in result.trouble
    assert kim.has_modal()


def test_update_keeps_what_was_typed_under_the_same_ids(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field())).connect()
    bot.answers_form(
        response_action="update",
        view=modal(need_field(), asked("More", select("plain_text_input", "more"), "x")),
    )
    kim = ws.person("kim").types("/ask")
    before = kim.modal()
    assert before.fills(Need="kits").submits().updated
    after = kim.modal()
    assert after.id == before.id
    assert after.view["hash"] != before.view["hash"]
    assert after.values() == {
        "need": {"type": "plain_text_input", "value": "kits"},
        "more": {"type": "plain_text_input", "value": None},
    }


def test_a_menu_of_conversations_may_bring_a_response_url(ws: Workspace, bot: Bot) -> None:
    menu = select("conversations_select", "where", response_url_enabled=True)
    bot.opens(modal(asked("Where", menu, "where_block"))).connect()
    got = bot.answers_form()
    ws.person("kim").types("/ask").modal().fills(Where="general").submits()
    address = got[0]["response_urls"][0]
    assert (address["block_id"], address["channel_id"]) == ("where_block", ws.channel("general").id)
    httpx.post(address["response_url"], json={"text": "shared", "response_type": "in_channel"})
    assert ws.channel("general").last().text() == "shared"


def test_two_fields_of_one_name_are_told_apart_by_their_ids(ws: Workspace, bot: Bot) -> None:
    bot.opens(
        modal(
            asked("Date", select("datepicker", "first"), "one"),
            asked("Date", select("datepicker", "second"), "two"),
        )
    ).connect()
    form = ws.person("kim").types("/ask").modal()
    form.fills(first=day(8), two=day(9))
    assert {k: v["selected_date"] for k, v in ws.person("kim").modal().values().items()} == {
        "first": day(8),
        "second": day(9),
    }


def test_a_home_is_no_form_and_a_form_no_home(ws: Workspace, bot: Bot) -> None:
    key, kim = trigger(ws, bot), ws.person("kim").id
    assert error_of(lambda: bot.client.views_open(trigger_id=key, view=home())) == "invalid_arguments"
    assert (
        error_of(lambda: bot.client.views_publish(user_id=kim, view=modal(need_field())))
        == "invalid_arguments"
    )
    published = bot.client.views_publish(user_id=kim, view=home())["view"]
    assert (
        error_of(lambda: bot.client.views_update(view_id=published["id"], view=modal(need_field())))
        == "invalid_arguments"
    )


def test_a_new_form_takes_the_place_of_the_open_one(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field())).connect()
    kim = ws.person("kim").types("/ask")
    first = kim.modal()
    kim.types("/ask")
    ws.waits_for_call("views.open", count=2)
    assert kim.depth() == 1
    assert kim.modal().id != first.id
    with pytest.raises(NotSeen, match="another form is in front"):
        first.submits()


def test_a_form_updated_while_it_is_being_sent_keeps_to_the_newest(ws: Workspace, bot: Bot) -> None:
    def listener(ack: Any, body: Json, client: WebClient) -> None:
        client.views_update(view_id=body["view"]["id"], view=modal(need_field(), title="changed"))
        ack(response_action="errors", errors={"need_block": "Say more."})

    bot.opens(modal(need_field())).connect()
    bot.app.view("form")(listener)
    kim = ws.person("kim").types("/ask")
    assert kim.modal().fills(Need="kits").submits().errors == {"need_block": "Say more."}
    assert (kim.modal().title, kim.modal().values()["need"]["value"]) == ("changed", "kits")


def test_clearing_a_field(ws: Workspace, bot: Bot) -> None:
    bot.opens(
        modal(need_field(initial_value="old"), asked("T", select("checkboxes", "t", options=TOPICS), "tt"))
    ).connect()
    form = ws.person("kim").types("/ask").modal()
    form.fills(Need=None, T=["Naloxone"])
    form.fills(T=[])
    assert ws.person("kim").modal().values() == {
        "need": {"type": "plain_text_input", "value": None},
        "t": {"type": "checkboxes", "selected_options": []},
    }
