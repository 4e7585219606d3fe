"""A Slack in a process of its own, for all tests of a module: none of them changes what the others look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.processes import slack
from tests.databases import SqliteFiles


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment lines of a sandbox of its own process."""
    with slack(tmp_path_factory.mktemp("slack")) as lines:
        yield lines


@pytest.fixture
def folder(tmp_path: Path, sqlite_files: SqliteFiles) -> Path:
    """Where the bot is started: its `data/` lies here, with every table, and no `.env` is near."""
    (tmp_path / "data").mkdir()
    sqlite_files.copy(tmp_path / "data" / "copbot.db")
    return tmp_path
