"""A center that routes."""

from __future__ import annotations

import pytest

from copbot.store import Store
from tests.assistance.given import cast
from tests.routing.kit import Center


@pytest.fixture
def center(store: Store) -> Center:
    return Center(store, cast(store))
