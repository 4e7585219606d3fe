"""A library that is read."""

from __future__ import annotations

import pytest

from copbot.store import Store
from tests.digests.kit import Reading


@pytest.fixture
def reading(sqlite_store: Store) -> Reading:
    return Reading(sqlite_store)
