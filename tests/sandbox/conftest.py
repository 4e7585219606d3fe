"""A sandbox of the test's own, and a bot in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from copbot.sandbox.driver import Workspace
from copbot.sandbox.server import Sandbox
from copbot.sandbox.world import Timing
from tests.sandbox.peer import Bot, manifest


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Short redelivery, so that a test sees all of it; rates are enforced where a test is about them."""
    timing = Timing(ack=0.4, trigger=0.4, redelivery=(0.0, 0.1, 0.2))
    with Sandbox(manifest(), enforce_rates=False, timing=timing) as running:
        yield running


@pytest.fixture
def ws(sandbox: Sandbox) -> Workspace:
    return sandbox.workspace()


@pytest.fixture
def bot(sandbox: Sandbox) -> Iterator[Bot]:
    """Not connected yet: the test adds listeners first."""
    peer = Bot(sandbox)
    yield peer
    peer.close()
