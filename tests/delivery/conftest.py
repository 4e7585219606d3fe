"""A workspace and a house for each test of delivery."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from copbot.slack.gateway import Gateway
from copbot.store import Store
from tests.days import Sandbox
from tests.delivery.kit import MANIFEST, House


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A workspace of the test's own; how fast it may be called is tested where it matters."""
    with Sandbox(MANIFEST, enforce_rates=False) as running:
        yield running


@pytest.fixture
def gateway(sandbox: Sandbox) -> Gateway:
    connected = Gateway(sandbox.bot_token, base_url=sandbox.api_url)
    connected.hello()
    return connected


@pytest.fixture
def unpaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not urgent waits for its share of a minute's calls: only where that is what is tested."""
    monkeypatch.setattr(House, "urgent", True)


@pytest.fixture
def house(store: Store, sandbox: Sandbox, gateway: Gateway) -> Iterator[House]:
    """On both databases."""
    workspace = sandbox.workspace()
    yield House(store, workspace, gateway)
    workspace.close()


@pytest.fixture
def sqlite_house(sqlite_store: Store, sandbox: Sandbox, gateway: Gateway) -> Iterator[House]:
    """Where the database makes no difference."""
    workspace = sandbox.workspace()
    yield House(sqlite_store, workspace, gateway)
    workspace.close()


@pytest.fixture
def postgres_house(postgres_store: Store, sandbox: Sandbox, gateway: Gateway) -> Iterator[House]:
    """Where several processes share the rows."""
    workspace = sandbox.workspace()
    yield House(postgres_store, workspace, gateway)
    workspace.close()
