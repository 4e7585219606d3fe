"""The engine and its two doors. Nothing else in copbot opens or commits a session."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from typing import Any, TypeVar

import structlog
from sqlalchemy import URL, event, make_url, select, text
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from copbot.errors import Busy, NotFound
from copbot.store import journal, postgres, sqlite
from copbot.store.failures import BUSY_WORDS, can_grow, plain_errors
from copbot.store.group_commit import GroupCommit
from copbot.store.mapping import Base
from copbot.store.write_lock import FairWriteLock

BUDGET = 2.0
"""Seconds a transaction may wait for the database: Slack wants its answer within three."""

LONG_WRITE = 0.2
"""Seconds after which a transaction for writing is named in the log: everybody who saves waits behind it."""

MOVE_AFTER = 25
"""Commits after which SQLite's log is moved into the file: some thousand pages."""

_TRIES = {True: "UPDATE alembic_version SET version_num = version_num", False: postgres.TAKES_ROOM}
"""What is written to see whether writing works again, by whether it is SQLite, which tells its room besides."""

log = structlog.get_logger("store")

Row = TypeVar("Row", bound=Base)


def full_url(url: str) -> str:
    """`DATABASE_URL` as SQLAlchemy wants it: `postgres://` and `postgresql://` mean psycopg."""
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            return "postgresql+psycopg://" + url[len(old) :]
    return url


def shown(url: str) -> str:
    """A database's address to print or to type: never with its password."""
    full = make_url(full_url(url)).difference_update_query(["password", "sslpassword"])
    bare = URL.create(
        full.get_backend_name(), full.username, None, full.host, full.port, full.database, full.query
    )
    return bare.render_as_string()


class _Here(threading.local):
    """The tables that this thread's transaction has written to."""

    def __init__(self) -> None:
        self.tables: set[str] = set()


_here = _Here()


def _note_table(_cursor: Any, _text: Any, _values: Any, context: Any) -> None:
    if context.compiled is not None and (context.isinsert or context.isupdate or context.isdelete):
        _here.tables.add(context.compiled.statement.table.name)


