"""The two session doors and the small foundations, on both databases."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from copbot.errors import Busy, NotFound
from copbot.store import Session, Store, hold, insert_once, sqlite
from copbot.store.engine import BUDGET, MOVE_AFTER
from copbot.store.journal import JournalRow, record
from tests.databases import Postgres
from tests.waiting import at_most

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def note(session: Session, why: str = "", at: datetime = NOON) -> None:
    record(session, at=at, actor="U1", entrance="command:/ta", why=why)


def written(store: Store, why: str = "0") -> Store:
    with store.writing() as session:
        note(session, why)
    return store


def count(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(JournalRow)).all())


def first_why(store: Store) -> str:
    with store.reading() as session:
        return session.scalars(select(JournalRow)).one().why


def seconds(act: Callable[[], object]) -> float:
    start = time.monotonic()
    act()
    return time.monotonic() - start


def refused(store: Store, *, budget: float = BUDGET) -> None:
    with pytest.raises(Busy), store.writing(budget=budget) as session:
        hold(session, JournalRow, 1)


# --- the doors -------------------------------------------------------------------------------


def test_what_is_written_is_read_back(store: Store) -> None:
    written(store, "seen")
    with store.reading() as session:
        row = session.get(JournalRow, 1)
        assert row is not None
        assert (row.at, row.why) == (NOON, "seen")


def test_a_block_that_raises_saves_nothing_and_wakes_nobody(store: Store) -> None:
    woken: list[int] = []
    store.on_commit(lambda: woken.append(1))
    with pytest.raises(ZeroDivisionError), store.writing() as session:
        note(session)
        session.flush()
        raise ZeroDivisionError
    assert count(store) == 0
    assert woken == []


def test_a_commit_wakes_those_who_listen_after_it_stands(store: Store) -> None:
    seen: list[int] = []
    store.on_commit(lambda: seen.append(count(store)))
    written(store)
    assert seen == [1]


def test_reading_can_change_nothing(store: Store) -> None:
    with pytest.raises(DBAPIError), store.reading() as session:
        note(session)
    written(store)
    assert count(store) == 1


def test_reading_sees_one_state_however_many_queries_it_makes(store: Store) -> None:
    written(store)
    with store.reading() as session:
        before = len(session.scalars(select(JournalRow)).all())
        written(store)
        after = len(session.scalars(select(JournalRow)).all())
    assert (before, after) == (1, 1)
    assert count(store) == 2


def test_rows_outlive_their_session(store: Store) -> None:
    with store.writing() as session:
        note(session, "kept")
        row = session.scalars(select(JournalRow)).one()
    assert row.why == "kept"


def test_reading_first_and_writing_later_loses_no_change(store: Store) -> None:
    written(store)

    def add_one() -> None:
        with store.writing(budget=20) as session:
            row = hold(session, JournalRow, 1)
            row.why = str(int(row.why) + 1)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(add_one) for _ in range(80)]:
            done.result()
    assert first_why(store) == "80"


def test_two_stores_on_one_database_wait_for_each_other(store: Store, database_url: str) -> None:
    """As two processes would: neither knows the other's lock."""
    other = Store(database_url)
    written(store)

    def add_one(door: Store) -> None:
        with door.writing(budget=20) as session:
            row = hold(session, JournalRow, 1)
            row.why = str(int(row.why) + 1)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(add_one, door) for door in [store, other] * 20]:
            done.result()
    assert first_why(store) == "40"
    other.close()


def in_the_file_alone(store: Store, tmp_path: Path) -> int:
    """How many rows the database file holds without the log beside it."""
    path = sqlite.sqlite_path(store.url)
    assert path is not None
    copy = tmp_path / "alone.db"
    copy.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])


def test_the_log_is_moved_by_those_nobody_waits_for(sqlite_store: Store, tmp_path: Path) -> None:
    for _ in range(MOVE_AFTER + 1):
        with sqlite_store.writing(interactive=True) as session:
            note(session)
    assert in_the_file_alone(sqlite_store, tmp_path) == 0
    written(sqlite_store)
    assert in_the_file_alone(sqlite_store, tmp_path) == MOVE_AFTER + 2


# --- no answer in time -------------------------------------------------------------------------


