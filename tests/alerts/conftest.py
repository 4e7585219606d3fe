"""Staff who write alerts."""

from __future__ import annotations

import pytest

from copbot.store import Store
from tests.alerts.kit import Desk


@pytest.fixture
def desk(sqlite_store: Store) -> Desk:
    return Desk(sqlite_store)


@pytest.fixture
def any_desk(store: Store) -> Desk:
    """Run on both databases."""
    return Desk(store)
