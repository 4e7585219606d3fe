"""The way to Slack: whatever comes back is sorted by what may be done next, and never tells what was sent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from copbot.slack.errors import NeverConnected, RateLimited, Refused, SlackError, Unsure
from copbot.slack.gateway import Gateway

WORDS = "Kim's own words"


class Server(ThreadingHTTPServer):
    """Answers every request with what it was told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.headers, self.body = 200, {}, b"{}"
        self.asked: list[tuple[str, str]] = []
        self.go = threading.Event()
        self.go.set()

    def says(self, body: Any, status: int = 200, **headers: str) -> None:
        self.status, self.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api/"


class Answering(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        self.server.asked.append((self.path, said))
        assert self.server.go.wait(10)
        self.send_response(self.server.status)
        for name, value in {"content-type": "application/json", **self.server.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def slack(running: Server) -> Server:
    running.asked.clear()
    running.says({"ok": True})
    return running


@pytest.fixture(scope="module")
def gateway(running: Server) -> Gateway:
    return Gateway("xoxb-test", base_url=running.url)


def refused(gateway: Gateway, kind: type[SlackError]) -> Any:
    with pytest.raises(SlackError) as found:
        gateway.call("chat.postMessage", channel="C1", text=WORDS)
    assert type(found.value) is kind
    assert found.value.method == "chat.postMessage"
    assert WORDS not in f"{found.value}{found.value!r}{found.value.__cause__}"
    return found.value


def test_an_answer_is_its_body(slack: Server, gateway: Gateway) -> None:
    slack.says({"ok": True, "ts": "1.1"})
    assert gateway.call("chat.postMessage", channel="C1", text="x") == {"ok": True, "ts": "1.1"}


@pytest.mark.parametrize("status", [200, 400, 403, 404])
def test_slacks_no_is_a_no(slack: Server, gateway: Gateway, status: int) -> None:
    slack.says({"ok": False, "error": "channel_not_found"}, status)
    assert refused(gateway, Refused).code == "channel_not_found"


def test_the_scope_that_is_missing_is_named(slack: Server, gateway: Gateway) -> None:
    slack.says({"ok": False, "error": "missing_scope", "needed": "chat:write"})
    error = refused(gateway, Refused)
    assert (error.code, error.needed) == ("missing_scope", "chat:write")


@pytest.mark.parametrize(
    ("status", "code", "told", "seconds"),
    [
        (429, "ratelimited", "7", 7.0),
        (429, "", "7", 7.0),
        (429, "ratelimited", "0", 1.0),
        (429, "ratelimited", "soon", 30.0),
        (429, "ratelimited", None, 30.0),
        (200, "ratelimited", "3", 3.0),
        (200, "rate_limited", None, 30.0),
        (429, "internal_error", "5", 5.0),
    ],
)
def test_too_fast_is_nothing_done_and_says_how_long_to_wait_inv5(
    slack: Server, gateway: Gateway, status: int, code: str, told: str | None, seconds: float
) -> None:
    headers = {} if told is None else {"Retry_After": told}
    slack.says({"ok": False, "error": code}, status, **headers)
    assert refused(gateway, RateLimited).retry_after == seconds
    assert len(slack.asked) == 1, "nobody tries again behind the sender's back"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"ok": False, "error": "internal_error"}),
        (200, {"ok": False, "error": "fatal_error"}),
        (200, {"ok": False, "error": "request_timeout"}),
        (200, {"ok": False, "error": "service_unavailable"}),
        (500, {"ok": False, "error": "channel_not_found"}),
        (503, {"ok": False, "error": "ratelimit"}),
        (502, b"<html>Bad gateway</html>"),
        (200, b"<html>Please log in</html>"),
        (500, b""),
    ],
)
def test_what_may_have_been_done_is_unsure_and_not_asked_again_inv5(
    slack: Server, gateway: Gateway, status: int, body: Any
) -> None:
    slack.says(body, status)
    refused(gateway, Unsure)
    assert len(slack.asked) == 1


@pytest.mark.parametrize("error", [WORDS, "", "x" * 81, None, {"a": 1}])
def test_what_is_no_code_says_nothing_and_is_not_passed_on_inv8(
    slack: Server, gateway: Gateway, error: Any
) -> None:
    slack.says({"ok": False, "error": error})
    assert refused(gateway, Unsure).code == "http_200"


def test_no_answer_in_time_is_unsure_inv5(slack: Server, gateway: Gateway) -> None:
    slack.go.clear()
    with pytest.raises(Unsure) as found:
        gateway.call("chat.postMessage", timeout=0.1, channel="C1", text=WORDS)
    slack.go.set()
    assert found.value.code == "no_answer"
    assert gateway.call("auth.test") == {"ok": True}, "other calls have their own patience"


def test_nobody_there_is_never_connected() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        nobody = Gateway("xoxb-test", base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/api/")
        refused(nobody, NeverConnected)


def test_hung_up_in_the_middle_is_unsure_inv5() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            connection, _ = listening.accept()
            connection.recv(100)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        refused(Gateway("xoxb-test", base_url=f"http://127.0.0.1:{listening.getsockname()[1]}/api/"), Unsure)
        thread.join()


def test_a_method_without_a_scope_in_the_manifest_is_never_called(slack: Server, gateway: Gateway) -> None:
    with pytest.raises(ValueError, match="table of methods"):
        gateway.call("admin.users.remove", user="U1")
    assert slack.asked == []


def test_hello_learns_who_we_are_and_what_we_may(slack: Server, running: Server) -> None:
    told = {
        "user_id": "U0BOT",
        "bot_id": "B0BOT",
        "team_id": "T1",
        "team": "Commons",
        "url": "https://c.example/",
    }
    slack.says({"ok": True, **told}, X_OAuth_Scopes="chat:write, users:read,,")
    met = Gateway("xoxb-test", base_url=running.url)
    met.hello()
    assert (met.bot_user, met.bot_id, met.team, met.team_name, met.workspace_url) == tuple(told.values())
    assert met.scopes == {"chat:write", "users:read"}


@pytest.mark.parametrize(
    "told", [{}, {"user_id": "U0BOT"}, {"team_id": "T1"}, {"user_id": None, "team_id": ""}]
)
def test_an_answer_that_does_not_say_who_and_where_we_are_lets_nobody_in(
    slack: Server, gateway: Gateway, told: dict[str, Any]
) -> None:
    slack.says({"ok": True, **told})
    with pytest.raises(Unsure):
        gateway.hello()


@pytest.mark.parametrize(
    ("status", "kind"), [(404, Refused), (410, Refused), (500, Refused), (429, RateLimited)]
)
def test_an_address_that_has_lapsed_is_a_no(
    slack: Server, gateway: Gateway, status: int, kind: type[SlackError]
) -> None:
    slack.says(b"expired_url", status)
    with pytest.raises(kind) as found:
        gateway.reply(f"{slack.url}respond", timeout=2.5, text=WORDS)
    assert WORDS not in str(found.value)


def test_a_reply_goes_to_its_address(slack: Server, gateway: Gateway) -> None:
    slack.says(b"ok")
    gateway.reply(f"{slack.url}respond", timeout=2.5, text="Heard.", replace_original=False)
    [(path, said)] = slack.asked
    assert path == "/api/respond"
    assert json.loads(said) == {"text": "Heard.", "replace_original": False}
