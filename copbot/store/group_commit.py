"""People who save at the same moment share one commit: waiting for the disk is most of what saving costs.

They work one after the other, each for as long as they have the turn (`turns.py`), on one connection. Whoever is
done hands the turn to the next person in line; who finds nobody there commits for all. Nobody goes on before that
commit stands, and nobody gives up waiting for it: what they are told afterwards is what is true. So a person waits
at most their budget for the turn and the lock, and then for those in front of whom the transaction was closed.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from copbot.errors import Busy, StorageFailed
from copbot.store.failures import BUSY_WORDS, STORAGE_WORDS, storage_code
from copbot.store.sqlite import begin
from copbot.store.write_lock import FairWriteLock

MOST = 16
LONGEST = 0.03
"""Seconds after which a shared transaction takes nobody in any more: the first of it waits for the last."""


class _Shared:
    """One transaction and those in it. Only who has the turn touches anything but `over` and `saved`."""

    def __init__(self, connection: Connection) -> None:
        self.over = threading.Event()
        self.saved = False
        self.undone = False  # the first took it back as a whole, and was alone in it
        self.broke = ""  # the disk's failure that took it back, as the driver's code
        self._connection = connection
        self._driver = connection.connection.driver_connection
        self._people = 0
        self._spoilt = False
        self._until = time.monotonic() + LONGEST

    @contextmanager
    def working(self) -> Iterator[Session]:
        """One person's part of it: all or nothing of theirs stays."""
        self._people += 1
        # The first has the transaction itself to take back; a savepoint costs as much as two queries.
        mode = "rollback_only" if self._people == 1 else "create_savepoint"
        with (
            Session(self._connection, join_transaction_mode=mode, expire_on_commit=False) as session,  # type: ignore[arg-type]
            ExitStack() as failed,
        ):
            failed.callback(self._take_back, session)
            failed.push(self._note_failure)  # runs first: taking back may fail in its own way
            yield session
            session.commit()
            failed.pop_all()

    def _note_failure(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.broke = self.broke or storage_code(error)

    def _take_back(self, session: Session) -> None:
        self._spoilt = True  # unless the next lines succeed, somebody's half is still in it
        if self._people == 1:
            self._connection.rollback()
            self.undone = True
        else:
            session.rollback()
            self._spoilt = False

    @property
    def closed(self) -> bool:
        """Nobody else may come in."""
        return self._people >= MOST or time.monotonic() > self._until or not self._stands

    @property
    def _stands(self) -> bool:
        with suppress(sqlite3.Error):
            # A full disk makes SQLite take everything back on its own.
            return not self._spoilt and bool(getattr(self._driver, "in_transaction", False))
        return False

    def end(self) -> None:
        """Commit, for all who are in it."""
        try:
            if self._stands:
                self._connection.commit()
                self.saved = True
        except DBAPIError as error:
            self.broke = self.broke or storage_code(error)
            raise
        finally:
            try:
                self._put_away()
            finally:
                self.over.set()

    def _put_away(self) -> None:
        with suppress(DBAPIError):
            if not self.saved and not self.undone:
                self._connection.invalidate()  # what is left of the transaction goes with it
            self._connection.close()


class GroupCommit:
    """The people's way to write on SQLite; whoever calls it holds the turn and finds it given away."""

    def __init__(self, engine: Engine, turns: FairWriteLock) -> None:
        self._engine = engine
        self._turns = turns
        self._shared: _Shared | None = None  # touched only by who has the turn

    @contextmanager
    def writing(self, patience: float) -> Iterator[Session]:
        """`patience`: seconds to wait for another process that writes. Raises `Busy` when nothing was saved."""
        if self._shared is None:
            self._shared = self._opened(patience)
        shared = self._shared
        try:
            with shared.working() as session:
                yield session
        finally:
            self._leave(shared)

    def _opened(self, patience: float) -> _Shared:
        with ExitStack() as undone:
            undone.callback(self._turns.give)
            connection = undone.enter_context(self._engine.connect())
            connection.begin()
            begin(connection, patience=patience)
            shared = _Shared(connection)
            undone.pop_all()  # from here on whoever ends it gives both back
        return shared

    def _leave(self, shared: _Shared) -> None:
        """Leave the commit to the next person in line, or make it; and wait until it is made."""
        if shared.closed or not self._turns.hand_to_person():
            self._shared = None
            try:
                shared.end()
            finally:
                self._turns.give()
        shared.over.wait()
        # Also who failed by themselves is told: what they saw, and failed at, may have been the others' lost rows.
        if not (shared.saved or shared.undone):
            raise StorageFailed(STORAGE_WORDS, shared.broke) if shared.broke else Busy(BUSY_WORDS)
