"""A database with a workspace beside it."""

from __future__ import annotations

import pytest

from copbot.store import Store
from tests.communities.kit import Commons


@pytest.fixture
def commons(sqlite_store: Store) -> Commons:
    found = Commons(sqlite_store)
    found.knows("ada", "kim", "juno", "lou", "ines")
    return found


@pytest.fixture
def any_commons(store: Store) -> Commons:
    """Run on both databases."""
    found = Commons(store)
    found.knows("ada", "kim", "juno", "lou", "ines")
    return found
