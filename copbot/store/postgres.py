"""PostgreSQL, also one that says nothing: frozen, or behind a network that swallows what is sent.

The server's own timeouts end what takes it too long. They do not help when it does not run, so the client counts,
too: within `patience` no thread waits longer.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

SERVER_FIRST = 0.2
"""Seconds by which the server gives up sooner than we do: then a slow statement does not cost the connection."""

_SHORTEST = 0.1

FRESH = 1.0
"""Seconds for which a connection that was given back is taken without a ping, which costs a round trip, as long as
the server has not said anything meanwhile: it does when it ends a connection."""

_RETURNED = "returned"

WRITERS = 6
"""People who save at once. More threads get nothing done sooner: they only wait for each other's turn."""


TAKES_ROOM = (
    "CREATE TEMP TABLE copbot_room ON COMMIT DROP AS "
    "SELECT repeat('x', 1000) AS filler FROM generate_series(1, 1000)"
)
"""Takes one megabyte of the disk for a moment."""


class Unconfirmed(psycopg.OperationalError):
    """The connection ended while a commit was under way: it may stand, or may not."""


class _Patience(threading.local):
    """What is left of this thread's patience, in seconds; None: it waits as long as it takes."""

    left: float | None = None
    altogether: bool = False


_here = _Patience()


@contextmanager
def patience(seconds: float, *, altogether: bool = False) -> Iterator[None]:
    """In this block the server may be silent for so long; `altogether`: all its answers may take so long."""
    before = _here.left, _here.altogether
    _here.left, _here.altogether = seconds, altogether
    try:
        yield
    finally:
        _here.left, _here.altogether = before


@contextmanager
def _waiting() -> Iterator[None]:
    """Time spent in vain is spent: a ping without an answer leaves none for a new connection."""
    began = time.monotonic()
    answered = False
    try:
        yield
        answered = True
    finally:
        if _here.left is not None and (_here.altogether or not answered):
            _here.left -= time.monotonic() - began


class Patient(psycopg.Connection[Any]):
    """A connection that is given up when the server has been silent for too long."""

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        left = _here.left
        if left is None:
            return super().wait(gen, interval, timeout)
        most = max(0.0, left if timeout is None else min(left, timeout))
        until = time.monotonic() + most
        try:
            with _waiting():
                return super().wait(gen, interval, most)
        except psycopg.OperationalError:
            if time.monotonic() >= until:
                self.pgconn.finish()  # an answer that comes later must not be taken for another one's
            raise

    def commit(self) -> None:
        try:
            super().commit()
        except psycopg.OperationalError as error:
            if self.closed:
                raise Unconfirmed("the connection ended during a commit") from error
            raise


def connect(*args: Any, **options: Any) -> Patient:
    """A new connection; at once an error when there is no patience left for one."""
    if _here.left is not None and _here.left < _SHORTEST:
        raise psycopg.OperationalError("the server is silent")
    with _waiting():
        return Patient.connect(*args, **options)


def within(budget: float) -> str:
    """The statement that gives each of this transaction's statements so many seconds."""
    return f"SET LOCAL statement_timeout = {_server_has(budget)}"


def _server_has(budget: float) -> int:
    return int(max(_SHORTEST, budget - SERVER_FIRST) * 1000)


def engine_for(url: str, *, budget: float) -> Engine:
    """The engine; a statement, or the way to the server, may take `budget` seconds."""
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=20,
        max_overflow=20,
        pool_timeout=budget,
        connect_args={
            "connect_timeout": 2,
            "tcp_user_timeout": 2000,  # a server that vanished without a word is noticed, too
            "application_name": "copbot",
            "options": f"-c statement_timeout={_server_has(budget)} -c lock_timeout=1500 -c timezone=UTC",
        },
    )

    # Rows that are inserted together go as one statement instead of as one each.
    engine.dialect.use_insertmanyvalues_wo_returning = True

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: Any, options: Any) -> Patient:
        return connect(*args, **options)

    event.listen(engine, "checkin", _note_return)
    event.listen(engine, "checkout", partial(_look, engine))
    return engine


def _note_return(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_RETURNED] = time.monotonic()


def _look(engine: Engine, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Asks whether a connection still works that nobody has used for a while."""
    is_fresh = time.monotonic() - record.info.get(_RETURNED, 0.0) < FRESH
    if is_fresh and not _has_news(connection):
        return
    try:
        engine.dialect.do_ping(connection)
    except psycopg.Error as error:
        raise InvalidatePoolError(str(type(error).__name__)) from None


def _has_news(connection: psycopg.Connection[Any]) -> bool:
    """Whether something waits to be read, the end included; asks the kernel alone."""
    look = select.poll()
    look.register(connection.pgconn.socket, select.POLLIN)
    return bool(look.poll(0))
