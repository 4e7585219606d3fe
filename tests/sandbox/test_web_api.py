"""Who may call what, how it is encoded, how fast, page by page."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from copbot.sandbox.calls import METHODS
from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.people import BOT_ID, BOT_USER, TEAM
from copbot.sandbox.world import SlackTiming
from tests.days import Sandbox
from tests.sandbox.peer import SCOPES, Bot, Json, error_of, fetch, manifest, refused
from tests.waiting import at_most

FORM = "application/x-www-form-urlencoded"


def call(sandbox: Sandbox, method: str, body: str = "", kind: str = FORM, token: str = "") -> Json:
    headers = {"Content-Type": kind, "Authorization": f"Bearer {token or sandbox.bot_token}"}
    return dict(json.loads(fetch(sandbox.api_url + method, "POST", body.encode(), **headers)[2]))


# -- tokens


def test_auth_test_says_who_the_app_is(bot: Bot, sandbox: Sandbox) -> None:
    answer = bot.client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (BOT_USER, BOT_ID, TEAM["id"])
    assert answer["url"] == f"{sandbox.url}/"


def test_the_token_may_stand_in_the_form(sandbox: Sandbox) -> None:
    status, _, text = fetch(
        sandbox.api_url + "auth.test",
        "POST",
        urlencode({"token": sandbox.bot_token}).encode(),
        **{"Content-Type": FORM},
    )
    assert (status, json.loads(text)["ok"]) == (200, True)


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-wrong", "invalid_auth"), ("", "not_authed"), ("APP", "not_allowed_token_type")],
)
def test_other_tokens_open_nothing(sandbox: Sandbox, token: str, error: str) -> None:
    client = WebClient(sandbox.app_token if token == "APP" else token, base_url=sandbox.api_url)
    assert error_of(client.auth_test) == error


def test_a_token_is_never_kept_or_shown(sandbox: Sandbox, ws: Workspace, bot: Bot) -> None:
    bot.client.auth_test()
    call(sandbox, "chat.postMessage", urlencode({"token": sandbox.bot_token, "channel": "C1", "text": "x"}))
    seen = json.dumps([ws.calls(), ws.refusals(), ws.envelopes()])
    assert sandbox.bot_token not in seen
    assert sandbox.app_token not in seen


def test_an_uninstalled_app_is_inactive(ws: Workspace, bot: Bot) -> None:
    ws.admin.uninstall()
    assert error_of(bot.client.auth_test) == "account_inactive"


# -- methods and scopes


def test_an_unknown_method_is_refused_loudly(bot: Bot, ws: Workspace) -> None:
    assert error_of(lambda: bot.client.api_call("chat.shout")) == "unknown_method"
    last = ws.refusals()[-1]
    assert (last["where"], last["error"], last["messages"]) == ("chat.shout", "unknown_method", [])


def test_the_methods_there_are() -> None:
    wanted = {
        "apps.connections.open auth.test api.test bots.info team.info",
        "chat.postMessage chat.update chat.delete chat.postEphemeral chat.getPermalink",
        "conversations.list conversations.info conversations.members conversations.history",
        "conversations.replies conversations.open conversations.create conversations.join",
        "conversations.invite conversations.kick conversations.archive conversations.unarchive",
        "conversations.setTopic conversations.setPurpose conversations.rename conversations.leave",
        "users.list users.info users.conversations",
        "views.open views.push views.update views.publish",
        "bookmarks.add bookmarks.edit bookmarks.remove bookmarks.list",
        "pins.add pins.remove pins.list",
    }
    assert {name for line in wanted for name in line.split()} <= METHODS.keys()


@pytest.mark.parametrize(
    ("method", "args", "needed"),
    [
        ("chat.postMessage", {"channel": "STAFF", "text": "x"}, "chat:write"),
        ("chat.update", {"channel": "STAFF", "ts": "1.1", "text": "x"}, "chat:write"),
        ("chat.postEphemeral", {"channel": "STAFF", "user": "KIM", "text": "x"}, "chat:write"),
        ("users.list", {}, "users:read"),
        ("users.info", {"user": "KIM"}, "users:read"),
        ("conversations.list", {}, "channels:read"),
        ("conversations.list", {"types": "private_channel"}, "groups:read"),
        ("conversations.info", {"channel": "STAFF"}, "groups:read"),
        ("conversations.members", {"channel": "GENERAL"}, "channels:read"),
        ("conversations.history", {"channel": "STAFF"}, "groups:history"),
        ("conversations.replies", {"channel": "GENERAL", "ts": "1.1"}, "channels:history"),
        ("conversations.open", {"users": "KIM"}, "im:write,mpim:write"),
        ("conversations.create", {"name": "x"}, "channels:manage"),
        ("conversations.create", {"name": "x", "is_private": True}, "groups:write"),
        ("conversations.join", {"channel": "GENERAL"}, "channels:join"),
        ("conversations.invite", {"channel": "STAFF", "users": "KIM"}, "groups:write,groups:write.invites"),
        ("conversations.setTopic", {"channel": "STAFF", "topic": "x"}, "groups:write,groups:write.topic"),
        ("conversations.archive", {"channel": "STAFF"}, "groups:write"),
        ("bookmarks.add", {"channel_id": "STAFF", "title": "x", "type": "link"}, "bookmarks:write"),
        ("pins.add", {"channel": "STAFF", "timestamp": "1.1"}, "pins:write"),
        ("team.info", {}, "team:read"),
        ("bots.info", {}, "users:read"),
    ],
)
def test_a_scope_the_manifest_lacks_is_named(method: str, args: Json, needed: str) -> None:
    missing = needed.split(",")
    kept = [scope for scope in SCOPES if scope not in missing]
    with Sandbox(manifest(scopes=kept, events=[]), enforce_rates=False) as sandbox:
        ws, client = sandbox.workspace(), WebClient(sandbox.bot_token, base_url=sandbox.api_url)
        ids = {
            "STAFF": sandbox.environment()["COPBOT_STAFF_CHANNEL"],
            "GENERAL": ws.channels()["general"]["id"],
            "KIM": ws.users()["kim"]["id"],
        }
        known = {
            name: ids.get(value, value) if isinstance(value, str) else value for name, value in args.items()
        }
        answer = refused(lambda: client.api_call(method, json=known)).response
    assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
    assert answer["provided"] == ",".join(sorted(kept))


def test_views_need_no_scope(ws: Workspace) -> None:
    with Sandbox(manifest(scopes=["commands"], events=[])) as sandbox:
        kim = sandbox.workspace().person("kim").id
        client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
        assert client.views_publish(user_id=kim, view={"type": "home", "blocks": []})["ok"]


# -- encoding


def test_json_and_forms_say_the_same(sandbox: Sandbox) -> None:
    staff = sandbox.environment()["COPBOT_STAFF_CHANNEL"]
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "é ✓ &"}}]
    as_form = call(
        sandbox, "chat.postMessage", urlencode({"channel": staff, "text": "t", "blocks": json.dumps(blocks)})
    )
    as_json = call(
        sandbox,
        "chat.postMessage",
        json.dumps({"channel": staff, "text": "t", "blocks": blocks}),
        "application/json; charset=utf-8",
    )
    assert (
        as_form["message"]["blocks"][0]["text"]
        == as_json["message"]["blocks"][0]["text"]
        == blocks[0]["text"]
    )


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        ("{", "application/json", "invalid_json"),
        ("[1]", "application/json", "json_not_object"),
        ("channel=C1", FORM, "channel_not_found"),
        ("", FORM, "invalid_arguments"),
        ("channel=C1&text=x&blocks={", FORM, "channel_not_found"),
    ],
)
def test_what_cannot_be_read(sandbox: Sandbox, body: str, kind: str, error: str) -> None:
    assert call(sandbox, "chat.postMessage", body, kind)["error"] == error


def test_a_missing_argument_is_named(sandbox: Sandbox) -> None:
    answer = call(
        sandbox, "chat.update", urlencode({"channel": sandbox.environment()["COPBOT_STAFF_CHANNEL"]})
    )
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: ts"]


def test_bytes_that_are_no_text(sandbox: Sandbox) -> None:
    headers = {"Content-Type": FORM, "Authorization": f"Bearer {sandbox.bot_token}"}
    _, _, text = fetch(sandbox.api_url + "chat.postMessage", "POST", b"text=\xff\xfe", **headers)
    assert json.loads(text)["error"] == "invalid_charset"


def test_api_test_echoes(bot: Bot) -> None:
    assert bot.client.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert error_of(lambda: bot.client.api_test(error="my_error")) == "my_error"


# -- pages


def test_lists_come_page_by_page(bot: Bot) -> None:
    names: list[str] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        answer = bot.client.users_list(limit=4, cursor=cursor)
        names += [user["name"] for user in answer["members"]]
        cursor, pages = answer["response_metadata"]["next_cursor"], pages + 1
    whole = [user["name"] for user in bot.client.users_list()["members"]]
    assert names == whole
    assert pages == -(-len(whole) // 4)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"limit": 1000}, "invalid_limit"),
        ({"limit": -1}, "invalid_limit"),
        ({"limit": "many"}, "invalid_limit"),
        ({"types": "public"}, "invalid_types"),
    ],
)
def test_wrong_pages_and_types(bot: Bot, args: Json, error: str) -> None:
    assert error_of(lambda: bot.client.api_call("conversations.list", params=args)) == error


# -- rates


@pytest.fixture
def strict() -> Any:
    with Sandbox(manifest()) as sandbox:
        yield sandbox


def _until_refused(calls: Any, most: int) -> tuple[int, Any]:
    for count in range(most):
        try:
            calls()
        except SlackApiError as error:
            return count, error.response
    raise AssertionError(f"{most} calls went through")


def test_one_message_a_second_a_channel_after_a_short_burst(strict: Sandbox) -> None:
    client = WebClient(strict.bot_token, base_url=strict.api_url)
    staff = strict.environment()["COPBOT_STAFF_CHANNEL"]
    count, answer = _until_refused(lambda: client.chat_postMessage(channel=staff, text="x"), 20)
    assert 1 <= count <= 6
    assert (answer.status_code, answer["error"], answer.headers["retry-after"]) == (429, "ratelimited", "1")
    kim = strict.workspace().person("kim").id
    assert client.chat_postMessage(channel=kim, text="elsewhere goes on")["ok"]


@pytest.mark.parametrize(("method", "tier"), [("users.list", 20), ("conversations.list", 20)])
def test_a_method_has_its_tier(strict: Sandbox, method: str, tier: int) -> None:
    client = WebClient(strict.bot_token, base_url=strict.api_url)
    count, answer = _until_refused(lambda: client.api_call(method), tier + 10)
    assert tier <= count <= tier + 3
    assert int(answer.headers["retry-after"]) >= 1
    assert client.auth_test()["ok"]


def test_the_workspace_as_a_whole_takes_a_few_hundred_a_minute(strict: Sandbox) -> None:
    client = WebClient(strict.bot_token, base_url=strict.api_url)
    ws = strict.workspace()
    people = [ws.admin.add_person(f"p{n}", f"Person {n}") for n in range(80)]
    everyone = iter(people)
    count, _ = _until_refused(lambda: client.chat_postMessage(channel=next(everyone), text="x"), 80)
    assert 55 <= count <= 75


def test_rates_can_be_off(bot: Bot, sandbox: Sandbox) -> None:
    staff = sandbox.environment()["COPBOT_STAFF_CHANNEL"]
    for _ in range(30):
        bot.client.chat_postMessage(channel=staff, text="x")


# -- for the inspector


def test_calls_are_kept_with_answer_and_time(ws: Workspace, bot: Bot) -> None:
    bot.client.chat_postMessage(channel=ws.channel("ta-staff").id, text="hello")
    entry = ws.calls("chat.postMessage")[0]
    assert (entry["args"]["text"], entry["answer"]["ok"], entry["status"]) == ("hello", True, 200)
    assert 0 < entry["ms"] < at_most(1000)


def test_latency_is_added_to_every_answer() -> None:
    with Sandbox(manifest(), timing=SlackTiming(latency=0.1)) as sandbox:
        WebClient(sandbox.bot_token, base_url=sandbox.api_url).auth_test()
        assert sandbox.workspace().calls("auth.test")[0]["ms"] >= 100


def test_the_answer_says_which_scopes_the_token_has(bot: Bot) -> None:
    assert bot.client.auth_test().headers["x-oauth-scopes"].split(",") == sorted(SCOPES)


def test_a_very_long_answer_is_kept_as_its_size(ws: Workspace, bot: Bot) -> None:
    staff = ws.channel("ta-staff").id
    for _ in range(30):
        bot.client.chat_postMessage(channel=staff, text="x" * 3_000)
    assert len(bot.client.conversations_history(channel=staff)["messages"]) == 30
    kept = ws.calls("conversations.history")[0]["answer"]
    assert (kept["ok"], kept["bytes"] > 90_000) == (True, True)
