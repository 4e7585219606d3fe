"""conversations.* and users.*: who and what an app may know of, and change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.people import BOT_USER
from tests.days import Sandbox
from tests.sandbox.peer import SCOPES, Bot, error_of, manifest


@pytest.fixture
def staff(ws: Workspace) -> str:
    return ws.channel("ta-staff").id


def names(answer: Any) -> list[str]:
    return sorted(channel["name"] for channel in answer["channels"])


# -- knowing


def test_public_channels_and_the_private_ones_it_is_in(ws: Workspace, bot: Bot) -> None:
    ws.admin.add_channel("secret", private=True)
    assert names(bot.client.conversations_list()) == ["general", "overdose-response", "ssp-operations"]
    assert names(bot.client.conversations_list(types="private_channel")) == ["ta-staff"]
    assert names(bot.client.users_conversations(types="public_channel,private_channel")) == ["ta-staff"]


def test_archived_channels_can_be_left_out(ws: Workspace, bot: Bot) -> None:
    ws.admin.archive("ssp-operations")
    assert "ssp-operations" in names(bot.client.conversations_list())
    assert "ssp-operations" not in names(bot.client.conversations_list(exclude_archived=True))


def test_a_channel_with_people_from_elsewhere_is_shared(ws: Workspace, bot: Bot) -> None:
    info = bot.client.conversations_info(channel=ws.channel("ssp-operations").id)["channel"]
    assert info["is_ext_shared"] is True
    general = bot.client.conversations_info(channel=ws.channel("general").id)["channel"]
    assert (general["is_ext_shared"], general["is_general"], general["is_member"]) == (False, True, False)


def test_the_number_of_members_only_when_asked_for(ws: Workspace, bot: Bot, staff: str) -> None:
    assert "num_members" not in bot.client.conversations_info(channel=staff)["channel"]
    assert (
        bot.client.conversations_info(channel=staff, include_num_members=True)["channel"]["num_members"] == 5
    )


@pytest.mark.parametrize(
    "asks",
    [
        lambda client, channel: client.conversations_info(channel=channel),
        lambda client, channel: client.conversations_members(channel=channel),
        lambda client, channel: client.conversations_history(channel=channel),
        lambda client, channel: client.conversations_replies(channel=channel, ts="1.1"),
        lambda client, channel: client.pins_list(channel=channel),
    ],
)
def test_a_private_channel_of_others_does_not_exist(
    ws: Workspace, bot: Bot, asks: Callable[..., Any]
) -> None:
    ws.admin.add_channel("secret", private=True)
    assert error_of(lambda: asks(bot.client, ws.channel("secret").id)) == "channel_not_found"


def test_members_come_page_by_page(ws: Workspace, bot: Bot, staff: str) -> None:
    first = bot.client.conversations_members(channel=staff, limit=3)
    rest = bot.client.conversations_members(
        channel=staff, limit=3, cursor=first["response_metadata"]["next_cursor"]
    )
    assert len(first["members"]) == 3
    assert BOT_USER in [*first["members"], *rest["members"]]
    assert rest["response_metadata"]["next_cursor"] == ""


# -- history


def test_history_needs_membership(ws: Workspace, bot: Bot) -> None:
    assert (
        error_of(lambda: bot.client.conversations_history(channel=ws.channel("general").id))
        == "not_in_channel"
    )


def test_history_is_newest_first_and_without_replies(ws: Workspace, bot: Bot, staff: str) -> None:
    first = bot.client.chat_postMessage(channel=staff, text="one")
    bot.client.chat_postMessage(channel=staff, text="in the thread", thread_ts=first["ts"])
    bot.client.chat_postMessage(channel=staff, text="to all", thread_ts=first["ts"], reply_broadcast=True)
    bot.client.chat_postMessage(channel=staff, text="two")
    history = bot.client.conversations_history(channel=staff)["messages"]
    thread = bot.client.conversations_replies(channel=staff, ts=first["ts"])["messages"]
    assert [m["text"] for m in history] == ["two", "to all", "one"]
    assert [m["text"] for m in thread] == ["one", "in the thread", "to all"]


def test_metadata_is_shown_only_when_asked_for(bot: Bot, staff: str) -> None:
    note = {"event_type": "note", "event_payload": {"uid": "1"}}
    first = bot.client.chat_postMessage(channel=staff, text="one", metadata=note)
    history, replies = bot.client.conversations_history, bot.client.conversations_replies
    assert "metadata" not in history(channel=staff)["messages"][0]
    assert history(channel=staff, include_all_metadata=True)["messages"][0]["metadata"] == note
    assert "metadata" not in replies(channel=staff, ts=first["ts"])["messages"][0]
    assert (
        replies(channel=staff, ts=first["ts"], include_all_metadata=True)["messages"][0]["metadata"] == note
    )


def test_history_between_two_moments(bot: Bot, staff: str) -> None:
    stamps = [bot.client.chat_postMessage(channel=staff, text=str(n))["ts"] for n in range(5)]

    def texts(**bounds: Any) -> list[str]:
        return [m["text"] for m in bot.client.conversations_history(channel=staff, **bounds)["messages"]]

    assert texts(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]
    assert texts(oldest=stamps[3]) == ["4"]
    assert error_of(lambda: texts(oldest="yesterday")) == "invalid_ts_oldest"


def test_history_comes_page_by_page(bot: Bot, staff: str) -> None:
    for n in range(5):
        bot.client.chat_postMessage(channel=staff, text=str(n))
    first = bot.client.conversations_history(channel=staff, limit=3)
    rest = bot.client.conversations_history(
        channel=staff, limit=3, cursor=first["response_metadata"]["next_cursor"]
    )
    assert ([m["text"] for m in first["messages"]], first["has_more"]) == (["4", "3", "2"], True)
    assert ([m["text"] for m in rest["messages"]], rest["has_more"]) == (["1", "0"], False)


def test_a_thread_that_is_not_there(bot: Bot, staff: str) -> None:
    wrong = lambda: bot.client.conversations_replies(channel=staff, ts="1.1")  # noqa: E731
    assert error_of(wrong) == "thread_not_found"


def test_a_free_plan_hides_what_is_older_than_ninety_days(ws: Workspace, bot: Bot, staff: str) -> None:
    ws.admin.switch(hide_days=90)
    old = bot.client.chat_postMessage(channel=staff, text="old")
    ws.clock.advance(91 * 86_400)
    bot.client.chat_postMessage(channel=staff, text="new")
    history = bot.client.conversations_history(channel=staff)
    assert ([m["text"] for m in history["messages"]], history["is_limited"]) == (["new"], True)
    assert (
        error_of(lambda: bot.client.chat_update(channel=staff, ts=old["ts"], text="x")) == "message_not_found"
    )
    ws.person("ravi").does_not_see("old", in_="ta-staff")


# -- direct messages


def test_opening_a_direct_message_is_the_same_every_time(ws: Workspace, bot: Bot) -> None:
    kim = ws.person("kim").id
    first = bot.client.conversations_open(users=[kim])["channel"]["id"]
    assert bot.client.conversations_open(users=kim)["channel"]["id"] == first
    assert bot.client.chat_postMessage(channel=kim, text="x")["channel"] == first


@pytest.mark.parametrize(
    ("who", "error"),
    [("dee", "user_disabled"), ("zed", "user_not_visible"), ("pollbot", "invalid_user_combination")],
)
def test_some_direct_messages_cannot_be_opened(ws: Workspace, bot: Bot, who: str, error: str) -> None:
    assert error_of(lambda: bot.client.conversations_open(users=ws.person(who).id)) == error


def test_opening_with_nobody_or_a_crowd(bot: Bot) -> None:
    opens = bot.client.conversations_open
    assert error_of(lambda: opens(users="")) == "not_enough_users"
    assert error_of(lambda: opens(users=[f"U{n}" for n in range(9)])) == "too_many_users"
    assert error_of(lambda: opens(users="U0NOBODY")) == "user_not_found"


# -- changing channels


def test_a_new_channel_has_its_maker_in_it(bot: Bot) -> None:
    made = bot.client.conversations_create(name="wound-care")["channel"]
    assert (made["name"], made["is_member"], made["creator"]) == ("wound-care", True, BOT_USER)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("general", "name_taken"),
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Wound Care", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
    ],
)
def test_names_that_cannot_be(bot: Bot, name: str, error: str) -> None:
    assert error_of(lambda: bot.client.api_call("conversations.create", json={"name": name})) == error


def test_joining_and_leaving(ws: Workspace, bot: Bot, staff: str) -> None:
    general = ws.channel("general").id
    bot.client.conversations_join(channel=general)
    assert bot.client.conversations_join(channel=general)["warning"] == "already_in_channel"
    bot.client.conversations_leave(channel=general)
    assert bot.client.conversations_leave(channel=general)["not_in_channel"] is True
    wrong = lambda: bot.client.conversations_join(channel=staff)  # noqa: E731
    assert error_of(wrong) == "method_not_supported_for_channel_type"


def test_inviting(ws: Workspace, bot: Bot, staff: str) -> None:
    bot.client.conversations_invite(channel=staff, users=[ws.person("kim").id, ws.person("juno").id])
    assert {ws.person("kim").id, ws.person("juno").id} <= set(ws.channel("ta-staff").record()["members"])


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("ravi", "already_in_channel"),
        ("tabot", "cant_invite_self"),
        ("dee", "user_not_found"),
        ("zed", "org_user_not_in_team"),
        ("sol", "ura_max_channels"),
    ],
)
def test_invitations_slack_refuses(ws: Workspace, bot: Bot, staff: str, who: str, error: str) -> None:
    assert error_of(lambda: bot.client.conversations_invite(channel=staff, users=ws.person(who).id)) == error


def test_force_invites_the_rest(ws: Workspace, bot: Bot, staff: str) -> None:
    users = [ws.person("kim").id, ws.person("dee").id]
    assert error_of(lambda: bot.client.conversations_invite(channel=staff, users=users)) == "user_not_found"
    answer = bot.client.conversations_invite(channel=staff, users=users, force=True)
    assert [e["user"] for e in answer["errors"]] == [users[1]]


def test_an_app_cannot_remove_people_unless_the_workspace_says_so(
    ws: Workspace, bot: Bot, staff: str
) -> None:
    kick = lambda: bot.client.conversations_kick(channel=staff, user=ws.person("mei").id)  # noqa: E731
    assert error_of(kick) == "restricted_action"
    ws.admin.switch(allow_kick=True)
    assert kick()["ok"]
    assert error_of(kick) == "not_in_channel"
    wrong = lambda: bot.client.conversations_kick(channel=staff, user=BOT_USER)  # noqa: E731
    assert error_of(wrong) == "cant_kick_self"


def test_an_archived_channel_is_left_and_cannot_be_brought_back(ws: Workspace, bot: Bot) -> None:
    made = bot.client.conversations_create(name="short-lived")["channel"]["id"]
    bot.client.conversations_archive(channel=made)
    assert error_of(lambda: bot.client.conversations_archive(channel=made)) == "already_archived"
    assert error_of(lambda: bot.client.conversations_unarchive(channel=made)) == "not_in_channel"
    assert error_of(lambda: bot.client.conversations_join(channel=made)) == "is_archived"
    ws.admin.switch(allow_unarchive=True)
    assert bot.client.conversations_unarchive(channel=made)["ok"]
    assert bot.client.conversations_info(channel=made)["channel"]["is_archived"] is False


def test_an_archived_private_channel_is_still_known_to_be_archived(
    ws: Workspace, bot: Bot, staff: str
) -> None:
    ws.admin.archive("ta-staff")
    assert bot.client.conversations_info(channel=staff)["channel"]["is_archived"] is True
    assert error_of(lambda: bot.client.chat_postMessage(channel=staff, text="x")) == "is_archived"


def test_general_is_not_archived(ws: Workspace, bot: Bot) -> None:
    ws.admin.invite_bot("general")
    general = ws.channel("general").id
    assert error_of(lambda: bot.client.conversations_archive(channel=general)) == "cant_archive_general"


def test_topic_purpose_and_name(ws: Workspace, bot: Bot, staff: str) -> None:
    bot.client.conversations_setTopic(channel=staff, topic="Who is on duty")
    bot.client.conversations_setPurpose(channel=staff, purpose="Requests")
    bot.client.conversations_rename(channel=staff, name="staff-room")
    info = bot.client.conversations_info(channel=staff)["channel"]
    assert (info["topic"]["value"], info["purpose"]["value"], info["name"]) == (
        "Who is on duty",
        "Requests",
        "staff-room",
    )
    assert error_of(lambda: bot.client.conversations_setTopic(channel=staff, topic="x" * 251)) == "too_long"


def test_changing_needs_membership(ws: Workspace, bot: Bot) -> None:
    general = ws.channel("general").id
    for change in (
        lambda: bot.client.conversations_setTopic(channel=general, topic="x"),
        lambda: bot.client.conversations_archive(channel=general),
        lambda: bot.client.conversations_invite(channel=general, users=ws.person("sol").id),
        lambda: bot.client.conversations_rename(channel=general, name="x"),
    ):
        assert error_of(change) == "not_in_channel"


# -- people


def test_people_have_slacks_flags(bot: Bot, ws: Workspace) -> None:
    people = {user["name"]: user for user in bot.client.users_list()["members"]}
    assert people["dee"]["deleted"]
    assert people["lou"]["is_admin"]
    assert not people["lou"]["is_owner"]
    assert people["ines"]["is_primary_owner"]
    assert (people["gus"]["is_restricted"], people["gus"]["is_ultra_restricted"]) == (True, False)
    assert (people["sol"]["is_restricted"], people["sol"]["is_ultra_restricted"]) == (True, True)
    assert people["pollbot"]["is_bot"]
    assert "zed" not in people
    assert len({user["tz"] for user in people.values()}) >= 5


def test_a_stranger_is_known_by_id_alone(ws: Workspace, bot: Bot) -> None:
    zed = bot.client.users_info(user=ws.person("zed").id)["user"]
    assert (zed["is_stranger"], zed["team_id"] != bot.client.auth_test()["team_id"]) == (True, True)
    assert "email" not in zed["profile"]


def test_addresses_need_their_scope() -> None:
    scopes = [scope for scope in SCOPES if scope != "users:read.email"]
    with Sandbox(manifest(scopes=scopes)) as sandbox:
        bot = Bot(sandbox)
        assert all("email" not in user["profile"] for user in bot.client.users_list()["members"])


def test_an_unknown_user(bot: Bot) -> None:
    assert error_of(lambda: bot.client.users_info(user="U0NOBODY")) == "user_not_found"


def test_the_team_and_the_app(bot: Bot) -> None:
    assert bot.client.team_info()["team"]["domain"]
    bot_id = bot.client.auth_test()["bot_id"]
    assert bot.client.bots_info(bot=bot_id)["bot"]["user_id"] == BOT_USER
    assert error_of(lambda: bot.client.bots_info(bot="B0OTHER")) == "bot_not_found"


# -- what hangs on channels and messages


def test_bookmarks(bot: Bot, staff: str) -> None:
    made = bot.client.bookmarks_add(channel_id=staff, title="Guide", type="link", link="https://example.org")
    bot.client.bookmarks_edit(channel_id=staff, bookmark_id=made["bookmark"]["id"], title="The guide")
    assert [b["title"] for b in bot.client.bookmarks_list(channel_id=staff)["bookmarks"]] == ["The guide"]
    bot.client.bookmarks_remove(channel_id=staff, bookmark_id=made["bookmark"]["id"])
    assert bot.client.bookmarks_list(channel_id=staff)["bookmarks"] == []
    bad = lambda: bot.client.bookmarks_add(channel_id=staff, title="x", type="link", link="ftp://x")  # noqa: E731
    assert error_of(bad) == "invalid_link"


def test_pins(bot: Bot, staff: str) -> None:
    ts = str(bot.client.chat_postMessage(channel=staff, text="x")["ts"])
    bot.client.pins_add(channel=staff, timestamp=ts)
    assert error_of(lambda: bot.client.pins_add(channel=staff, timestamp=ts)) == "already_pinned"
    assert bot.client.pins_list(channel=staff)["items"][0]["message"]["ts"] == ts
    bot.client.pins_remove(channel=staff, timestamp=ts)
    assert error_of(lambda: bot.client.pins_remove(channel=staff, timestamp=ts)) == "no_pin"
    assert error_of(lambda: bot.client.pins_add(channel=staff, timestamp="1.1")) == "message_not_found"
