"""Buttons, menus, ephemerals, shortcuts and Home."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from copbot.sandbox.driver.wire import NotSeen
from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.people import BOT_USER
from tests.days import Sandbox
from tests.sandbox.peer import (
    Bot,
    Json,
    RawSocket,
    actions,
    asked,
    button,
    error_of,
    hasty,
    home,
    manifest,
    modal,
    option,
    plain,
    section,
)


def notice(bot: Bot, ws: Workspace, text: str, *elements: Json) -> Json:
    """A message of the app in the staff channel."""
    posted = bot.client.chat_postMessage(
        channel=ws.channel("ta-staff").id, text=text, blocks=[section(text), actions(*elements)]
    )
    return dict(posted.data)  # type: ignore[arg-type]


def test_a_click_has_slacks_shape(sandbox: Sandbox, ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("take")
    bot.connect()
    posted = notice(bot, ws, "TA-1", button("Take", "take", value="1", style="primary"))
    ravi = ws.person("ravi").clicks("Take", in_="ta-staff", text="TA-1")
    body = got[0]
    assert body["type"] == "block_actions"
    assert body["user"] == {"id": ravi.id, "username": "ravi", "name": "ravi", "team_id": body["team"]["id"]}
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": posted["channel"],
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": posted["channel"], "name": "privategroup"}
    assert body["message"]["ts"] == posted["ts"]
    assert body["response_url"].startswith(sandbox.url)
    assert body["trigger_id"]
    action = body["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("take", "actions", "1")
    assert (action["type"], action["style"], action["text"]["text"]) == ("button", "primary", "Take")
    assert float(action["action_ts"]) > 0


def test_the_newest_button_that_fits_is_clicked(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("take")
    bot.connect()
    for number in ("TA-1", "TA-2", "TA-3"):
        notice(bot, ws, number, button("Take", "take", value=number))
    ravi = ws.person("ravi")
    ravi.clicks("Take", in_="ta-staff")
    ravi.clicks("Take", text="TA-1")
    assert [body["actions"][0]["value"] for body in got] == ["TA-3", "TA-1"]


def test_clicking_waits_for_the_button(ws: Workspace, bot: Bot) -> None:
    bot.answers_action("take")

    def posts(ack: Any) -> None:
        ack()
        notice(bot, ws, "TA-1", button("Take", "take"))

    bot.app.command("/ask")(posts)
    bot.connect()
    ws.person("kim").types("/ask")
    assert ws.person("ravi").clicks("Take", in_="ta-staff").error() == ""


def test_a_button_that_is_not_there_names_those_that_are(ws: Workspace, bot: Bot) -> None:
    notice(bot, ws, "TA-1", button("Take", "take"), button("Close", "close"))
    with pytest.raises(NotSeen, match="there are: Take, Close"):
        ws.person("ravi").clicks("Done", in_="ta-staff", timeout=0)


def test_nobody_clicks_where_they_cannot_look(ws: Workspace, bot: Bot) -> None:
    notice(bot, ws, "TA-1", button("Take", "take"))
    with pytest.raises(NotSeen, match="kim is not in ta-staff"):
        ws.person("kim").clicks("Take", in_="ta-staff", timeout=0)
    with pytest.raises(NotSeen, match="no button"):
        ws.person("kim").clicks("Take", timeout=0)


def test_a_button_for_some_is_hidden_from_others(ws: Workspace, bot: Bot) -> None:
    bot.answers_action("take")
    bot.connect()
    notice(bot, ws, "TA-1", button("Take", "take", visible_to_user_ids=[ws.person("mei").id]))
    with pytest.raises(NotSeen):
        ws.person("ravi").clicks("Take", in_="ta-staff", timeout=0)
    assert ws.person("mei").clicks("Take", in_="ta-staff").error() == ""


@hasty
def test_a_late_ack_leaves_a_warning_sign(ws: Workspace, bot: Bot, sandbox: Sandbox) -> None:
    notice(bot, ws, "TA-1", button("Take", "take"))
    line = RawSocket(sandbox)
    assert "operation_timeout" in ws.person("ravi").clicks("Take", in_="ta-staff").error()
    line.close()


def test_a_confirmation_can_be_declined(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("erase")
    bot.connect()
    confirm = {"title": plain("Sure?"), "text": plain("Gone."), "confirm": plain("Yes"), "deny": plain("No")}
    notice(bot, ws, "TA-1", button("Erase", "erase", confirm=confirm))
    ws.person("ravi").clicks("Erase", in_="ta-staff", confirm=False)
    assert got == []
    ws.person("ravi").clicks("Erase", in_="ta-staff")
    assert len(got) == 1


def test_a_click_in_a_thread_tells_the_thread(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("take")
    bot.connect()
    first = notice(bot, ws, "TA-1", button("Other", "other"))
    bot.client.chat_postMessage(
        channel=first["channel"], text="x", thread_ts=first["ts"], blocks=[actions(button("Take", "take"))]
    )
    ws.person("ravi").clicks("Take", in_="ta-staff")
    assert got[0]["container"]["thread_ts"] == first["ts"]


def test_menus_in_messages_carry_the_choice_and_the_state(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("level")
    bot.answers_action("more")
    bot.connect()
    menu = {
        "type": "static_select",
        "action_id": "level",
        "options": [option("Low", "1"), option("High", "2")],
    }
    more = {"type": "overflow", "action_id": "more", "options": [option("Archive", "a"), option("Pin", "p")]}
    notice(bot, ws, "TA-1", menu, more)
    ravi = ws.person("ravi")
    ravi.chooses("level", "High", in_="ta-staff")
    ravi.chooses("more", "Archive", in_="ta-staff")
    assert got[0]["actions"][0]["selected_option"]["value"] == "2"
    assert got[0]["state"]["values"]["actions"]["level"]["selected_option"]["value"] == "2"
    overflow = ws.envelopes("block_actions")[1]["payload"]["actions"][0]
    assert (overflow["type"], overflow["selected_option"]["value"]) == ("overflow", "a")


def test_metadata_is_not_in_a_click(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("take")
    bot.connect()
    bot.client.chat_postMessage(
        channel=ws.channel("ta-staff").id,
        text="x",
        blocks=[actions(button("Take", "take"))],
        metadata={"event_type": "note", "event_payload": {"uid": "1"}},
    )
    ws.person("ravi").clicks("Take", in_="ta-staff")
    assert "metadata" not in got[0]["message"]


def test_without_interactivity_nothing_can_be_clicked() -> None:
    quiet = manifest()
    quiet["settings"]["interactivity"]["is_enabled"] = False
    with Sandbox(quiet) as sandbox:
        bot, ws = Bot(sandbox), sandbox.workspace()
        notice(bot, ws, "TA-1", button("Take", "take"))
        with pytest.raises(NotSeen, match="not configured"):
            ws.person("ravi").clicks("Take", in_="ta-staff", timeout=0)


# -- ephemerals


def test_an_ephemeral_is_seen_by_one_and_kept_by_nobody(ws: Workspace, bot: Bot) -> None:
    staff, ravi = ws.channel("ta-staff").id, ws.person("ravi")
    posted = bot.client.chat_postEphemeral(channel=staff, user=ravi.id, text="only you")
    assert ravi.sees("only you", in_="ta-staff").ephemeral
    ws.person("mei").does_not_see("only you")
    assert bot.client.conversations_history(channel=staff)["messages"] == []
    assert (
        error_of(lambda: bot.client.chat_update(channel=staff, ts=posted["message_ts"], text="x"))
        == "message_not_found"
    )


def test_an_ephemeral_button_is_replaced_through_its_response_url(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("retry")
    bot.connect()
    ravi = ws.person("ravi")
    bot.client.chat_postEphemeral(
        channel=ws.channel("ta-staff").id,
        user=ravi.id,
        text="x",
        blocks=[actions(button("Open the form", "retry"))],
    )
    ravi.clicks("Open the form")
    body = got[0]
    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body
    httpx.post(body["response_url"], json={"text": "opened", "replace_original": True})
    ravi.sees("opened", in_="ta-staff")
    ravi.does_not_see("Open the form")
    httpx.post(body["response_url"], json={"delete_original": True})
    ravi.does_not_see("opened")


def test_a_response_url_replaces_and_deletes_the_clicked_message(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("take")
    bot.connect()
    notice(bot, ws, "TA-1", button("Take", "take"))
    ws.person("ravi").clicks("Take", in_="ta-staff")
    httpx.post(got[0]["response_url"], json={"text": "taken", "replace_original": True})
    assert ws.channel("ta-staff").last().text() == "taken"
    httpx.post(got[0]["response_url"], json={"delete_original": True})
    assert ws.channel("ta-staff").messages() == []


@pytest.mark.parametrize(
    ("channel", "person", "error"),
    [
        ("ta-staff", "kim", "user_not_in_channel"),
        ("general", "kim", "not_in_channel"),
        ("nowhere", "kim", "channel_not_found"),
    ],
)
def test_ephemerals_need_both_in_the_channel(
    ws: Workspace, bot: Bot, channel: str, person: str, error: str
) -> None:
    place = "C0NOWHERE" if channel == "nowhere" else ws.channel(channel).id
    user = ws.person(person).id
    assert error_of(lambda: bot.client.chat_postEphemeral(channel=place, user=user, text="x")) == error


# -- shortcuts


def test_a_global_shortcut(ws: Workspace, bot: Bot) -> None:
    got: list[Json] = []

    def listener(ack: Any, body: Json) -> None:
        got.append(body)
        ack()

    bot.app.global_shortcut("ask_global")(listener)
    bot.connect()
    kim = ws.person("kim").shortcut("Ask for help")
    assert (got[0]["type"], got[0]["callback_id"], got[0]["user"]["id"]) == ("shortcut", "ask_global", kim.id)
    assert got[0]["trigger_id"]
    assert not {"response_url", "channel"} & got[0].keys()


def test_a_message_shortcut_brings_the_message(ws: Workspace, bot: Bot) -> None:
    got: list[Json] = []

    def listener(ack: Any, body: Json) -> None:
        got.append(body)
        ack()

    bot.app.message_shortcut("ask_message")(listener)
    bot.connect()
    kim = ws.person("kim")
    said = kim.says("we are out of kits", in_="general")
    kim.message_shortcut("Help with this", said)
    body = got[0]
    assert (body["type"], body["callback_id"]) == ("message_action", "ask_message")
    assert (body["message"]["text"], body["message_ts"], body["channel"]["id"]) == (
        "we are out of kits",
        said.ts,
        said.channel,
    )
    assert body["response_url"]


def test_shortcuts_come_from_the_manifest(ws: Workspace) -> None:
    with pytest.raises(NotSeen, match="no shortcut"):
        ws.person("kim").shortcut("Nothing like it")


def test_a_shortcut_nobody_answers(ws: Workspace) -> None:
    assert "dispatch_failed" in ws.person("kim").shortcut("Ask for help").error()


# -- Home


@pytest.fixture
def homely(ws: Workspace, bot: Bot) -> list[Json]:
    got: list[Json] = []

    def opened(body: Json) -> None:
        got.append(body["event"])
        view = home(section(f"Opened {len(got)}"), actions(button("Ask", "ask_button")))
        bot.client.views_publish(user_id=body["event"]["user"], view=view)

    bot.app.event("app_home_opened")(opened)
    bot.connect()
    return got


def test_home_is_published_for_who_opens_it(ws: Workspace, homely: list[Json]) -> None:
    kim = ws.person("kim")
    assert "Opened 1" in kim.opens_home().text()
    assert (homely[0]["user"], homely[0]["tab"]) == (kim.id, "home")
    assert homely[0]["channel"].startswith("D")
    assert "view" not in homely[0]
    assert ws.person("juno").home() is None


def test_home_opened_again_brings_the_view_along(ws: Workspace, homely: list[Json]) -> None:
    kim = ws.person("kim")
    kim.opens_home()
    assert "Opened 2" in kim.opens_home(again=True).text()
    assert homely[1]["view"]["type"] == "home"


def test_a_click_in_home(ws: Workspace, bot: Bot, homely: list[Json]) -> None:
    got = bot.answers_action("ask_button")
    kim = ws.person("kim")
    page = kim.opens_home()
    kim.clicks("Ask", in_="home")
    assert page.buttons() == ["Ask"]
    assert got[0]["container"] == {"type": "view", "view_id": page.view["id"]}
    assert got[0]["view"]["type"] == "home"


def test_publishing_checks_hash_person_and_view(ws: Workspace, bot: Bot) -> None:
    kim = ws.person("kim").id
    first = bot.client.views_publish(user_id=kim, view=home(section("one")))["view"]
    bot.client.views_publish(user_id=kim, hash=first["hash"], view=home(section("two")))
    publish = bot.client.views_publish
    assert (
        error_of(lambda: publish(user_id=kim, hash=first["hash"], view=home(section("x")))) == "hash_conflict"
    )
    assert error_of(lambda: publish(user_id="U0NOBODY", view=home(section("x")))) == "invalid_arguments"
    assert error_of(lambda: publish(user_id=kim, view=home(section("x" * 3001)))) == "invalid_arguments"
    assert "two" in ws.person("kim").sees_home("two").text()


def test_without_a_home_tab_there_is_no_home() -> None:
    with Sandbox(manifest(home_tab_enabled=False)) as sandbox:
        bot, ws = Bot(sandbox), sandbox.workspace()
        kim = ws.person("kim").id
        assert (
            error_of(lambda: bot.client.views_publish(user_id=kim, view=home(section("x")))) == "not_enabled"
        )


def test_the_app_is_itself_among_the_people(ws: Workspace) -> None:
    assert ws.users()["tabot"]["id"] == BOT_USER


def test_a_menu_in_a_message_asks_the_app_too(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("agency")
    queries: list[Json] = []

    def offers(ack: Any, body: Json) -> None:
        queries.append(body)
        ack(options=[option("Lakeside", "1"), option("Riverside", "2")])

    bot.app.options("agency")(offers)
    bot.connect()
    menu = {"type": "multi_external_select", "action_id": "agency", "min_query_length": 0}
    posted = notice(bot, ws, "TA-1", menu)
    ws.person("ravi").chooses("agency", ["Lakeside", "Riverside"], in_="ta-staff")
    assert queries[0]["container"]["message_ts"] == posted["ts"]
    assert [body["value"] for body in queries] == ["Lakeside", "Riverside"]
    assert [o["value"] for o in got[0]["actions"][0]["selected_options"]] == ["1", "2"]


def test_choosing_in_a_form_without_dispatch_tells_nobody(ws: Workspace, bot: Bot) -> None:
    menu = {"type": "static_select", "action_id": "topic", "options": [option("Kits", "k")]}
    bot.opens(modal(asked("Topic", menu, "topic_block"))).connect()
    kim = ws.person("kim").types("/ask")
    kim.modal()
    kim.chooses("Topic", "Kits", in_="modal")
    assert kim.modal().values()["topic"]["selected_option"]["value"] == "k"
    assert [e["kind"] for e in ws.envelopes()] == ["command"]
