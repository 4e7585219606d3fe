"""Fixtures every room's tests stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from copbot.store import Store
from tests.databases import Postgres, SqliteFiles, running_postgres
from tests.days import DAY


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rounds", type=int, default=5, help="how often each proof marked `rounds` is repeated")
    parser.addoption("--seed", type=int, default=1, help="what random choices in proofs start from")


LONGEST_FIRST = ("faults", "contract", "page", "dialogs", "delivery", "ground", "communities")
"""Folders in the order of what their files take: begun early, none keeps one worker busy alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(places)))


def pytest_report_header(config: pytest.Config) -> str:
    return (
        f"day: {DAY:%a %Y-%m-%d}, rounds: {config.getoption('--rounds')}, seed: {config.getoption('--seed')}"
    )


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often to repeat a proof: few in `make test`, many in `make prove`."""
    return int(request.config.getoption("--rounds"))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--seed"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL server, started by the first test that asks."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles, tmp_path: Path) -> str:
    """A SQLite file of the test's own, with every table in it."""
    return sqlite_files.copy(tmp_path / "copbot.db")


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A PostgreSQL database of the test's own, with every table in it."""
    with postgres.copy() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: once on each database."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The store on both databases, empty, with every table."""
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """The store on SQLite only, where a second round on PostgreSQL proves nothing more."""
    opened = Store(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """The store on PostgreSQL only: locks between processes, lost connections."""
    opened = Store(postgres_url)
    yield opened
    opened.close()
