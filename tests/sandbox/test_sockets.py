"""Socket Mode: tickets, connections, acks and what breaks them."""

from __future__ import annotations

import concurrent.futures
import contextlib
import gc
import json
from collections.abc import Iterator

import pytest
import websocket
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.world import SlackTiming
from tests.days import Sandbox
from tests.sandbox.peer import Bot, Json, RawSocket, error_of, manifest
from tests.waiting import eventually


@pytest.fixture
def line(sandbox: Sandbox) -> Iterator[RawSocket]:
    opened = RawSocket(sandbox)
    yield opened
    opened.close()


def test_hello_tells_how_many_connections_there_are(sandbox: Sandbox, line: RawSocket) -> None:
    second = RawSocket(sandbox)
    assert (line.hello["type"], line.hello["num_connections"]) == ("hello", 1)
    assert second.hello["num_connections"] == 2
    assert second.hello["connection_info"]["app_id"]
    assert second.hello["debug_info"]["approximate_connection_time"] == 3600
    second.close()


def test_a_ticket_opens_one_connection_once(sandbox: Sandbox, line: RawSocket, ws: Workspace) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(line.url, timeout=5)
    assert ws.refusals()[-1]["error"] == "not_admitted"


def test_a_made_up_ticket_opens_nothing(sandbox: Sandbox, line: RawSocket) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(line.url.split("ticket=")[0] + "ticket=guess", timeout=5)


def test_at_most_ten_connections(sandbox: Sandbox) -> None:
    lines = [RawSocket(sandbox) for _ in range(10)]
    with pytest.raises(websocket.WebSocketBadStatusException):
        RawSocket(sandbox)
    for line in lines:
        line.close()


def test_only_an_app_token_opens_a_connection(sandbox: Sandbox) -> None:
    client = WebClient(base_url=sandbox.api_url)
    assert (
        error_of(lambda: client.apps_connections_open(app_token=sandbox.bot_token))
        == "not_allowed_token_type"
    )
    assert error_of(lambda: client.apps_connections_open(app_token="xapp-wrong")) == "invalid_auth"


