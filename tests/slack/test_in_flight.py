"""Answers first: what can wait a moment gives way while somebody waits for an ack, but never for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from copbot.slack.answers import Say
from copbot.slack.blocks import say
from copbot.slack.gateway import Gateway
from copbot.slack.in_flight import InFlight
from copbot.slack.incoming import Incoming
from copbot.slack.replies import GIVES_WAY, Replies

SOON = 5.0


def test_it_is_calm_until_something_arrives_and_again_when_all_is_answered() -> None:
    calm = InFlight()
    assert calm.wait(0.0)
    calm.arrived()
    calm.arrived()
    calm.answered()
    assert not calm.wait(0.01)
    calm.answered()
    assert calm.wait(0.0)


def test_those_who_wait_go_on_as_soon_as_the_last_is_answered() -> None:
    calm = InFlight()
    calm.arrived()
    said: list[bool] = []
    threads = [threading.Thread(target=lambda: said.append(calm.wait(SOON))) for _ in range(3)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    calm.answered()
    for thread in threads:
        thread.join(SOON)
    assert said == [True, True, True]
    assert time.monotonic() - began < SOON / 2


class Counting(Gateway):
    """Says when it was called; nothing leaves."""

    def __init__(self) -> None:
        super().__init__("xoxb-none", base_url="http://127.0.0.1:9/")
        self.called = threading.Event()

    def call(self, method: str, /, *, timeout: float | None = None, **args: object) -> dict[str, object]:
        self.called.set()
        return {}


@pytest.fixture
def calm() -> InFlight:
    return InFlight()


@pytest.fixture
def gateway() -> Counting:
    return Counting()


@pytest.fixture
def replies(calm: InFlight, gateway: Counting) -> Iterator[Replies]:
    made = Replies(gateway, calm=calm)
    yield made
    made.stop(SOON)


PRESS = Incoming(kind="action", id="x", user="U1", channel="C1")


def test_a_reply_waits_for_the_ack_of_what_it_answers(
    replies: Replies, calm: InFlight, gateway: Counting
) -> None:
    calm.arrived()
    replies.settle(Say(say("Done.")), PRESS)
    assert not gateway.called.wait(GIVES_WAY / 5)
    calm.answered()
    assert gateway.called.wait(SOON)


def test_a_reply_does_not_wait_for_ever_in_a_rush(
    replies: Replies, calm: InFlight, gateway: Counting
) -> None:
    calm.arrived()
    replies.settle(Say(say("Done.")), PRESS)
    assert gateway.called.wait(SOON)
