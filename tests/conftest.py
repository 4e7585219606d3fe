"""Fixtures every room's tests stand on."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from copbot.store import Store
from tests.budgets import Budgets
from tests.databases import Postgres, SqliteFiles, compiled_once, running_postgres
from tests.days import DAY

pytest_plugins = ["tests.workers"]

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("test", CALM, max_examples=15, derandomize=True)
settings.register_profile("prove", CALM, max_examples=200, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--prove", action="store_true", help="everything: both databases, each point, 200 examples"
    )
    parser.addoption("--rounds", type=int, default=1, help="how often each proof marked `rounds` is repeated")
    parser.addoption("--seed", type=int, default=1, help="what random choices in proofs start from")


MEMORY, ROOM = Path("/dev/shm"), 2 << 30


def pytest_configure(config: pytest.Config) -> None:
    """In `make test` the same examples every time, so that a red run is the change's; in `make prove` new ones.

    Databases lie in memory where there is room: a disk has nothing to prove here and takes milliseconds a commit.
    """
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    compiled_once()
    settings.load_profile("prove" if config.getoption("--prove") else "test")
    if not config.getoption("--prove"):
        config.pluginmanager.register(Budgets(config))


ONCE = re.compile(r"_inv(2|3|4|11)(?!\d)")
"""Saved with the fact, one effect, once in a period, several processes: what a database's own locks must hold."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of `database_url` or `store` meets SQLite, and PostgreSQL too where the database makes a difference."""
    if "database_url" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("both_databases") is not None
        both = marked or ONCE.search(metafunc.function.__name__) or metafunc.config.getoption("--prove")
        metafunc.parametrize("database_url", ["sqlite", "postgresql"][: 2 if both else 1], indirect=True)


LONGEST_FIRST = ("faults", "contract", "page", "dialogs", "delivery", "ground", "communities")
"""Folders in the order of what their files take: begun early, none keeps one worker busy alone at the end."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(places)))
    if not config.getoption("--prove"):
        left = [item for item in items if item.get_closest_marker("prove")]
        items[:] = [item for item in items if not item.get_closest_marker("prove")]
        config.hook.pytest_deselected(items=left)


def pytest_report_header(config: pytest.Config) -> str:
    told = {name: config.getoption(f"--{name}") for name in ("prove", "rounds", "seed")}
    return f"day: {DAY:%a %Y-%m-%d}, " + ", ".join(f"{name}: {said}" for name, said in told.items())


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


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, and PostgreSQL where it matters (`pytest_generate_tests`); in `make prove` each test meets both."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The store on SQLite, or on both databases as `database_url` has it; empty, with every table."""
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """The store on SQLite only, also in `make prove`: a second round on PostgreSQL proves nothing more."""
    opened = Store(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """The store on PostgreSQL only: locks between processes, lost connections."""
    opened = Store(postgres_url)
    yield opened
    opened.close()
