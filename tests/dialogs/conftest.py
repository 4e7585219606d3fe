"""One living bot for a whole file of dialogs, or one of a test's own where a test changes the house."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import SqliteFiles
from tests.dialogs.kit import Talk, talking


@pytest.fixture(scope="module")
def talk(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Shared by the tests of a file, which therefore go by their own requests' numbers."""
    with talking(sqlite_files.copy(tmp_path_factory.mktemp("dialogs") / "copbot.db")) as found:
        yield found


@pytest.fixture
def own_talk(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Talk]:
    """For a test that counts everything, or changes who is staff, or breaks things."""
    with talking(sqlite_files.copy(tmp_path / "copbot.db")) as found:
        yield found


@pytest.fixture
def any_talk(database_url: str) -> Iterator[Talk]:
    """Run on both databases."""
    with talking(database_url) as found:
        yield found
