"""A staff room whose requests get done."""

from __future__ import annotations

import pytest

from copbot.store import Store
from tests.followup.kit import Afterwards


@pytest.fixture
def room(sqlite_store: Store) -> Afterwards:
    return Afterwards(sqlite_store)


@pytest.fixture
def any_room(store: Store) -> Afterwards:
    """Run on both databases where that makes a difference."""
    return Afterwards(store)
