"""The sandbox's own file: one table of JSON records, so that ids and timestamps outlive a restart.

A commit hands its pages to the operating system without waiting for the disk (WAL, NORMAL): what was
answered survives a kill of this process, and a burst of calls is not held up by one fsync each.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class RecordFile:
    """`path=None` keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS records (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID"
            )
        except sqlite3.Error:
            self.close()
            raise

    def read(self, kind: str) -> Iterator[tuple[str, Record]]:
        if self._db is None:
            return
        for key, body in self._db.execute("SELECT id, body FROM records WHERE kind=? ORDER BY id", (kind,)):
            yield key, json.loads(body)

    def write(self, changes: dict[tuple[str, str], Record | None]) -> None:
        """One transaction; None removes the record."""
        if self._db is None or not changes:
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(
            "INSERT INTO records VALUES (?,?,?) ON CONFLICT (kind, id) DO UPDATE SET body=excluded.body",
            [(kind, key, json.dumps(body)) for (kind, key), body in changes.items() if body is not None],
        )
        self._db.executemany(
            "DELETE FROM records WHERE kind=? AND id=?",
            [key for key, body in changes.items() if body is None],
        )
        self._db.execute("COMMIT")

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
