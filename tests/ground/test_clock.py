"""Programme time: the machine's, a fixed one, or that of another server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from copbot.clock import FixedClock, FollowedClock, SystemClock, read_moment
from tests.waiting import PATIENCE, at_most

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Leader:
    """A clock over HTTP whose answer a test sets; counts who asks."""

    def __init__(self) -> None:
        self.says = b""
        self.asked = threading.Semaphore(0)
        leader = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if leader.says == b"nonsense line":
                    self.wfile.write(b"this is not HTTP\r\n\r\n")
                else:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(leader.says)
                leader.asked.release()

            def log_message(self, *_said: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/clock"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def set(self, moment: datetime) -> None:
        self.says = f'{{"now": {moment.timestamp()}}}'.encode()

    def await_answers(self, count: int) -> None:
        for _ in range(count):
            assert self.asked.acquire(timeout=PATIENCE)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def leader() -> Iterator[Leader]:
    started = Leader()
    yield started
    started.close()


@pytest.fixture
def followed(leader: Leader) -> Iterator[FollowedClock]:
    leader.set(NOON)
    clock = FollowedClock(leader.url, every=0.05)
    yield clock
    clock.close()


def near(moment: datetime, wanted: datetime) -> bool:
    return abs(moment - wanted) < timedelta(seconds=1)


def until_near(clock: FollowedClock, wanted: datetime) -> None:
    deadline = time.monotonic() + 5
    while not near(clock.now(), wanted):
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_the_system_clock_is_aware_and_in_utc_inv9() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert near(SystemClock().now(), datetime.fromtimestamp(time.time(), UTC))


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.at += timedelta(days=1)
    assert clock.now() == NOON + timedelta(days=1)


def test_a_followed_clock_has_the_others_time_from_the_start(followed: FollowedClock) -> None:
    assert near(followed.now(), NOON)
    assert followed.now().tzinfo is UTC


def test_it_follows_a_jump_within_a_second_forwards_and_back(followed: FollowedClock, leader: Leader) -> None:
    for jump in (timedelta(days=40), timedelta(days=-40)):
        leader.set(NOON + jump)
        start = time.monotonic()
        until_near(followed, NOON + jump)
        assert time.monotonic() - start < at_most(1.0)


def test_it_runs_on_at_the_machines_pace_between_answers(leader: Leader) -> None:
    leader.set(NOON)
    clock = FollowedClock(leader.url, every=60)
    first, start = clock.now(), time.monotonic()
    threading.Event().wait(0.05)
    passed = clock.now() - first
    assert timedelta(seconds=0.05) <= passed <= timedelta(seconds=time.monotonic() - start + 0.01)
    clock.close()


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"null",
        b'{"then": 5}',
        b"soon",
        b"\xff",
        b"true",
        b"1e400",
        b"-5",
        b'{"now": [1]}',
        b"nonsense line",
    ],
)
def test_nonsense_from_the_other_clock_changes_nothing(
    followed: FollowedClock, leader: Leader, nonsense: bytes
) -> None:
    leader.says = nonsense
    leader.await_answers(4)
    assert near(followed.now(), NOON)
    leader.set(NOON + timedelta(days=2))
    until_near(followed, NOON + timedelta(days=2))


def test_time_goes_on_when_the_other_clock_is_gone(followed: FollowedClock, leader: Leader) -> None:
    leader.close()
    before = followed.now()
    threading.Event().wait(0.15)
    assert followed.now() > before
    assert near(followed.now(), NOON)


def test_an_unreachable_clock_leaves_the_machines_time() -> None:
    clock = FollowedClock("http://127.0.0.1:9/clock", every=60)
    assert near(clock.now(), SystemClock().now())
    clock.close()


@pytest.mark.parametrize(
    "said",
    [
        b'{"now": 1772452800.0}',
        b"1772452800",
        b" 1772452800.0\n",
        b"2026-03-02T12:00:00Z",
        b"2026-03-02T12:00:00",
        b"2026-03-02T06:00:00-06:00",
        b'{"now": "2026-03-02T12:00:00+00:00"}',
    ],
)
def test_a_moment_is_read_in_each_form(said: bytes) -> None:
    assert read_moment(said) == NOON.timestamp()
