"""chat.*: what is posted, changed and deleted, and what Slack refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.people import BOT_USER
from tests.days import Sandbox
from tests.sandbox.peer import Bot, Json, error_of, manifest, refused, section


@pytest.fixture
def staff(ws: Workspace) -> str:
    return ws.channel("ta-staff").id


def test_a_post_is_answered_with_the_message(bot: Bot, staff: str) -> None:
    answer = bot.client.chat_postMessage(channel=staff, text="hello", blocks=[section("hello")])
    assert (answer["channel"], answer["ts"]) == (staff, answer["message"]["ts"])
    assert answer["message"]["bot_profile"]["name"] == "helper"
    assert answer["message"]["blocks"][0]["block_id"]


def test_timestamps_grow_by_at_least_a_millionth(bot: Bot, staff: str) -> None:
    stamps = [bot.client.chat_postMessage(channel=staff, text="x")["ts"] for _ in range(20)]
    assert stamps == sorted(set(stamps))
    assert all(len(ts.split(".")[1]) == 6 for ts in stamps)


def test_a_person_is_posted_to_by_id_and_has_a_direct_message_then(ws: Workspace, bot: Bot) -> None:
    kim = ws.person("kim")
    first = bot.client.chat_postMessage(channel=kim.id, text="hello kim")
    second = bot.client.chat_postMessage(channel=first["channel"], text="and again")
    assert first["channel"].startswith("D")
    assert [m.text() for m in kim.dm()] == ["hello kim", "and again"]
    assert second["channel"] == first["channel"]


@pytest.mark.parametrize(
    "method",
    [
        lambda client, user: client.chat_update(channel=user, ts="1.1", text="x"),
        lambda client, user: client.chat_delete(channel=user, ts="1.1"),
        lambda client, user: client.conversations_history(channel=user),
        lambda client, user: client.chat_postEphemeral(channel=user, user=user, text="x"),
        lambda client, user: client.conversations_info(channel=user),
    ],
)
def test_nothing_else_takes_a_persons_id_for_a_channel(
    ws: Workspace, bot: Bot, method: Callable[..., Any]
) -> None:
    kim = ws.person("kim").id
    bot.client.chat_postMessage(channel=kim, text="hello")
    assert error_of(lambda: method(bot.client, kim)) == "channel_not_found"


@pytest.mark.parametrize("who", ["dee", "pollbot", "zed", "tabot"])
def test_some_people_cannot_be_written_to(ws: Workspace, bot: Bot, who: str) -> None:
    assert (
        error_of(lambda: bot.client.chat_postMessage(channel=ws.person(who).id, text="x"))
        == "channel_not_found"
    )


def test_guests_can(ws: Workspace, bot: Bot) -> None:
    assert bot.client.chat_postMessage(channel=ws.person("sol").id, text="x")["ok"]


def test_where_an_app_may_post(ws: Workspace, bot: Bot) -> None:
    ws.admin.add_channel("secret", private=True, members=("kim",))
    ws.admin.add_channel("old")
    ws.admin.archive("old")
    post = bot.client.chat_postMessage
    assert post(channel=ws.channel("general").id, text="chat:write.public lets it")["ok"]
    assert error_of(lambda: post(channel=ws.channel("secret").id, text="x")) == "channel_not_found"
    assert error_of(lambda: post(channel=ws.channel("old").id, text="x")) == "is_archived"
    assert error_of(lambda: post(channel="C0NOWHERE", text="x")) == "channel_not_found"
    assert error_of(lambda: post(channel="#general", text="x")) == "channel_not_found"


def test_without_the_public_scope_it_must_be_a_member() -> None:
    with Sandbox(manifest(scopes=["commands", "chat:write", "channels:join"], events=[])) as sandbox:
        bot, ws = Bot(sandbox), sandbox.workspace()
        general = ws.channel("general").id
        assert error_of(lambda: bot.client.chat_postMessage(channel=general, text="x")) == "not_in_channel"
        bot.client.conversations_join(channel=general)
        assert bot.client.chat_postMessage(channel=general, text="x")["ok"]


def test_a_messages_tab_that_is_off() -> None:
    with Sandbox(manifest(messages_tab_enabled=False)) as sandbox:
        bot, kim = Bot(sandbox), sandbox.workspace().person("kim").id
        assert error_of(lambda: bot.client.chat_postMessage(channel=kim, text="x")) == "messages_tab_disabled"


def test_another_name_needs_its_scope(bot: Bot, staff: str) -> None:
    answer = refused(lambda: bot.client.chat_postMessage(channel=staff, text="x", username="Someone"))
    assert answer.response["needed"] == "chat:write.customize"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": [section("y" * 3001)]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("y")] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"text": "x", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
    ],
)
def test_what_cannot_be_posted(ws: Workspace, bot: Bot, staff: str, args: Json, error: str) -> None:
    assert error_of(lambda: bot.client.api_call("chat.postMessage", json={"channel": staff, **args})) == error
    assert ws.channel("ta-staff").messages() == []
    assert ws.refusals()[-1]["where"] == "chat.postMessage"


def test_a_refused_block_says_where(bot: Bot, staff: str) -> None:
    answer = refused(
        lambda: bot.client.chat_postMessage(channel=staff, text="x", blocks=[section("y" * 3001)])
    )
    assert any("/blocks/0/text/text" in words for words in answer.response["response_metadata"]["messages"])


# -- threads


def test_replies_are_counted_on_the_first_message(ws: Workspace, bot: Bot, staff: str) -> None:
    first = bot.client.chat_postMessage(channel=staff, text="first")
    bot.client.chat_postMessage(channel=staff, text="reply", thread_ts=first["ts"])
    last = ws.person("ravi").says("another", in_="ta-staff", thread=ws.channel("ta-staff").messages()[0])
    parent = ws.channel("ta-staff").messages()[0].raw
    assert (parent["reply_count"], parent["latest_reply"]) == (2, last.ts)
    assert parent["reply_users"] == [BOT_USER, ws.person("ravi").id]
    ws.person("ravi").deletes(last)
    assert ws.channel("ta-staff").messages()[0].raw["reply_count"] == 1


def test_a_reply_cannot_start_a_thread(bot: Bot, staff: str) -> None:
    first = bot.client.chat_postMessage(channel=staff, text="first")
    reply = bot.client.chat_postMessage(channel=staff, text="reply", thread_ts=first["ts"])
    wrong = lambda: bot.client.chat_postMessage(channel=staff, text="x", thread_ts=reply["ts"])  # noqa: E731
    assert error_of(wrong) == "cannot_reply_to_message"


def test_a_reply_to_what_is_gone_is_taken_and_stands_at_the_top_level(
    ws: Workspace, bot: Bot, staff: str
) -> None:
    first = bot.client.chat_postMessage(channel=staff, text="first")
    bot.client.chat_delete(channel=staff, ts=first["ts"])
    reply = bot.client.chat_postMessage(channel=staff, text="reply", thread_ts=first["ts"])
    assert reply["ok"]
    assert "thread_ts" not in reply["message"]
    assert "thread_ts" not in ws.channel("ta-staff").last().raw


# -- changing


def test_update_changes_in_place_and_keeps_metadata(ws: Workspace, bot: Bot, staff: str) -> None:
    note = {"event_type": "note", "event_payload": {"uid": "1"}}
    posted = bot.client.chat_postMessage(channel=staff, text="one", blocks=[section("one")], metadata=note)
    bot.client.chat_update(channel=staff, ts=posted["ts"], text="two")
    message = ws.channel("ta-staff").last().raw
    assert (message["text"], message["metadata"]) == ("two", note)
    assert "blocks" not in message
    assert message["edited"]["user"] == BOT_USER


def test_blocks_hide_the_edited_sign(ws: Workspace, bot: Bot, staff: str) -> None:
    posted = bot.client.chat_postMessage(channel=staff, text="one")
    bot.client.chat_update(channel=staff, ts=posted["ts"], text="two", blocks=[section("two")])
    assert "edited" not in ws.channel("ta-staff").last().raw


def test_what_cannot_be_changed(ws: Workspace, bot: Bot, staff: str) -> None:
    said = ws.person("ravi").says("mine", in_="ta-staff")
    own = bot.client.chat_postMessage(channel=staff, text="one")
    change, delete = bot.client.chat_update, bot.client.chat_delete
    assert error_of(lambda: change(channel=staff, ts="1234567890.000001", text="x")) == "message_not_found"
    assert error_of(lambda: change(channel=staff, ts=said.ts, text="x")) == "cant_update_message"
    assert error_of(lambda: delete(channel=staff, ts=said.ts)) == "cant_delete_message"
    assert error_of(lambda: change(channel=staff, ts=own["ts"], text="x" * 4001)) == "msg_too_long"
    ws.admin.archive("ta-staff")
    assert error_of(lambda: change(channel=staff, ts=own["ts"], text="x")) == "is_inactive"


def test_a_deleted_message_is_gone(ws: Workspace, bot: Bot, staff: str) -> None:
    posted = bot.client.chat_postMessage(channel=staff, text="one")
    bot.client.chat_delete(channel=staff, ts=posted["ts"])
    assert ws.channel("ta-staff").messages() == []
    assert error_of(lambda: bot.client.chat_delete(channel=staff, ts=posted["ts"])) == "message_not_found"


def test_a_permalink_leads_to_the_page(sandbox: Sandbox, bot: Bot, staff: str) -> None:
    posted = bot.client.chat_postMessage(channel=staff, text="one")
    link = bot.client.chat_getPermalink(channel=staff, message_ts=posted["ts"])["permalink"]
    assert link == f"{sandbox.url}/archives/{staff}/p{posted['ts'].replace('.', '')}"
    wrong = lambda: bot.client.chat_getPermalink(channel=staff, message_ts="1.1")  # noqa: E731
    assert error_of(wrong) == "message_not_found"
