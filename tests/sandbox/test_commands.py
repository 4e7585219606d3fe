"""A slash command from the keyboard to the ack and back."""

from __future__ import annotations

import time

import httpx
import pytest

from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.world import SlackTiming
from tests.days import Sandbox
from tests.sandbox.peer import Bot, Json, RawSocket, hasty, manifest, section


def test_the_payload_carries_what_slack_sends(sandbox: Sandbox, ws: Workspace, bot: Bot) -> None:
    got: list[Json] = []
    bot.answers_command(lambda command: got.append(command) or "fine").connect()
    kim = ws.person("kim")
    kim.types("/ask  two words ", channel="general")
    command = got[0]
    assert command["command"] == "/ask"
    assert command["text"] == "two words"
    assert command["user_id"] == kim.id
    assert command["user_name"] == "kim"
    assert command["channel_id"] == ws.channel("general").id
    assert command["channel_name"] == "general"
    assert command["response_url"].startswith(sandbox.url)
    assert command["is_enterprise_install"] == "false"
    assert {"team_id", "team_domain", "api_app_id", "trigger_id", "token"} <= command.keys()


def test_an_ack_with_text_is_told_to_the_person_alone(ws: Workspace, bot: Bot) -> None:
    bot.answers_command(lambda command: f"you said {command['text']}").connect()
    kim, juno = ws.person("kim"), ws.person("juno")
    assert kim.types("/ask hello", channel="general").told() == "you said hello"
    juno.does_not_see("you said", in_="general")
    assert ws.channel("general").messages() == []


def test_an_answer_for_the_channel_shows_the_command_too(ws: Workspace, bot: Bot) -> None:
    bot.answers_command(lambda _: {"response_type": "in_channel", "text": "for all"}).connect()
    ws.person("kim").types("/ask hello", channel="general")
    assert [m.text() for m in ws.channel("general").messages()] == ["/ask hello", "for all"]


def test_an_empty_ack_shows_nothing(ws: Workspace, bot: Bot) -> None:
    bot.answers_command().connect()
    kim = ws.person("kim").types("/ask")
    assert kim.error() == ""
    assert ws.envelopes("command")[0]["acked"]
    kim.does_not_see("", in_="dm")


def test_a_private_channel_and_a_direct_message_hide_their_names(ws: Workspace, bot: Bot) -> None:
    got: list[Json] = []
    bot.answers_command(lambda command: got.append(command) or "").connect()
    ws.person("ravi").types("/ask", channel="ta-staff")
    ws.person("ravi").types("/ask", channel="dm")
    assert [command["channel_name"] for command in got] == ["privategroup", "directmessage"]


def test_escaped_text_marks_people_channels_and_links(ws: Workspace, bot: Bot) -> None:
    got: list[str] = []
    bot.answers_command(lambda command: got.append(command["text"]) or "").connect()
    kim = ws.person("kim")
    kim.types("/ask @ravi in #general and #ta-staff <b> & https://example.org/a @here")
    general, staff = ws.channel("general").id, ws.channel("ta-staff").id
    ravi = ws.person("ravi").id
    assert got == [
        f"<@{ravi}|ravi> in <#{general}|general> and <#{staff}|> &lt;b&gt; &amp; <https://example.org/a> @here"
    ]


def test_without_escaping_the_text_comes_as_typed() -> None:
    with Sandbox(manifest(escape=False)) as sandbox:
        bot = Bot(sandbox)
        got: list[str] = []
        bot.answers_command(lambda command: got.append(command["text"]) or "").connect()
        sandbox.workspace().person("kim").types("/ask @ravi <b> & #general")
        bot.close()
    assert got == ["@ravi <b> & #general"]


def test_a_command_the_app_does_not_have(ws: Workspace) -> None:
    assert ws.person("kim").types("/nothing here").error() == "/nothing is not a valid command."


def test_without_a_connection_the_command_fails_at_once(ws: Workspace) -> None:
    assert ws.person("kim").types("/ask").error() == '/ask failed with the error "dispatch_failed"'


@hasty
def test_a_late_ack_is_an_operation_timeout_and_stays_one(sandbox: Sandbox, ws: Workspace) -> None:
    line = RawSocket(sandbox)
    kim = ws.person("kim")
    assert kim.types("/ask").error() == '/ask failed with the error "operation_timeout"'
    line.ack(line.next(), {"text": "too late"})
    ws.wire.until(
        "inspect",
        {"what": "envelopes"},
        lambda answer: True if answer["envelopes"][0]["late"] else None,
        5,
        str,
    )
    kim.does_not_see("too late")
    line.close()


