"""Three hundred messages to three hundred people in the strict sandbox, with Slack's rates enforced."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from copbot.app import gateway_of, manifest_of, profile_of
from copbot.clock import SystemClock
from copbot.delivery import service as delivery
from copbot.delivery.render import Look
from copbot.delivery.sender import Sender
from copbot.sandbox.server import Sandbox
from copbot.settings import load
from copbot.slack.answers import Message
from copbot.slack.blocks import say
from copbot.store import Session, Store
from tests.bench.figures import table

PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Outcome:
    """`refused`: answers of 429; `arrived`: messages that stand, each in its own conversation."""

    name: str
    said: int
    arrived: int
    twice: int
    refused: int
    seconds: float


def measure(url: str, count: int, *, urgent: bool) -> Outcome:
    sandbox = Sandbox(manifest_of(load({}, None)))
    with sandbox, _sending(url, sandbox) as (store, sender):
        workspace = sandbox.workspace()
        people = [workspace.admin.add_person(f"member{n:03d}", f"Member {n:03d}") for n in range(count)]
        began = time.monotonic()
        with store.writing() as session:
            for user in people:
                _say(session, user, urgent=urgent)
        until = began + PATIENCE.total_seconds()
        while sender.counts.posted < count and time.monotonic() < until:
            time.sleep(0.2)
        seconds = time.monotonic() - began
        calls = workspace.calls("chat.postMessage")
    arrived = Counter(str(call["args"]["channel"]) for call in calls if call["status"] == 200)
    refused = sum(call["status"] == 429 for call in calls)
    name = "urgent" if urgent else "not urgent"
    return Outcome(name, count, len(arrived), sum(each > 1 for each in arrived.values()), refused, seconds)


@contextmanager
def _sending(url: str, sandbox: Sandbox) -> Iterator[tuple[Store, Sender]]:
    settings = load({name: value for name, value in sandbox.environment().items() if value}, None)
    store, gateway = Store(url), gateway_of(settings)
    gateway.hello()
    sender = Sender(store, gateway, {"bench.note": _note}, SystemClock(), profile_of(settings))
    store.on_commit(sender.wake)
    sender.start()
    try:
        yield store, sender
    finally:
        sender.stop(15.0)
        store.close()


def _note(session: Session, subject: str, look: Look) -> Message:
    return say(f"A note about {subject}")


def _say(session: Session, user: str, *, urgent: bool) -> None:
    key, now = f"bench.note:{user}:{urgent}", SystemClock().now()
    delivery.say(session, "bench.note", f"user:{user}", to=user, key=key, now=now, urgent=urgent)


def sending_table(outcomes: list[Outcome]) -> str:
    header = ("messages, each to another person", "said", "arrived", "twice", "answers of 429", "minutes")
    rows = [
        (
            each.name,
            *map(str, (each.said, each.arrived, each.twice, each.refused)),
            f"{each.seconds / 60:.1f}",
        )
        for each in outcomes
    ]
    return table(header, rows)
