"""A sandbox of the test's own, and a bot in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.world import SlackTiming
from tests.days import CALM, Sandbox
from tests.sandbox.peer import Bot, manifest


@pytest.fixture
def timing() -> SlackTiming:
    """Short redelivery, so that a test sees all of it; acks have the time a busy machine needs."""
    return replace(CALM, redelivery=(0.0, 0.1, 0.2))


@pytest.fixture
def sandbox(timing: SlackTiming) -> Iterator[Sandbox]:
    """Rates are enforced where a test is about them."""
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
