"""Bringing a database to the tables this copbot needs."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from copbot.errors import Misconfigured
from copbot.store.backups import backup_sqlite
from copbot.store.engine import full_url, shown
from copbot.store.failures import is_busy, storage_code
from copbot.store.sqlite import own_file, sqlite_path

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

PATIENCE = 60.0
"""Seconds to wait for another migration."""

_LOCK = 7_031_104_811
"""Our number among PostgreSQL's advisory locks: one migration at a time."""


def head() -> str:
    """The newest revision this copbot knows."""
    return str(ScriptDirectory.from_config(config_for()).get_current_head())


def current(url: str) -> str | None:
    """The revision a database stands at; None when it is empty."""
    path = sqlite_path(url)
    if path is not None and not path.is_file():
        return None
    with connected(url, alone=False) as connection:
        return _current(connection)


def is_current(url: str) -> bool:
    return current(url) == head()


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database up, in one transaction: all of it or nothing. Two at once wait for each other."""
    with connected(url) as connection:
        _refuse_newer(connection)
        command.upgrade(config_for(connection), revision)
        _check_references(connection)


def downgrade(url: str, revision: str) -> None:
    """Back to an earlier revision ("base": an empty database)."""
    with connected(url) as connection:
        command.downgrade(config_for(connection), revision)


def prepare(url: str, *, now: datetime) -> Path | None:
    """What `run` does before it starts.

    A SQLite file that is behind is copied beside itself and migrated; the copy is returned. A
    PostgreSQL that is behind is refused: others may be working on it, so a person says when.
    """
    path = sqlite_path(url)
    standing = current(url)
    if standing == head():
        return None
    if path is None:
        raise Misconfigured(
            "The database does not have this version's tables. Run: .venv/bin/python bot.py migrate"
        )
    copy = backup_sqlite(path, now=now) if standing else None
    upgrade(url)
    return copy


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's configuration, built here: there is no file that could say otherwise."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(connection: Connection) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config_for()).walk_revisions()}
    standing = _current(connection)
    if standing is not None and standing not in known:
        raise Misconfigured(
            "The database was made by a newer copbot. Update copbot, or restore an older backup."
        )


@contextmanager
def connected(url: str, *, alone: bool = True) -> Iterator[Connection]:
    """One connection in one transaction; `alone`, no other migration runs beside it."""
    full = full_url(url)
    sqlite = sqlite_path(url)
    own_file(url)
    engine = create_engine(full, poolclass=NullPool, hide_parameters=True, connect_args=_arguments(full))
    if sqlite is not None:
        if alone:  # kept in the file: whoever opens it later has no mode to change, and no lock to wait for
            event.listen(engine, "connect", lambda raw, _record: _into_wal(raw))
        begin = "BEGIN IMMEDIATE" if alone else "BEGIN"
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    try:
        with engine.begin() as connection:
            if sqlite is None and alone:
                _stand_in_line(connection)
            yield connection
    except (DBAPIError, sqlite3.Error) as error:
        if getattr(getattr(error, "orig", error), "sqlite_errorname", "") in (
            "SQLITE_NOTADB",
            "SQLITE_CORRUPT",
        ):
            raise Misconfigured(f"{sqlite} is not a whole SQLite database; restore a backup.") from error
        if not (is_busy(error) or storage_code(error)):
            raise
        raise Misconfigured(
            f"The database cannot be used now, and nothing was changed ({shown(url)}). "
            "Is it there, is it free, and is there room on its disk?"
        ) from error
    finally:
        engine.dispose()


def _into_wal(raw: sqlite3.Connection) -> None:
    """Two who change the mode in one moment are not made to wait by SQLite: one of them is refused at once."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > until:
                raise
        time.sleep(0.02)


def _arguments(url: str) -> dict[str, object]:
    if url.startswith("sqlite"):
        # Foreign keys stay off here: a table is changed by copying it and dropping the old one.
        return {"isolation_level": None, "timeout": PATIENCE}
    return {"connect_timeout": 5, "application_name": "copbot migrate", "options": "-c timezone=UTC"}


def _stand_in_line(connection: Connection) -> None:
    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    # Waiting long for a table would make everybody else wait behind us.
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    connection.execute(text("SET LOCAL statement_timeout = '15min'"))


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise Misconfigured(
            f"The migration would leave rows without the ones they point to ({tables}); undone."
        )