class Store:
    """One database. `reading()` and `writing()` are the only ways in."""

    def __init__(self, url: str) -> None:
        self.url = full_url(url)
        self._file = sqlite.sqlite_path(self.url)
        self.is_sqlite = make_url(self.url).get_backend_name() == "sqlite"
        self.engine = (sqlite if self.is_sqlite else postgres).engine_for(self.url, budget=BUDGET)
        # Reading can change nothing, and sees one state however many queries it makes.
        steady = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(**steady)
        self._turns = FairWriteLock()
        self._writers = threading.BoundedSemaphore(postgres.WRITERS)
        self._together = GroupCommit(self.engine, self._turns)
        self._commits = 0
        self._wakes: list[tuple[str, Callable[[], None]]] = []
        self._hearers: list[Callable[[frozenset[str], tuple[str, ...]], None]] = []
        # Events of the driver's side alone: one listener on the engine's own costs each statement a tenth.
        for kind in ("do_execute", "do_executemany"):
            event.listen(self.engine, kind, _note_table)
        self.trouble = ""
        """Why nothing can be saved, as the driver's code; empty since there is room again."""
        self.longest_write = 0.0
        """Seconds that the longest transaction for writing took since the start."""

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one consistent state and can change nothing."""
        options: dict[str, Any] = {"autoflush": False, "expire_on_commit": False}
        with (
            plain_errors(self._failed, reads=True),
            postgres.patience(BUDGET),
            Session(self._reader, **options) as session,
        ):
            if self.is_sqlite:
                sqlite.begin(session.connection(), patience=BUDGET, reading=True)
            yield session

    @contextmanager
    def writing(self, *, budget: float = BUDGET, interactive: bool = False) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises.

        Raises `Busy` when the database cannot be had within `budget` seconds, and `StorageFailed` when its disk is
        full or fails. `interactive`: a person waits for it.
        """
        _here.tables = set()
        with plain_errors(self._failed), self._door(budget, interactive) as session:
            yield session
        tables = frozenset(_here.tables)
        if self.is_sqlite:  # how much room PostgreSQL has only a large write tells, and `saves` tries one
            self._end_trouble()
        self._commits += 1
        if self.is_sqlite and not interactive and self._commits >= MOVE_AFTER:
            self._move_log()
        noted = session.info.get(_NOTED, ())
        for about, wake in self._wakes:
            if not about or about in noted:
                wake()
        for hear in self._hearers:
            hear(tables, journal.subjects_of(session))

    def on_commit(self, wake: Callable[[], None], *, about: str = "") -> None:
        """Call `wake` after commits of this process: all, or those whose session noted something `about` this."""
        self._wakes.append((about, wake))

    def on_change(self, hear: Callable[[frozenset[str], tuple[str, ...]], None]) -> None:
        """Call `hear` after each commit of this process with the tables it wrote to and the subjects it is about."""
        self._hearers.append(hear)

    def answers(self) -> bool:
        """Whether the database can be read right now."""
        try:
            with self.reading() as session:
                session.execute(text("SELECT 1"))
        except Busy:
            return False
        return True

    def saves(self) -> bool:
        """Whether what is written is kept. After a failure a write is tried: with room for more, this ends the trouble."""
        if self.trouble:
            with suppress(Busy):
                with self.writing() as session:
                    session.execute(text(_TRIES[self.is_sqlite]))
                self._end_trouble()
        return self._has_room

    @property
    def _has_room(self) -> bool:
        return not self.trouble and can_grow(self._file)

    def measures(self) -> dict[str, float]:
        """For the metrics page."""
        return {"write_longest_seconds": self.longest_write, "storage_trouble": float(not self._has_room)}

    def close(self) -> None:
        """Close every connection; one that somebody still works with, when they give it back."""
        pool = self.engine.pool
        event.listen(pool, "checkin", lambda _driver, record: record.invalidate())
        self.engine.dispose()

    def _end_trouble(self) -> None:
        if self.trouble and can_grow(self._file):
            log.warning("storage_works_again", code=self.trouble)
            self.trouble = ""

    def _failed(self, code: str) -> None:
        if code != self.trouble:
            log.error("storage_failed", code=code)
        self.trouble = code

    def _move_log(self) -> None:
        """Move SQLite's log into the file. By itself a commit would do it now and then, while a person waits."""
        self._commits = 0
        # What was written stands already; a log that cannot be moved now is moved next time.
        with suppress(sqlite3.Error, PoolTimeout), closing(self.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")

    def empty_log(self) -> bool:
        """Move SQLite's log into the file and leave nothing in it; False while somebody still reads an older state."""
        if not self.is_sqlite:
            return True
        with self._turn(BUDGET, interactive=False), closing(self.engine.raw_connection()) as connection:
            return not connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    @contextmanager
    def _door(self, budget: float, interactive: bool) -> Iterator[Session]:
        if self.is_sqlite and interactive:
            until = time.monotonic() + budget
            if not self._turns.take(budget, first=True):
                raise Busy(BUSY_WORDS)
            with self._together.writing(max(0.0, until - time.monotonic())) as session, self._timed():
                yield session
            return
        with (
            self._turn(budget, interactive) as left,
            postgres.patience(left, altogether=interactive),
            Session(self.engine, expire_on_commit=False) as session,
            self._timed(),
        ):
            if self.is_sqlite:
                sqlite.begin(session.connection(), patience=left)
            elif budget != BUDGET:
                session.execute(text(postgres.within(budget)))
            yield session
            session.commit()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Measures the block: on SQLite nobody else writes meanwhile."""
        began = time.monotonic()
        try:
            yield
        finally:
            took = time.monotonic() - began
            self.longest_write = max(self.longest_write, took)
            if took > LONG_WRITE:
                log.warning("long_write", ms=round(took * 1000))

    @contextmanager
    def _turn(self, budget: float, interactive: bool) -> Iterator[float]:
        """Wait for this process' turn to write; yields the seconds left to wait for other processes."""
        until = time.monotonic() + budget
        if not self.is_sqlite:
            if not interactive:
                yield budget
                return
            if not self._writers.acquire(timeout=budget):
                raise Busy(BUSY_WORDS)
            try:
                yield max(0.0, until - time.monotonic())
            finally:
                self._writers.release()
            return
        # SQLite has one writer, and its own busy wait is unfair: one line in turn keeps the tail short.
        if not self._turns.take(budget, first=interactive):
            raise Busy(BUSY_WORDS)
        try:
            yield max(0.0, until - time.monotonic())
        finally:
            self._turns.give()


_NOTED = "noted"


def note(session: Session, about: str) -> None:
    """Say what this transaction brings work for; those who listen for it are woken once it stands."""
    session.info.setdefault(_NOTED, set()).add(about)


def hold(session: Session, kind: type[Row], ident: int) -> Row:
    """The row, locked until the transaction ends, so that two people cannot both move it."""
    row = session.get(kind, ident, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("That no longer exists.")
    journal.about(session, f"{kind.__name__.removesuffix('Row').lower()}:{ident}")
    return row


def find_row(session: Session, kind: type[Row], **by: Any) -> Row | None:
    """The row with these values, which no two have."""
    return session.scalars(select(kind).filter_by(**by)).one_or_none()


def need_row(session: Session, kind: type[Row], words: str, **by: Any) -> Row:
    """The row with these values. Raises `NotFound` with these words."""
    row = find_row(session, kind, **by)
    if row is None:
        raise NotFound(words)
    return row


def hold_row(session: Session, kind: type[Row], words: str, **by: Any) -> Row:
    """The row with these values, locked as by `hold`. Raises `NotFound` with these words."""
    found: Any = need_row(session, kind, words, **by)
    return hold(session, kind, found.id)


def insert_once(session: Session, kind: type[Base], /, **values: Any) -> int | None:
    """Insert unless a unique key already stands; the new row's id, or None when it was there before.

    On PostgreSQL a concurrent insert of the same key is waited for, so exactly one caller gets the id.
    """
    connection = session.connection()  # past what the ORM does for a statement that has no use for it
    found = connection.execute(_insertion(kind, connection.dialect.name), values).scalar_one_or_none()
    return None if found is None else int(found)


def insert_all_once(session: Session, kind: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert those whose unique keys do not stand yet, in one statement; how many are new."""
    if not rows:
        return 0
    connection = session.connection()
    return len(connection.execute(_insertion(kind, connection.dialect.name), rows).all())


@cache
def _insertion(kind: type[Base], dialect: str) -> ReturningInsert[int]:
    # Building the statement costs more than running it, so each table's is built once.
    table = kind.__table__
    insert = insert_postgresql if dialect == "postgresql" else insert_sqlite
    return insert(table).on_conflict_do_nothing().returning(table.c.id)
