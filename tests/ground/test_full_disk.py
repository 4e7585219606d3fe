"""A disk that is full or fails: nobody is told that something was saved, and everybody is told why it was not."""

from __future__ import annotations

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError

from copbot.errors import Busy, StorageFailed
from copbot.slack.answers import Say, Wrong
from copbot.slack.tables import Claim
from copbot.store import Session, Store
from copbot.store.failures import STORAGE_WORDS, is_busy, storage_code
from copbot.store.journal import JournalRow, record
from tests.slack.framed import House

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def write(session: Session, *, large: bool = False) -> None:
    for _ in range(400 if large else 1):
        record(session, at=NOON, actor="U" * 60, entrance="e" * 120, why="w" * 120)


def rows(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(JournalRow)).all())


@contextmanager
def full(store: Store) -> Iterator[None]:
    """The file may have no more pages than it has now, on every connection."""
    limit = [True]

    def set_limit(connection: object, *_about: object) -> None:
        pages = 1 if limit[0] else 2**30  # SQLite never sets it lower than what is there
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    event.listen(store.engine, "begin", set_limit)
    try:
        yield
    finally:
        limit[0] = False  # the next transaction on each connection has room again


@contextmanager
def growing_stopped(store: Store) -> Iterator[None]:
    """No file of this process grows any more, so that a commit fails in the middle of its write."""
    log = Path(f"{store.engine.url.database}-wal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("first", [True, False])
def test_a_full_disk_is_no_slow_database_and_is_over_when_there_is_room_inv1(
    sqlite_store: Store, first: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with full(sqlite_store):
        with pytest.raises(StorageFailed) as told, sqlite_store.writing(interactive=first) as session:
            write(session, large=True)
        assert (told.value.code, told.value.words) == ("SQLITE_FULL", STORAGE_WORDS)
        assert sqlite_store.answers()
        assert sqlite_store.measures()["storage_trouble"] == 1.0
    logged = capsys.readouterr().out
    assert "storage_failed" in logged
    assert "SQLITE_FULL" in logged
    with sqlite_store.writing(interactive=first) as session:
        write(session)
    assert (sqlite_store.trouble, rows(sqlite_store)) == ("", 1)


@pytest.mark.parametrize("first", [True, False])
def test_a_disk_that_fails_during_the_commit_is_named_and_nothing_stands_inv1(
    sqlite_store: Store, first: bool
) -> None:
    with sqlite_store.writing() as session:
        write(session)
    with growing_stopped(sqlite_store):
        with pytest.raises(StorageFailed) as told, sqlite_store.writing(interactive=first) as session:
            write(session)
        assert told.value.code.startswith(("SQLITE_IOERR", "SQLITE_FULL"))
        assert not sqlite_store.saves()
    assert sqlite_store.saves()
    assert rows(sqlite_store) == 1
    with sqlite_store.writing(interactive=first) as session:
        write(session)
    assert rows(sqlite_store) == 2


def test_whoever_shares_a_commit_that_fails_hears_the_same_inv1(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        write(session)
    inside, told = threading.Event(), []

    def save(wait: bool) -> None:
        try:
            with sqlite_store.writing(interactive=True) as session:
                write(session)
                if wait:
                    inside.set()
                    while sqlite_store._turns.waiting < 3:
                        pass
        except Busy as error:
            told.append(type(error))

    threads = [threading.Thread(target=save, args=(number == 0,)) for number in range(4)]
    with growing_stopped(sqlite_store):
        threads[0].start()
        assert inside.wait(10)
        for thread in threads[1:]:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert told == [StorageFailed] * 4
    assert rows(sqlite_store) == 1


def test_readiness_tries_a_write_after_a_failure_and_none_before(sqlite_store: Store) -> None:
    assert sqlite_store.saves()
    with full(sqlite_store), pytest.raises(StorageFailed), sqlite_store.writing() as session:
        write(session, large=True)
    assert sqlite_store.trouble
    assert sqlite_store.saves()
    assert not sqlite_store.trouble


def test_a_small_write_does_not_end_the_trouble_while_the_disk_has_no_room(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full(sqlite_store), pytest.raises(StorageFailed), sqlite_store.writing() as session:
        write(session, large=True)
    with monkeypatch.context() as crowded:
        crowded.setattr("copbot.store.failures.ROOM", 2**62)
        with sqlite_store.writing() as session:
            write(session)
        assert not sqlite_store.saves()
        assert sqlite_store.trouble == "SQLITE_FULL"
    assert sqlite_store.saves()
    assert not sqlite_store.trouble


def test_a_small_write_does_not_end_the_trouble_of_postgresql_and_a_large_one_does(
    postgres_store: Store,
) -> None:
    """Its last pages take small writes while a form that makes a table grow is refused."""
    postgres_store.trouble = "53100"
    with postgres_store.writing() as session:
        write(session)
    assert postgres_store.measures()["storage_trouble"] == 1.0
    assert postgres_store.saves()
    assert (postgres_store.trouble, postgres_store.measures()["storage_trouble"]) == ("", 0.0)


def test_readiness_tells_of_a_disk_without_room_and_of_a_file_that_is_gone_before_anybody_is_refused(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crowded:
        crowded.setattr("copbot.store.failures.ROOM", 2**62)
        assert not sqlite_store.saves()
        assert sqlite_store.measures()["storage_trouble"] == 1.0
    assert sqlite_store.saves()
    Path(str(sqlite_store.engine.url.database)).unlink()
    assert not sqlite_store.saves()


@pytest.mark.parametrize("first", [True, False])
def test_a_file_that_may_not_be_written_is_a_fault_of_the_storage_inv1(
    sqlite_store: Store, first: bool
) -> None:
    @event.listens_for(sqlite_store.engine, "begin")
    def forbid(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only=1")
        connection.info["query_only"] = 0  # what the store knows of this connection

    with pytest.raises(StorageFailed) as told, sqlite_store.writing(interactive=first) as session:
        write(session)
    assert (told.value.code, told.value.words) == ("SQLITE_READONLY", STORAGE_WORDS)
    assert sqlite_store.trouble == "SQLITE_READONLY"


def test_a_listener_that_writes_where_it_may_only_read_is_no_fault_of_the_storage(
    sqlite_store: Store,
) -> None:
    with pytest.raises(OperationalError), sqlite_store.reading() as session:
        write(session)
    assert not sqlite_store.trouble


def test_people_read_that_it_could_not_be_saved_and_that_their_text_is_kept_inv1(
    sqlite_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House(sqlite_store)

    inputs = {"blocks": [{"type": "input", "block_id": "need"}]}
    for kind, kept in (("view", "Your text is kept here."), ("action", "Nothing was changed.")):
        house.answers = [OperationalError("INSERT", {}, psycopg.errors.DiskFull())]
        answer = house.takes(kind, view=inputs if kind == "view" else {})
        assert isinstance(answer, Wrong if kind == "view" else Say)
        words = answer.fields["need"] if isinstance(answer, Wrong) else str(answer)
        assert "could not be saved" in words
        assert kept in words
        assert "608-555-0100" in words
    assert (house.made, house.rows(Claim)) == (0, [])
    logged = capsys.readouterr().out
    assert logged.count("not_saved") == 2
    assert "53100" in logged


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.errors.DiskFull(), "53100"),
        (psycopg.errors.IoError(), "58030"),
        (psycopg.errors.DataCorrupted(), "XX001"),
        (psycopg.errors.LockNotAvailable(), ""),
        (psycopg.errors.QueryCanceled(), ""),
        (psycopg.OperationalError(), ""),
    ],
)
def test_what_postgresql_says_of_its_disk(error: Exception, code: str) -> None:
    wrapped = OperationalError("INSERT", {}, error)
    assert storage_code(wrapped) == code
    assert is_busy(wrapped)
