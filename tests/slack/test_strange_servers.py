"""Other servers that speak like Slack: what they send that is no Slack word ends nothing and is not believed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from copbot.slack.errors import SlackError, Unsure
from copbot.slack.gateway import Gateway
from copbot.slack.socket import SocketMode
from tests.days import Sandbox
from tests.live import workspace

WITHIN = 10.0


class Strange:
    """A socket server that says whatever a test wants; `acked` are the envelope ids that came back."""

    def __init__(self) -> None:
        self.acked: list[str] = []
        self.connections: list[ServerConnection] = []
        self._changed = threading.Condition()
        self._server: Server = serve(self._meet, "127.0.0.1", 0)
        self.address = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _meet(self, connection: ServerConnection) -> None:
        with self._changed:
            self.connections.append(connection)
            self._changed.notify_all()
        try:
            connection.send(json.dumps({"type": "hello"}))
            for frame in connection:
                with self._changed:
                    self.acked.append(str(json.loads(frame)["envelope_id"]))
                    self._changed.notify_all()
        except ConnectionClosed:
            pass

    def until(self, reached: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(reached, WITHIN)

    def says(self, frame: str | bytes) -> None:
        self.connections[-1].send(frame)

    def is_heard(self, name: str) -> None:
        """A command sent now is acked."""
        self.says(json.dumps({"type": "slash_commands", "envelope_id": name, "payload": {"command": "/ta"}}))
        self.until(lambda: name in self.acked)

    def close(self) -> None:
        self._server.shutdown()


@pytest.fixture
def strange() -> Iterator[Strange]:
    server = Strange()
    yield server
    server.close()


@pytest.fixture
def addresses(strange: Strange) -> list[str]:
    """What the next askers for an address get; afterwards the right one."""
    return []


@pytest.fixture
def socket(strange: Strange, addresses: list[str]) -> Iterator[SocketMode]:
    opened = SocketMode(
        lambda: addresses.pop(0) if addresses else strange.address, lambda _payload, _headers: (True, {})
    )
    opened.start()
    strange.until(lambda: bool(strange.connections))
    yield opened
    opened.stop(1.0)


@pytest.mark.parametrize(
    "frame",
    [
        "[]",
        "null",
        '"hello"',
        "7",
        "no JSON at all",
        b"\x00\x01",
        "{}",
        '{"type": "hello", "num_connections": "many"}',
        '{"type": "hello", "num_connections": null}',
        '{"type": "something new", "payload": {}}',
        '{"type": "events_api", "envelope_id": "odd", "payload": ["no", "payload"]}',
        '{"type": "events_api", "envelope_id": "odd"}',
    ],
)
def test_a_frame_that_is_no_envelope_ends_nothing(
    strange: Strange, socket: SocketMode, frame: str | bytes
) -> None:
    strange.says(frame)
    strange.is_heard("e1")
    assert len(strange.connections) == 1
    assert socket.connected


@pytest.mark.parametrize(
    "address", ["no address", "ws://127.0.0.1:99999/", "ws://[::1", "ws://127.0.0.1:1/", "ws://"]
)
def test_an_address_that_is_none_is_asked_for_again(
    strange: Strange, socket: SocketMode, addresses: list[str], address: str
) -> None:
    addresses.append(address)
    strange.connections[0].close()
    strange.until(lambda: len(strange.connections) == 2)
    strange.is_heard("e1")


def test_an_address_that_is_none_is_an_error_at_the_start() -> None:
    opened = SocketMode(lambda: "no address", lambda _payload, _headers: (True, {}))
    with pytest.raises((SlackError, OSError)):
        opened.start()
    assert not opened.connected


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with workspace() as running:
        yield running


@pytest.mark.parametrize("body", ["<html>Just a moment</html>", "", "null", "[]", '"ok"'])
def test_a_page_that_is_not_slacks_leaves_it_open_what_was_done_inv5(sandbox: Sandbox, body: str) -> None:
    """A proxy's page, with any status below 400: the call may have reached Slack."""
    ws = sandbox.workspace()
    ws.faults.add("chat.postMessage", "garbled", body=body, effect=True)
    with pytest.raises(Unsure):
        Gateway(sandbox.bot_token, base_url=sandbox.api_url).call(
            "chat.postMessage", channel=ws.channel("general").id, text="x"
        )


@pytest.mark.parametrize(
    "body", ['{"ok": true}', '{"ok": true, "url": null}', '{"ok": true, "url": "/link"}']
)
def test_an_answer_without_a_socket_address_is_a_failed_call(sandbox: Sandbox, body: str) -> None:
    sandbox.workspace().faults.add("apps.connections.open", "garbled", body=body)
    with pytest.raises(Unsure):
        Gateway(sandbox.bot_token, base_url=sandbox.api_url).socket_url(sandbox.app_token)


def test_a_page_that_names_itself_as_the_next_ends_the_list_as_a_failure(sandbox: Sandbox) -> None:
    body = '{"ok": true, "members": [], "response_metadata": {"next_cursor": "dXNlcg=="}}'
    sandbox.workspace().faults.add("users.list", "garbled", body=body, times=2)
    gateway = Gateway(sandbox.bot_token, base_url=sandbox.api_url)
    assert gateway.call("users.list")["response_metadata"]["next_cursor"] == "dXNlcg=="
    with pytest.raises(Unsure) as failure:
        gateway.call("users.list", cursor="dXNlcg==")
    assert failure.value.code == "same_page"
