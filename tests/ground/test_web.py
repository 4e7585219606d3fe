"""The web edge, over real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from copbot.errors import Misconfigured
from copbot.web.pages import is_near
from copbot.web.server import WebServer
from copbot.web.slack_http import MOST, Answer
from tests.rows import for_each

Headers = Mapping[str, Sequence[str]]


def echo(body: str, headers: Headers) -> Answer:
    return 200, {"x-signature": headers["x-slack-signature"], "content-type": ["text/plain"]}, body


@contextmanager
def serving(**more: Any) -> Iterator[WebServer]:
    given: dict[str, Any] = {"ready": lambda: {"database": True}, "measures": dict} | more
    server = WebServer("127.0.0.1", 0, **given)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def get(server: WebServer, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{server.port}{path}", headers=headers)


def post(server: WebServer, body: bytes, **headers: str) -> httpx.Response:
    given = {"x-slack-signature": "v0=abc"} | headers
    return httpx.post(f"http://127.0.0.1:{server.port}/slack/events", content=body, headers=given, timeout=10)


@contextmanager
def raw(server: WebServer, said: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(said)
        yield line


def until_closed(line: socket.socket) -> bytes:
    """All the server says until it hangs up; a test's deadline is the socket's."""
    said = b""
    while part := line.recv(65536):
        said += part
    return said


# --- health, readiness, metrics ------------------------------------------------------------------


def test_health_is_the_process_and_asks_nobody() -> None:
    def never() -> dict[str, bool]:
        raise AssertionError

    with serving(ready=never) as server:
        assert (get(server, "/healthz").status_code, get(server, "/healthz").text) == (200, "ok\n")


@pytest.mark.parametrize(("slack", "status"), [(True, 200), (False, 503)])
def test_readiness_names_the_part_that_is_not_ready(slack: bool, status: int) -> None:
    with serving(ready=lambda: {"database": True, "slack": slack}) as server:
        answer = get(server, "/readyz")
    assert answer.status_code == status
    assert answer.json() == {"database": True, "slack": slack}


def test_a_check_that_hangs_counts_as_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copbot.web.pages.PATIENCE", 0.1)
    hung = threading.Event()
    with serving(ready=lambda: {"database": hung.wait(20)}) as server:
        answer = get(server, "/readyz")
        hung.set()
    assert answer.status_code == 503


def test_measures_that_hang_are_no_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copbot.web.pages.PATIENCE", 0.1)
    hung = threading.Event()
    with serving(measures=lambda: {"x": float(hung.wait(20))}) as server:
        answer = get(server, "/metrics")
        hung.set()
    assert (answer.status_code, answer.text) == (503, "")


def test_measures_are_shown_with_their_labels() -> None:
    measures = {"messages_due": 3.0, "queued[urgent]": 1, "queued[bulk]": 2}
    with serving(measures=lambda: measures) as server:
        lines = get(server, "/metrics").text.splitlines()
    assert "copbot_messages_due 3.0" in lines
    assert 'copbot_queued{of="urgent"} 1.0' in lines
    assert 'copbot_queued{of="bulk"} 2.0' in lines
    assert any(line.startswith("process_resident_memory_bytes") for line in lines)


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_only_near_addresses_see_more_than_health(path: str) -> None:
    with serving() as server:
        assert get(server, path).status_code == 200
        assert get(server, path, **{"x-forwarded-for": "10.1.2.3"}).status_code == 200
        assert get(server, path, **{"x-forwarded-for": "93.184.216.34"}).status_code == 404
        assert get(server, path, **{"x-forwarded-for": "10.1.2.3, 93.184.216.34"}).status_code == 404
        assert get(server, "/healthz", **{"x-forwarded-for": "93.184.216.34"}).status_code == 200


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("192.168.7.7", True),
        ("172.16.0.1", True),
        ("fd00::1", True),
        ("::ffff:10.0.0.1", True),
        ("::ffff:93.184.216.34", False),
        ("93.184.216.34", False),
        ("172.32.0.1", False),
        ("2606:2800::1", False),
        ("not an address", False),
    ],
)
def test_near_means_loopback_or_private(address: str, near: bool) -> None:
    assert is_near(Request({"type": "http", "client": (address, 1), "headers": []})) is near


@for_each(
    ("header", "told", "near"),
    [
        ("x-forwarded-for", "10.1.2.3", True),
        ("x-forwarded-for", "10.1.2.3:4711, [fd00::1]:80, 127.0.0.1", True),
        ("x-forwarded-for", "127.0.0.1, 93.184.216.34", False),
        ("x-forwarded-for", "93.184.216.34:443", False),
        ("x-forwarded-for", "unknown", False),
        ("x-forwarded-for", "", False),
        ("x-real-ip", "93.184.216.34", False),
        ("forwarded", 'for=10.0.0.1;proto=https, For="[fd00::1]:4711"', True),
        ("forwarded", 'for=10.0.0.1, for="[2606:2800::1]"', False),
        ("forwarded", "for=93.184.216.34;by=10.0.0.1", False),
        ("forwarded", "for=_hidden", False),
        ("forwarded", "proto=https", True),
    ],
)
@for_each("peer", ["127.0.0.1", "172.18.0.5"])
def test_behind_any_proxy_everybody_it_asks_for_must_be_near(
    peer: str, header: str, told: str, near: bool
) -> None:
    headers = [(header.encode(), told.encode())]
    assert is_near(Request({"type": "http", "client": (peer, 1), "headers": headers})) is near
    far = Request({"type": "http", "client": ("93.184.216.34", 1), "headers": headers})
    assert not is_near(far), "a header makes nobody near"


def test_a_request_without_an_address_is_not_near() -> None:
    assert not is_near(Request({"type": "http", "client": None, "headers": []}))


# --- Slack over HTTP --------------------------------------------------------------------------------


def test_a_request_goes_through_as_it_came_and_its_answer_back() -> None:
    body = "payload=%7B%22text%22%3A%22h%C3%A9%22%7D&text=é".encode()
    with serving(slack_events=echo) as server:
        answer = post(server, body)
    assert (answer.status_code, answer.content) == (200, body)
    assert answer.headers["x-signature"] == "v0=abc"
    assert "server" not in answer.headers


def test_a_header_that_comes_twice_is_handed_on_twice_both_ways() -> None:
    def handle(_body: str, headers: Headers) -> Answer:
        return 200, {"Content-Length": ["999"], "x-seen": headers["x-twice"]}, "short"

    with serving(slack_events=handle) as server:
        twice = [("x-twice", "one"), ("x-twice", "two")]
        answer = httpx.post(f"http://127.0.0.1:{server.port}/slack/events", content=b"{}", headers=twice)
    assert answer.headers.get_list("x-seen") == ["one", "two"]
    assert (answer.headers.get_list("content-length"), answer.text) == (["5"], "short")


def test_without_http_mode_there_is_no_such_page() -> None:
    with serving() as server:
        assert post(server, b"{}").status_code == 404


def test_only_posts_are_taken() -> None:
    with serving(slack_events=echo) as server:
        assert get(server, "/slack/events").status_code == 405


def test_a_refusal_of_the_handle_is_passed_on() -> None:
    with serving(slack_events=lambda _body, _headers: (401, {}, "")) as server:
        assert post(server, b"{}").status_code == 401


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_a_mebibyte_is_refused_and_one_of_a_mebibyte_is_not(chunked: bool) -> None:
    def body(size: int) -> Any:
        return iter([b"x" * size]) if chunked else b"x" * size

    with serving(slack_events=lambda body, _headers: (200, {}, str(len(body)))) as server:
        assert post(server, body(MOST)).text == str(MOST)
        assert post(server, body(MOST + 1)).status_code == 413


def test_a_body_that_is_not_text_is_refused() -> None:
    with serving(slack_events=echo) as server:
        assert post(server, b"\xff\xfe").status_code == 400


def test_a_client_that_dawdles_over_its_body_is_sent_away() -> None:
    said = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this much"
    with serving(slack_events=echo, patience=0.2) as server, raw(server, said) as line:
        assert until_closed(line).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("said", [b"", b"POST /slack/events HT"])
def test_a_client_that_says_nothing_is_hung_up_on(said: bytes) -> None:
    with serving(slack_events=echo, headers_within=0.2) as server, raw(server, said) as line:
        assert until_closed(line) == b""


def test_a_client_that_asked_in_time_is_not_hung_up_on() -> None:
    def slow(_body: str, _headers: Headers) -> Answer:
        time.sleep(0.3)  # longer than headers may take: this is the work, not the wait
        return 200, {}, "done"

    with serving(slack_events=slow, headers_within=0.1) as server:
        assert post(server, b"{}").text == "done"


def test_many_slow_requests_do_not_hold_up_health() -> None:
    go = threading.Event()
    waiting = threading.Barrier(33)

    def slow(_body: str, _headers: Headers) -> Answer:
        waiting.wait(10)
        go.wait(10)
        return 200, {}, ""

    with serving(slack_events=slow) as server:
        callers = [threading.Thread(target=post, args=(server, b"{}")) for _ in range(32)]
        for caller in callers:
            caller.start()
        waiting.wait(10)
        assert get(server, "/healthz").status_code == 200
        assert get(server, "/readyz").status_code == 200
        go.set()
        for caller in callers:
            caller.join()


# --- starting and stopping ---------------------------------------------------------------------------


def test_a_port_in_use_is_one_clear_line() -> None:
    with serving() as server:
        second = WebServer("127.0.0.1", server.port, ready=dict, measures=dict)
        with pytest.raises(Misconfigured) as refused:
            second.start()
    assert f"port {server.port}" in refused.value.words
    assert "COPBOT_HTTP_PORT" in refused.value.words
    assert len(refused.value.words.splitlines()) == 1
    second.stop()


def test_it_listens_on_ipv6_too() -> None:
    server = WebServer("::1", 0, ready=dict, measures=dict)
    server.start()
    assert httpx.get(f"http://[::1]:{server.port}/healthz").status_code == 200
    server.stop()


def stopping(server: WebServer, within: float) -> float:
    start = time.monotonic()
    server.stop(within)
    return time.monotonic() - start


@pytest.fixture
def hanging() -> Iterator[Callable[[str, Headers], Answer]]:
    go = threading.Event()

    def handle(_body: str, _headers: Headers) -> Answer:
        go.wait(20)
        return 200, {}, "late"

    yield handle
    go.set()


def test_a_request_in_the_middle_is_finished_before_the_end() -> None:
    begun, go = threading.Event(), threading.Event()

    def handle(_body: str, _headers: Headers) -> Answer:
        begun.set()
        go.wait(10)
        return 200, {}, "finished"

    with serving(slack_events=handle) as server:
        answers: list[str] = []
        caller = threading.Thread(target=lambda: answers.append(post(server, b"{}").text))
        caller.start()
        begun.wait(10)
        threading.Timer(0.2, go.set).start()
        assert stopping(server, 3.0) < 3.0
        caller.join()
    assert answers == ["finished"]


def test_a_request_that_hangs_does_not_hold_the_process(hanging: Callable[[str, Headers], Answer]) -> None:
    with serving(slack_events=hanging) as server:
        said = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
        with raw(server, said):
            assert stopping(server, 2.0) < 2.5


def test_an_idle_connection_does_not_hold_the_process() -> None:
    with serving() as server, raw(server, b""):
        assert stopping(server, 3.0) < 3.0