def test_a_row_somebody_holds_is_busy_within_two_seconds_inv1(store: Store) -> None:
    written(store)
    with store.writing(budget=20) as session:
        hold(session, JournalRow, 1)
        with ThreadPoolExecutor(1) as pool:
            took = pool.submit(seconds, lambda: refused(store)).result()
    assert took < at_most(BUDGET + 0.3)
    written(store)  # and then it goes on


def test_waiting_for_threads_and_processes_together_stays_in_the_budget(sqlite_store: Store) -> None:
    """Half of the budget goes on a thread that itself waits, the other half on the process both wait for."""
    path = sqlite.sqlite_path(sqlite_store.url)
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as foreign, ThreadPoolExecutor(2) as pool:
        foreign.execute("BEGIN IMMEDIATE")
        first = pool.submit(seconds, lambda: refused(sqlite_store, budget=BUDGET / 2))
        while not sqlite_store._turns.taken:
            assert not first.done()
        second = pool.submit(seconds, lambda: refused(sqlite_store))
        assert first.result() < at_most(BUDGET / 2 + 0.3)
        assert second.result() < at_most(BUDGET + 0.3)
        foreign.execute("ROLLBACK")
    written(sqlite_store)


def test_a_first_connection_under_a_lock_is_busy_too(sqlite_url: str) -> None:
    path = sqlite.sqlite_path(sqlite_url)
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as foreign:
        foreign.execute("PRAGMA journal_mode=DELETE")
        foreign.execute("BEGIN EXCLUSIVE")
        store = Store(sqlite_url)
        with pytest.raises(Busy), store.reading() as session:
            session.get(JournalRow, 1)
        foreign.execute("ROLLBACK")
    written(store)
    store.close()


def test_a_shorter_budget_is_kept(store: Store) -> None:
    written(store)
    with store.writing(budget=20) as session:
        hold(session, JournalRow, 1)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(seconds, lambda: refused(store, budget=0.2)).result() < at_most(0.5)


def test_a_slow_statement_is_cut_off(postgres_store: Store) -> None:
    with pytest.raises(Busy), postgres_store.writing(budget=0.2) as session:
        session.execute(text("SELECT pg_sleep(5)"))


def test_a_database_that_goes_is_busy_and_works_again_when_it_is_back_inv1(
    postgres_store: Store, postgres: Postgres
) -> None:
    name = postgres_store.engine.url.database
    written(postgres_store)
    postgres.say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgres.say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    with pytest.raises(Busy), postgres_store.writing() as session:
        note(session)
    with pytest.raises(Busy), postgres_store.reading() as session:
        session.get(JournalRow, 1)
    postgres.say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    written(postgres_store)
    assert count(postgres_store) == 2


