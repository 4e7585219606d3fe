"""The two session doors, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

from copbot.clock import FixedClock
from copbot.store import Store
from copbot.store.journal import JournalRow, record

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_what_is_written_is_read_back(store: Store) -> None:
    with store.writing() as session:
        record(session, at=FixedClock(NOON).now(), actor="U1", entrance="command:/ta")
    with store.reading() as session:
        row = session.get(JournalRow, 1)
        assert row is not None
        assert row.at == NOON