def _envelopes(ws: Workspace, lines: list[RawSocket], count: int) -> list[list[Json]]:
    """What each connection got of `count` commands, all acknowledged."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        typing = [pool.submit(ws.person("kim").types, f"/ask {n}") for n in range(count)]
        got: list[list[Json]] = [[] for _ in lines]
        while sum(map(len, got)) < count:
            for place, line in enumerate(lines):
                with contextlib.suppress(websocket.WebSocketTimeoutException):
                    got[place].append(line.next(timeout=0.05))
                    line.ack(got[place][-1])
        for done in typing:
            done.result()
    return got


def test_each_envelope_goes_to_exactly_one_connection(
    sandbox: Sandbox, ws: Workspace, line: RawSocket
) -> None:
    second = RawSocket(sandbox)
    got = _envelopes(ws, [line, second], 6)
    texts = sorted(envelope["payload"]["text"] for part in got for envelope in part)
    assert texts == [str(n) for n in range(6)]
    assert all(got)
    second.close()


def test_two_real_connections_share_the_work(ws: Workspace, bot: Bot) -> None:
    got: list[str] = []
    bot.answers_command(lambda command: got.append(command["text"]) or "").connect(links=2)
    for n in range(6):
        ws.person("kim").types(f"/ask {n}")
    assert got == [str(n) for n in range(6)]
    assert [e["attempts"] for e in ws.envelopes("command")] == [1] * 6


def test_the_envelope_of_a_command_may_carry_an_answer(ws: Workspace, line: RawSocket) -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        typing = pool.submit(ws.person("kim").types, "/ask")
        envelope = line.next()
        line.ack(envelope, {"text": "by hand"})
        kim = typing.result()
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    assert "retry_attempt" not in envelope
    assert kim.told() == "by hand"


def test_a_frame_over_20480_bytes_closes_the_socket_and_is_delivered_again(
    sandbox: Sandbox, ws: Workspace, line: RawSocket
) -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        typing = pool.submit(ws.person("kim").types, "/ask")
        envelope = line.next()
        line.ack(envelope, {"text": "x" * 20_480})
        opcode, frame = line.line.recv_data()
        assert (opcode, int.from_bytes(frame[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 1009)
        second = RawSocket(sandbox)
        again = second.next()
        second.ack(again, {"text": "short"})
        kim = typing.result()
    assert again["envelope_id"] == envelope["envelope_id"]
    assert kim.told() == "short"
    assert ws.refusals()[0]["error"] == "frame_too_long"
    second.close()


def test_a_frame_of_20480_bytes_just_fits(ws: Workspace, line: RawSocket) -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        typing = pool.submit(ws.person("kim").types, "/ask")
        envelope = line.next()
        empty = json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": ""}})
        line.ack(envelope, {"text": "x" * (20_480 - len(empty))})
        kim = typing.result()
    assert kim.error() == ""
    assert ws.envelopes("command")[0]["ack_bytes"] == 20_480


def test_a_command_in_flight_is_sent_again_when_the_connection_breaks(
    sandbox: Sandbox, ws: Workspace, line: RawSocket
) -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        typing = pool.submit(ws.person("kim").types, "/ask")
        envelope = line.next()
        assert ws.faults.socket_drop() == 1
        second = RawSocket(sandbox)
        again = second.next()
        second.ack(again)
        kim = typing.result()
    assert again == envelope
    assert kim.error() == ""
    assert ws.envelopes("command")[0]["attempts"] == 2
    second.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_dropped_bot_comes_back_by_itself(ws: Workspace, bot: Bot) -> None:
    bot.answers_command(lambda _: "here again").connect()
    ws.faults.socket_drop()
    kim = ws.person("kim")
    # The SDK's client reconnects from two threads; what arrives on the one it then drops is never answered.
    eventually(lambda: kim.types("/ask").error() == "", "the bot to answer")
    assert kim.told() == "here again"
    gc.collect()  # the client forgets to close the socket it lost


def test_refresh_leaves_the_old_connection_until_the_new_one_is_there(
    sandbox: Sandbox, ws: Workspace, line: RawSocket
) -> None:
    ws.faults.refresh()
    goodbye = line.next()
    assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "refresh_requested")
    old = _envelopes(ws, [line], 1)
    second = RawSocket(sandbox)
    assert second.hello["num_connections"] == 2
    new = _envelopes(ws, [line, second], 2)
    assert [len(old[0]), len(new[0]), len(new[1])] == [1, 0, 2]
    second.close()


def test_a_bot_follows_a_refresh_without_losing_a_command() -> None:
    """The client that comes with the SDK stalls for three seconds then, which is its own affair: a long ack."""
    with Sandbox(manifest(), timing=SlackTiming(ack=10.0)) as sandbox:
        bot, ws = Bot(sandbox), sandbox.workspace()
        bot.answers_command(lambda command: command["text"])
        handler = SocketModeHandler(bot.app, sandbox.app_token)
        handler.connect()
        ws.connected()
        ws.faults.refresh("warning")
        assert ws.person("kim").types("/ask now").error() == ""
        ws.connected()
        handler.close()


def test_what_is_not_an_ack_is_refused(ws: Workspace, line: RawSocket) -> None:
    line.line.send("hello")
    line.line.send('{"envelope_id": "unknown"}')
    found = ws.wire.until(
        "inspect",
        {"what": "refusals"},
        lambda answer: [r["error"] for r in answer["refusals"]] if len(answer["refusals"]) == 2 else None,
        5,
        str,
    )
    assert found == ["not_an_ack", "unknown_envelope_id"]


def test_a_duplicate_is_delivered_twice_and_needs_one_ack(ws: Workspace, line: RawSocket) -> None:
    ws.faults.duplicate_next("command")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        typing = pool.submit(ws.person("kim").types, "/ask")
        first, second = line.next(), line.next()
        line.ack(first)
        line.ack(second)
        typing.result()
    assert first == second


def test_a_hand_made_envelope_arrives_as_it_is(ws: Workspace, bot: Bot) -> None:
    got: list[Json] = []
    bot.answers_command(lambda command: got.append(command) or "ok").connect()
    outcome = ws.faults.raw(
        {"command": "/ask", "text": "odd", "user_id": "U1", "channel_id": "C1", "team_id": "T1"},
        kind="slash_commands",
    )
    assert got[0]["text"] == "odd"
    assert (outcome["acked"], outcome["ack"]) == (True, {"text": "ok"})


def test_a_hand_made_envelope_nobody_answers(ws: Workspace, bot: Bot) -> None:
    bot.connect()
    outcome = ws.faults.raw({"type": "block_actions", "actions": []}, timeout=0.2)
    assert (outcome["acked"], outcome["attempts"]) == (False, 1)


def test_an_app_that_ignores_a_refresh_loses_its_connection(ws: Workspace, line: RawSocket) -> None:
    ws.faults.refresh(seconds=0.05)
    assert line.next()["type"] == "disconnect"
    assert line.line.recv_data()[0] == websocket.ABNF.OPCODE_CLOSE
    ws.disconnected()