def test_a_server_that_restarted_between_two_clicks_is_not_noticed(
    postgres_store: Store, postgres: Postgres
) -> None:
    written(postgres_store)
    name = postgres_store.engine.url.database
    postgres.say(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")
    written(postgres_store)
    assert count(postgres_store) == 2


def test_a_connection_lost_in_the_middle_saves_nothing(postgres_store: Store, postgres: Postgres) -> None:
    with pytest.raises(Busy), postgres_store.writing() as session:
        note(session)
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        postgres.say(f"SELECT pg_terminate_backend({pid}, 5000)")
        note(session)
    assert count(postgres_store) == 0


def test_every_connection_in_use_is_busy(store: Store) -> None:
    held = [store.engine.connect() for _ in range(40)]
    with pytest.raises(Busy), store.reading() as session:
        session.get(JournalRow, 1)
    for connection in held:
        connection.close()


def test_a_fault_of_ours_is_not_called_busy(store: Store) -> None:
    with pytest.raises(DBAPIError), store.writing() as session:
        session.execute(text("SELECT * FROM nowhere"))
    with pytest.raises(IntegrityError), store.writing() as session:
        session.execute(text("INSERT INTO journal (id, at) VALUES (1, NULL)"))


# --- what a power cut, a thief or a log may find ---------------------------------------------------


def test_saved_means_after_a_power_cut_inv1(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        found = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
    }


def test_erased_text_is_no_longer_in_the_file(sqlite_store: Store) -> None:
    written(sqlite_store, "words that must go")
    with sqlite_store.writing() as session:
        session.delete(hold(session, JournalRow, 1))
    sqlite_store.close()
    path = sqlite.sqlite_path(sqlite_store.url)
    assert path is not None
    left = b"".join(file.read_bytes() for file in path.parent.glob("copbot.db*"))
    assert b"words that must go" not in left


def test_a_failed_statement_does_not_carry_what_was_typed_inv8(store: Store) -> None:
    with pytest.raises(DBAPIError) as failed, store.writing() as session:
        session.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": "my private trouble"})
    assert "private trouble" not in f"{failed.value} {failed.value!r}"


def test_a_new_file_and_its_folder_are_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "fresh/copbot.db"
    store = Store(f"sqlite:///{path}")
    assert not path.parent.exists(), "nothing is made before it is used"
    with store.writing() as session:
        session.execute(text("CREATE TABLE t (id INTEGER)"))
        made = [path.parent, *path.parent.iterdir()]
        assert len(made) >= 3  # the log of what is being written stands beside the file
        assert [file for file in made if file.stat().st_mode & 0o077] == []
    store.close()


# --- the small foundations -------------------------------------------------------------------------


def test_a_row_that_is_not_there_cannot_be_held(store: Store) -> None:
    with pytest.raises(NotFound), store.writing() as session:
        hold(session, JournalRow, 7)


def entry(ident: int) -> dict[str, object]:
    return {"id": ident, "at": NOON, "actor": "U1", "entrance": "x"}


def test_a_key_is_inserted_once(store: Store) -> None:
    with store.writing() as session:
        assert insert_once(session, JournalRow, **entry(5)) == 5
        assert insert_once(session, JournalRow, **entry(5)) is None
    with store.writing() as session:
        assert insert_once(session, JournalRow, **entry(5)) is None


def test_of_many_at_once_exactly_one_inserts_the_key_inv3(store: Store) -> None:
    start = threading.Barrier(8)

    def insert(_: int) -> int | None:
        start.wait()
        with store.writing(budget=20) as session:
            return insert_once(session, JournalRow, **entry(5))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(insert, range(8)))
    assert sorted(found, key=str) == [5] + [None] * 7


def test_a_key_whose_transaction_was_rolled_back_is_free_again(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing() as session:
        insert_once(session, JournalRow, **entry(5))
        raise ZeroDivisionError
    with store.writing() as session:
        assert insert_once(session, JournalRow, **entry(5)) == 5


def test_moments_are_kept_in_utc_whatever_zone_they_came_in_inv9(store: Store) -> None:
    plus_five = timezone(timedelta(hours=5))
    with store.writing() as session:
        note(session, "later", NOON + timedelta(microseconds=1))
        note(session, "same", NOON.astimezone(plus_five))
        note(session, "earlier", NOON - timedelta(hours=1))
    with store.reading() as session:
        rows = session.scalars(select(JournalRow).order_by(JournalRow.at)).all()
        assert [row.why for row in rows] == ["earlier", "same", "later"]
        assert rows[1].at == NOON
        assert rows[1].at.tzinfo == UTC
        assert (
            session.scalars(select(JournalRow).where(JournalRow.at < NOON.astimezone(plus_five))).one()
            == rows[0]
        )


def test_a_moment_without_a_zone_is_refused_inv9(store: Store) -> None:
    with pytest.raises(StatementError, match="time zone"), store.writing() as session:
        note(session, at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize("start", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_each_way_to_write_postgresql_means_psycopg(start: str) -> None:
    opened = Store(f"{start}u:p@h/d")
    assert opened.engine.driver == "psycopg"
    assert not opened.is_sqlite
    assert sqlite.sqlite_path(opened.url) is None


def test_a_store_that_is_closed_leaves_no_connection_open_also_where_somebody_still_works(
    tmp_path: Path,
) -> None:
    """Python 3.13 warns of them; on any release they hold the file open."""
    store = Store(f"sqlite:///{tmp_path / 'closed.db'}")
    drivers: list[sqlite3.Connection] = []
    event.listen(store.engine, "connect", lambda driver, _record: drivers.append(driver))
    with store.reading() as session:
        session.execute(text("SELECT 1"))
        store.close()
    assert len(drivers) == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        drivers[0].execute("SELECT 1")
