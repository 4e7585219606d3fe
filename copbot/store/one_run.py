"""One running bot to a SQLite file: a second would take half of the work and none of the locks."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from copbot.errors import Misconfigured
from copbot.store.sqlite import sqlite_path


@contextmanager
def only_run(url: str) -> Iterator[None]:
    """Hold the file for this process until the block ends; the system lets go of it when the process dies.

    Commands that write a little beside a running bot do not need it. PostgreSQL takes any number of processes.
    """
    path = sqlite_path(url)
    if path is None:
        yield
        return
    handle = _open(Path(f"{path}.lock"))
    try:
        if path.exists() and not os.access(path, os.W_OK):
            raise Misconfigured(f"{path} cannot be written. Give this user the right to write the file.")
        _take(handle, path)
        yield
    finally:
        os.close(handle)


def _open(lock: Path) -> int:
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        why = (error.strerror or "not possible").lower()
        raise Misconfigured(
            f"Nothing can be written in {lock.parent} ({why}). Set DATABASE_URL to a place this user may write to, "
            "or mend the folder."
        ) from None


def _take(handle: int, path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        who = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
        raise Misconfigured(
            f"Another copbot (process {who or 'unknown'}) is already running on {path}. Stop it first; "
            "for more than one process, use PostgreSQL."
        ) from None
    with suppress(OSError):  # on a full disk it stays unsaid whose lock it is
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
