"""SQLite: its file, its connections, and how a transaction on it begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # saved means after a power cut
    "foreign_keys=ON",
    "secure_delete=ON",  # erased text leaves no trace in the file
    "temp_store=MEMORY",  # nor in a temporary one
    "wal_autocheckpoint=16000",  # a net: whoever nobody waits for moves the log into the file, long before
)


def sqlite_path(url: str) -> Path | None:
    """The file a SQLite URL names; None for PostgreSQL, with any of its names."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def own_file(url: str) -> None:
    """See to it that the file is there before SQLite makes it readable for everybody."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)


def engine_for(url: str, *, budget: float) -> Engine:
    """The engine; it begins no transaction by itself: whoever opens one calls `begin`."""
    engine = create_engine(
        url,
        hide_parameters=True,  # a failed statement must not carry anybody's words into a log
        pool_size=20,
        max_overflow=20,
        pool_timeout=budget,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": budget},
    )

    @event.listens_for(engine, "do_connect")
    def _make_room(*_about: Any) -> None:
        own_file(url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def begin(connection: Connection, *, patience: float, reading: bool = False) -> None:
    """Begin a transaction that waits `patience` seconds for other processes; `reading`: it can change nothing.

    Read first and write later fails at once under contention; a writer says so from the start. An event of the
    engine would do it as well, and cost each statement a tenth.
    """
    _set(connection, "query_only", int(reading))
    _set(connection, "busy_timeout", int(round(patience, 1) * 1000))
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _set(connection: Connection, pragma: str, value: int) -> None:
    """Set a pragma where it differs: a connection keeps it, and setting it costs as much as a query."""
    known = connection.info
    if known.get(pragma) != value:
        connection.exec_driver_sql(f"PRAGMA {pragma}={value}")
        known[pragma] = value
