"""A Slack in a process of its own, for all tests of a module: none of them changes what the others look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.processes import slack


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment lines of a sandbox of its own process."""
    with slack(tmp_path_factory.mktemp("slack")) as lines:
        yield lines


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the bot is started: its `data/` comes to lie here, and no `.env` is near."""
    return tmp_path
