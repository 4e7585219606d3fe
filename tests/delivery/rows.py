"""Message rows taken and settled by hand, one step at a time."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from copbot.delivery import service
from copbot.delivery.rules import SendTiming
from copbot.delivery.sending.claims import ClaimContext, ClaimedMessage, claim
from copbot.delivery.sending.outcomes import Outcome
from copbot.delivery.sending.settling import settle
from copbot.delivery.tables import MessageRow
from copbot.store import Store
from tests.delivery.kit import NOON

TIMING = SendTiming(look_after=30.0, lease=60.0, per_destination=0.0, recheck_after=120.0)
_by = itertools.count(1)


def taker(now: datetime = NOON, timing: SendTiming = TIMING) -> ClaimContext:
    return ClaimContext(f"test{next(_by)}", now, timing)


def say(store: Store, subject: str = "s", **more: Any) -> int:
    with store.writing() as session:
        options = {"to": "C1", "key": subject, "now": NOON, "urgent": True, **more}
        return service.say(session, "note", subject, **options)


def change(store: Store, ident: int, **columns: Any) -> None:
    with store.writing() as session:
        row = session.get(MessageRow, ident)
        for name, value in columns.items():
            setattr(row, name, value)


def row(store: Store, ident: int) -> MessageRow:
    with store.reading() as session:
        found = session.get(MessageRow, ident)
        assert found is not None
        return found


def take(store: Store, by: ClaimContext) -> ClaimedMessage | None:
    with store.writing() as session:
        return claim(session, by)


def end(store: Store, by: ClaimContext, turn: ClaimedMessage, outcome: Outcome) -> None:
    with store.writing() as session:
        settle(session, by, turn, outcome)
