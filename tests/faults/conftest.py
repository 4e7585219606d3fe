"""The houses that the proofs of this folder burn down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.kills import Points
from tests.faults.kit import House, house


@pytest.fixture
def home(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    with house(sqlite_url, tmp_path) as found:
        yield found


@pytest.fixture
def postgres_home(postgres_url: str, tmp_path: Path) -> Iterator[House]:
    with house(postgres_url, tmp_path) as found:
        yield found


@pytest.fixture
def any_home(database_url: str, tmp_path: Path) -> Iterator[House]:
    with house(database_url, tmp_path) as found:
        yield found


@pytest.fixture
def points(request: pytest.FixtureRequest, rounds: int, seed: int) -> Points:
    return Points(rounds, seed, all=bool(request.config.getoption("--prove")))
