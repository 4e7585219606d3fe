"""Copies of a SQLite file, taken while it may be in use, and put back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from copbot.errors import Misconfigured
from copbot.store.deployment import mark_restored
from copbot.store.engine import Store


def backup_sqlite(path: Path, *, now: datetime, keep: int | None = 3, to: Path | None = None) -> Path:
    """Copy the database beside itself (or `to`) and return the copy; the oldest beyond `keep` are removed.

    The copy is whole or not there at all, and as unreadable to others as the file itself.
    """
    if not path.is_file():
        raise Misconfigured(f"There is no database at {path}.")
    copy = to or path.with_name(f"{path.name}.{now:%Y%m%d-%H%M%S}.backup")
    unfinished = copy.with_name(copy.name + ".unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        _settle(unfinished, copy)
    except (OSError, sqlite3.OperationalError) as error:
        with suppress(OSError):
            unfinished.unlink()  # it would fill the disk still more
        raise Misconfigured(
            f"The database could not be copied to {copy}. Is there room on that disk, and may this user write there?"
        ) from error
    if to is None and keep is not None:
        for old in backups_of(path)[:-keep]:
            old.unlink()
    return copy


def backups_of(path: Path) -> list[Path]:
    """The copies that stand beside a database, oldest first."""
    return sorted(path.parent.glob(f"{path.name}.20*.backup"))


def restore_sqlite(backup: Path, path: Path, *, now: datetime) -> None:
    """Put a copy in the place of the database, marked as restored.

    The caller holds the file (`only_run`): nothing else may be running on it.
    """
    look_through(backup)
    coming = path.with_name(path.name + ".coming")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    backup_sqlite(backup, now=now, to=coming)
    store = Store(f"sqlite:///{coming}")
    with store.writing() as session:
        mark_restored(session, now)
    store.close()
    for beside in ("-wal", "-shm"):  # of the database that goes; they would be read into the one that comes
        path.with_name(path.name + beside).unlink(missing_ok=True)
    _settle(coming, path)


def look_through(backup: Path) -> None:
    """Raises `Misconfigured` unless this is a whole copy of a copbot database."""
    if not backup.is_file():
        raise Misconfigured(f"There is no backup at {backup}.")
    try:
        with closing(sqlite3.connect(f"{backup.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            said = connection.execute("PRAGMA quick_check").fetchone()[0]
            known = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'deployment'"
            ).fetchone()[0]
    except sqlite3.DatabaseError:
        said, known = "not a database", 0
    if said != "ok" or not known:
        raise Misconfigured(f"{backup} is not a whole copbot database; nothing was changed.")


def _settle(unfinished: Path, final: Path) -> None:
    """Rename only what has reached the disk, and see to it that the new name reaches it as well."""
    _sync(unfinished)
    unfinished.replace(final)
    _sync(final.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
