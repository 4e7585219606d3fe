"""When Slack gives a channel another id, no table goes on holding the old one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

import copbot.app  # noqa: F401 - maps every room's tables
from copbot.digests.editions.tables import DigestChannelRow, DigestRow, EditionRow
from copbot.store import Store, channel_ids
from copbot.store.mapping import Base

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OLD, NEW, OTHER = "C0OLD", "C0NEW", "C0OTHER"
DIGEST, COMMUNITYS = 1, 2


@pytest.fixture
def rows(store: Store) -> Store:
    """Two digests: one goes to two channels, the other also to what the old channel is called by now."""
    with store.writing() as session:
        session.add_all(DigestRow(id=each, owner=str(each), since=NOON) for each in (DIGEST, COMMUNITYS))
        session.flush()
        goes_to = ((DIGEST, OLD), (DIGEST, OTHER), (COMMUNITYS, OLD), (COMMUNITYS, NEW))
        session.add_all(DigestChannelRow(digest_id=each, channel=c, by="U1", at=NOON) for each, c in goes_to)
        times = dict.fromkeys(("slot_at", "due_at", "composed_at"), NOON)
        editions = (([OTHER, OLD], "2026-W10"), ([OLD, NEW], "2026-W11"), ([OTHER], "2026-W12"))
        session.add_all(
            EditionRow(digest_id=DIGEST, period=period, state="waiting", channels=channels, **times)
            for channels, period in editions
        )
    with store.writing() as session:
        channel_ids.rename(session, OLD, NEW)
    return store


def test_rows_follow_but_those_whose_place_is_taken(rows: Store) -> None:
    with rows.reading() as session:
        kept = session.scalars(select(DigestChannelRow).order_by(DigestChannelRow.id))
        assert [(each.digest_id, each.channel) for each in kept] == [
            (DIGEST, NEW),
            (DIGEST, OTHER),
            (COMMUNITYS, OLD),
            (COMMUNITYS, NEW),
        ]


def test_lists_of_channels_follow_and_name_none_twice(rows: Store) -> None:
    with rows.reading() as session:
        kept = session.scalars(select(EditionRow.channels).order_by(EditionRow.id))
        assert list(kept) == [[OTHER, NEW], [NEW], [OTHER]]


def test_every_column_that_names_channels_is_one_that_follows() -> None:
    named = {
        column.name
        for table in Base.metadata.sorted_tables
        for column in table.c
        if "channel" in column.name or column.name == "destination"
    }
    assert named == channel_ids.ONE | {channel_ids.SEVERAL}
