"""Socket Mode: acks on the right connection, no moment without one, and a clean way out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from copbot.sandbox.world import SlackTiming
from copbot.slack.errors import Refused
from copbot.slack.gateway import Gateway
from copbot.slack.socket import SocketMode
from tests.days import CALM, Sandbox
from tests.live import workspace
from tests.waiting import PATIENCE, at_most, eventually


class Listener:
    """What runs for an envelope: it can be held up, and keeps what came."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.go = threading.Event()
        self.go.set()
        self.begun = threading.Semaphore(0)
        self.acked = True

    def __call__(self, payload: dict[str, Any], _headers: dict[str, str]) -> tuple[bool, dict[str, Any]]:
        self.seen.append(payload)
        self.begun.release()
        assert self.go.wait(10)
        return self.acked, {"text": "heard"} if payload.get("command") else {}


hasty = pytest.mark.parametrize("timing", [SlackTiming(ack=2.0)], ids=["hasty"])
"""For tests of what happens when the time is over."""


@pytest.fixture
def timing() -> SlackTiming:
    return CALM


@pytest.fixture
def sandbox(timing: SlackTiming) -> Iterator[Sandbox]:
    with workspace(timing=timing) as running:
        yield running


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def socket(sandbox: Sandbox, listener: Listener) -> Iterator[SocketMode]:
    gateway = Gateway(sandbox.bot_token, base_url=sandbox.api_url)
    opened = SocketMode(partial(gateway.socket_url, sandbox.app_token), listener)
    opened.start()
    sandbox.workspace().connected()
    yield opened
    opened.stop(1.0)


def test_an_answer_reaches_the_person(sandbox: Sandbox, socket: SocketMode) -> None:
    kim = sandbox.workspace().person("kim")
    kim.types("/ta hello", channel="general")
    assert kim.told() == "heard"
    assert socket.connected


def test_slack_replacing_the_connection_leaves_no_gap(sandbox: Sandbox, socket: SocketMode) -> None:
    ws = sandbox.workspace()
    kim = ws.person("kim")
    for _ in range(5):
        ws.faults.refresh()
        kim.types("/ta hello", channel="general")
        assert kim.told() == "heard"
    opened = len(ws.calls("apps.connections.open"))
    assert opened <= 6, "one address for each replacement"
    eventually(lambda: socket.connected)


def test_a_dropped_connection_comes_back_by_itself(sandbox: Sandbox, socket: SocketMode) -> None:
    ws = sandbox.workspace()
    before = len(ws.calls("apps.connections.open"))
    ws.faults.socket_drop()
    ws.waits_for_call("apps.connections.open", before + 1)
    ws.connected()
    kim = ws.person("kim")
    kim.types("/ta hello", channel="general")
    assert kim.told() == "heard"


def test_only_a_gap_without_any_connection_is_told_of(sandbox: Sandbox, socket: SocketMode) -> None:
    ws, gaps = sandbox.workspace(), threading.Semaphore(0)
    socket.on_gap = gaps.release
    ws.faults.refresh()
    ws.connected()
    assert not gaps.acquire(timeout=0.2), "a connection that is replaced in time has missed nothing"
    ws.faults.socket_drop()
    assert gaps.acquire(timeout=PATIENCE)


def test_it_keeps_trying_while_slack_refuses_new_connections(sandbox: Sandbox, socket: SocketMode) -> None:
    ws = sandbox.workspace()
    before = len(ws.calls("apps.connections.open"))
    ws.faults.add("apps.connections.open", "http_500", times=3)
    ws.faults.socket_drop()
    ws.waits_for_call("apps.connections.open", before + 4)
    ws.connected()
    eventually(lambda: socket.connected and not socket.trouble)  # Slack's side knows a little sooner


def test_a_refused_token_is_an_error_at_start(sandbox: Sandbox, listener: Listener) -> None:
    gateway = Gateway(sandbox.bot_token, base_url=sandbox.api_url)
    opened = SocketMode(partial(gateway.socket_url, "xapp-wrong"), listener)
    with pytest.raises(Refused) as refusal:
        opened.start()
    assert refusal.value.code == "invalid_auth"
    assert not opened.connected


def test_what_has_begun_is_acked_before_it_stops(
    sandbox: Sandbox, socket: SocketMode, listener: Listener
) -> None:
    kim = sandbox.workspace().person("kim")
    listener.go.clear()
    typing = threading.Thread(target=kim.types, args=("/ta hello", "general"))
    typing.start()
    assert listener.begun.acquire(timeout=PATIENCE)
    stopping = threading.Thread(target=socket.stop, args=(5.0,))
    stopping.start()
    listener.go.set()
    stopping.join(5)
    typing.join(5)
    assert kim.told() == "heard"


def test_a_connection_that_opens_while_it_stops_is_closed_again(sandbox: Sandbox, listener: Listener) -> None:
    gateway, ws = Gateway(sandbox.bot_token, base_url=sandbox.api_url), sandbox.workspace()
    asked, go = threading.Event(), threading.Event()
    first = gateway.socket_url(sandbox.app_token)

    def addresses() -> Iterator[str]:
        yield first
        asked.set()
        assert go.wait(10)
        yield gateway.socket_url(sandbox.app_token)

    opened = SocketMode(partial(next, addresses()), listener)
    opened.start()
    ws.connected()
    ws.faults.socket_drop()
    assert asked.wait(10)
    opened.stop(1.0)
    go.set()
    for keeper in [each for each in threading.enumerate() if each.name == "socket-keeper"]:
        keeper.join(10)
    assert len(ws.calls("apps.connections.open")) == 2
    ws.disconnected()
    assert not opened.connected


@hasty
def test_stopping_waits_no_longer_than_it_may(
    sandbox: Sandbox, socket: SocketMode, listener: Listener
) -> None:
    kim = sandbox.workspace().person("kim")
    listener.go.clear()
    typing = threading.Thread(target=kim.types, args=("/ta hello", "general"), daemon=True)
    typing.start()
    assert listener.begun.acquire(timeout=PATIENCE)
    began = time.monotonic()
    socket.stop(0.5)
    assert time.monotonic() - began < at_most(3.0)
    listener.go.set()
    typing.join(PATIENCE)
    assert not typing.is_alive()


@hasty
def test_what_is_not_acked_is_delivered_again(
    sandbox: Sandbox, socket: SocketMode, listener: Listener
) -> None:
    ws = sandbox.workspace()
    listener.acked = False
    ws.admin.rename_person("kim", "Kim A.")
    assert listener.begun.acquire(timeout=PATIENCE)
    assert listener.begun.acquire(timeout=PATIENCE), "Slack sends it again at once"
    kinds = [payload["event"]["type"] for payload in listener.seen]
    assert kinds[:2] == ["user_change", "user_change"]
    assert listener.seen[0]["event_id"] == listener.seen[1]["event_id"]
    listener.acked = True


def test_a_hundred_at_once_are_all_acked(sandbox: Sandbox, socket: SocketMode) -> None:
    ws = sandbox.workspace()
    people = [ws.person(name) for name in ("kim", "juno", "noor", "mei") for _ in range(25)]
    threads = [threading.Thread(target=each.types, args=("/ta hello", "general")) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    commands = ws.envelopes("command")
    assert len(commands) == 100
    assert all(each["acked"] and not each["late"] for each in commands)
