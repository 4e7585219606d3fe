"""A sender in a process of its own, for tests that kill it: url of the database, of the API, token, seconds to look after."""

from __future__ import annotations

import sys
from dataclasses import replace

from copbot.clock import FixedClock
from copbot.delivery.sender import Sender
from copbot.slack.gateway import Gateway
from copbot.store import Store
from tests.delivery.kit import NOON, QUICK, Words


def main(database: str, api: str, token: str, lease: str) -> None:
    store = Store(database)
    gateway = Gateway(token, base_url=api)
    gateway.hello()
    timing = replace(QUICK, lease=float(lease), http_timeout=0.5, per_destination=0.0)
    sender = Sender(store, gateway, {"note": Words()}, FixedClock(NOON), None, timing=timing)
    sender.start()
    print("started", flush=True)
    sys.stdin.read()  # until the test lets go
    sender.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
