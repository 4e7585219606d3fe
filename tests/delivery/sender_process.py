"""A sender in a process of its own, for tests that kill it."""

from __future__ import annotations

from dataclasses import replace
from multiprocessing.connection import Connection

from copbot.clock import FixedClock
from copbot.delivery.sender import Sender
from copbot.slack.gateway import Gateway
from copbot.store import Store
from tests.delivery.kit import NOON, QUICK, Words


def main(database: str, api: str, token: str, lease: float, line: Connection) -> None:
    store = Store(database)
    gateway = Gateway(token, base_url=api)
    gateway.hello()
    timing = replace(QUICK, lease=lease, http_timeout=2.0, per_destination=0.0)
    sender = Sender(store, gateway, {"note": Words()}, FixedClock(NOON), None, timing=timing)
    sender.start()
    line.send("started")
    line.poll(None)  # until the test kills it
