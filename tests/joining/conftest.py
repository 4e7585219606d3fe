"""A database with a workspace beside it, in which everybody who is here has been noted."""

from __future__ import annotations

import pytest

from copbot.store import Store
from tests.communities.kit import Commons


def noting(store: Store) -> Commons:
    found = Commons(store)
    found.knows("ada", "kim", "ravi", "lou", "ines")
    return found


@pytest.fixture
def commons(sqlite_store: Store) -> Commons:
    return noting(sqlite_store)


@pytest.fixture
def settled(commons: Commons) -> Commons:
    commons.does("joining.reread")
    return commons


@pytest.fixture
def any_settled(store: Store) -> Commons:
    """Run on both databases."""
    found = noting(store)
    found.does("joining.reread")
    return found