def test_an_ack_slack_would_not_show_is_refused(ws: Workspace, bot: Bot) -> None:
    bot.answers_command(lambda _: {"text": "x", "blocks": [section("y" * 3001)]}).connect()
    kim = ws.person("kim").types("/ask")
    assert "dispatch_failed" in kim.error()
    assert ws.refusals()[0]["where"] == "ack of command"
    kim.does_not_see("y" * 100)


@pytest.fixture
def response_url(ws: Workspace, bot: Bot) -> str:
    got: list[str] = []
    bot.answers_command(lambda command: got.append(command["response_url"]) or "").connect()
    ws.person("kim").types("/ask", channel="general")
    return got[0]


def test_a_response_url_answers_five_times(ws: Workspace, response_url: str) -> None:
    replies = [httpx.post(response_url, json={"text": f"word {n}"}) for n in range(6)]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 200, 200, 404]
    assert replies[5].text == "used_url"
    ws.person("kim").sees("word 4", in_="general")
    ws.person("kim").does_not_see("word 5")
    ws.person("juno").does_not_see("word")


def test_a_response_url_can_speak_to_the_channel(ws: Workspace, response_url: str) -> None:
    httpx.post(response_url, json={"text": "for all", "response_type": "in_channel"})
    assert ws.channel("general").last().text() == "for all"


def test_a_response_url_refuses_what_a_message_may_not_be(ws: Workspace, response_url: str) -> None:
    reply = httpx.post(response_url, json={"blocks": [section("y" * 3001)], "text": "x"})
    assert (reply.status_code, reply.text) == (500, "invalid_blocks")
    assert ws.refusals()[-1]["where"] == "response_url"


def test_a_response_url_never_touches_the_command_itself(ws: Workspace, response_url: str) -> None:
    reply = httpx.post(response_url, json={"text": "new", "replace_original": True})
    assert reply.status_code == 200
    ws.person("kim").sees("new", in_="general")
    assert ws.channel("general").messages() == []


def test_a_response_url_expires() -> None:
    with Sandbox(manifest(), timing=SlackTiming(response_url=0.05)) as sandbox:
        bot = Bot(sandbox)
        got: list[str] = []
        bot.answers_command(lambda command: got.append(command["response_url"]) or "").connect()
        sandbox.workspace().person("kim").types("/ask")
        deadline = time.monotonic() + 5
        while (
            reply := httpx.post(got[0], json={"text": "x"})
        ).status_code == 200 and time.monotonic() < deadline:
            pass
        bot.close()
    assert (reply.status_code, reply.text) == (404, "expired_url")


def test_a_burst_of_commands_is_acknowledged_whole(ws: Workspace, bot: Bot) -> None:
    bot.answers_command(lambda command: command["text"]).connect()
    import concurrent.futures

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        people = list(pool.map(lambda n: ws.person("kim").types(f"/ask {n}", channel="general"), range(100)))
    assert [person.error() for person in people[:1]] == [""]
    envelopes = ws.envelopes("command")
    assert len(envelopes) == 100
    assert all(e["acked"] and not e["late"] and e["attempts"] == 1 for e in envelopes)


@pytest.mark.parametrize("who", ["zed", "dee", "pollbot", "gus", "sol"])
def test_the_app_itself_must_look_who_is_asking(ws: Workspace, bot: Bot, who: str) -> None:
    """Slack delivers what strangers, guests, bots and people deactivated a moment ago did."""
    got: list[Json] = []
    bot.answers_command(lambda command: got.append(command) or "").connect()
    person = ws.person(who).types("/ask", channel="dm")
    assert person.error() == ""
    assert (got[0]["user_id"], got[0]["team_id"]) == (person.id, ws.users()[who]["team_id"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00nul",
        "\u200bzero",
        "\u202eright to left",
        "😀😀😀",
        "`ticks` *stars*",
        "&lt;",
        "a" * 3_000,
        "two\nlines",
    ],
    ids=["empty", "nul", "zero width", "rtl", "emoji", "marks", "entity", "long", "lines"],
)
def test_any_text_arrives(ws: Workspace, bot: Bot, text: str) -> None:
    got: list[str] = []
    bot.answers_command(lambda command: got.append(command["text"]) or "").connect()
    assert ws.person("kim").types(f"/ask {text}").error() == ""
    assert got == [text.replace("&", "&amp;")]
