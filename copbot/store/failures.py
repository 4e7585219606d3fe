"""What the databases' errors mean to a person: try again in a moment, or the storage itself has a fault."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from copbot.errors import Busy, StorageFailed
from copbot.store import postgres

BUSY_WORDS = "The database did not answer in time, so nothing was saved. Please try again in a moment."
UNCONFIRMED_WORDS = (
    "The database did not answer in time, so it is not sure whether this was saved. "
    "Please try again in a moment: it is saved only once."
)
STORAGE_WORDS = "This could not be saved: the bot's storage is full or has a fault."
UNREAD_WORDS = "I can't look this up: the bot's storage has a fault."

# SQLite says with one exception class both "somebody else is writing" and "there is no such table".
_TRANSIENT = ("SQLITE_BUSY", "SQLITE_LOCKED")
_STORAGE = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
    "SQLITE_READONLY",
)
_STORAGE_STATES = ("53100", "58", "XX001", "XX002")
"""PostgreSQL: disk full, system and i/o errors, data or an index corrupted."""

ROOM = 1_000_000
"""Bytes that have to be free beside a database file: the longest transactions write a few hundred thousand."""


def can_grow(file: Path | None) -> bool:
    """Whether the database's file is there, may be written and has room on its disk; True where there is no file.

    A small write may still find a place in a full disk's last pages while every form is refused.
    """
    try:
        return file is None or (os.access(file, os.W_OK) and disk_usage(file).free >= ROOM)
    except OSError:
        return False


def storage_code(error: BaseException | None) -> str:
    """The driver's own code when the disk is full or fails, such as SQLITE_FULL or 53100; empty for all else."""
    if isinstance(error, StorageFailed):
        return error.code
    orig = error.orig if isinstance(error, DBAPIError) else error
    name = str(getattr(orig, "sqlite_errorname", None) or "")
    state = str(getattr(orig, "sqlstate", None) or "")
    return name if name.startswith(_STORAGE) else state if state.startswith(_STORAGE_STATES) else ""


def is_busy(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether waiting may help: locked, timed out, gone; and not a fault of ours."""
    orig = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    name = getattr(orig, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(_TRANSIENT)
    return isinstance(error, OperationalError)


@contextmanager
def plain_errors(failed: Callable[[str], None], *, reads: bool = False) -> Iterator[None]:
    """Raise `Busy` or `StorageFailed` for the drivers' errors; `failed` hears the code of a storage fault."""
    try:
        yield
    except PoolTimeout as error:
        raise Busy(BUSY_WORDS) from error
    except StorageFailed as error:
        failed(error.code)
        raise
    except (DBAPIError, sqlite3.Error) as error:  # the driver's own, while a connection is being prepared
        code = storage_code(error)
        # In a session for reading it means that a listener tried to write, a fault of ours.
        if code and not (reads and code == "SQLITE_READONLY"):
            failed(code)
            raise StorageFailed(UNREAD_WORDS if reads else STORAGE_WORDS, code) from error
        if is_busy(error):
            unsure = isinstance(getattr(error, "orig", None), postgres.Unconfirmed)
            raise Busy(UNCONFIRMED_WORDS if unsure else BUSY_WORDS) from error
        raise
