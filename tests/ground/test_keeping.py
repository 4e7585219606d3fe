"""Whose database it is, who may run on it, and how it is copied and put back."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from copbot.errors import Misconfigured
from copbot.store import Store, deployment
from copbot.store.backups import backup_sqlite, backups_of, restore_sqlite
from copbot.store.journal import JournalRow, record
from copbot.store.one_run import only_run
from tests.databases import ROOT, Postgres
from tests.ground.test_full_disk import growing_stopped

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


# --- whose it is ------------------------------------------------------------------------------------


def claim(store: Store, team: str = "T1", place: str = "slack") -> None:
    with store.writing() as session:
        deployment.claim_database(session, team=team, place=place, now=NOON)


def test_a_database_takes_the_first_workspace_and_keeps_it(store: Store) -> None:
    claim(store)
    claim(store)
    with store.reading() as session:
        row = session.get(deployment.Deployment, 1)
        assert row is not None
        assert (row.team, row.place, row.claimed_at) == ("T1", "slack", NOON)


@pytest.mark.parametrize(("team", "place"), [("T2", "slack"), ("T1", "sandbox")])
def test_a_database_refuses_another_workspace(store: Store, team: str, place: str) -> None:
    claim(store)
    with pytest.raises(Misconfigured) as refused:
        claim(store, team, place)
    assert "belongs to workspace T1 (slack)" in refused.value.words
    assert f"{team} ({place})" in refused.value.words
    claim(store)


def test_two_processes_starting_at_once_agree_on_the_key(store: Store, database_url: str) -> None:
    keys: list[bytes] = []

    def ask() -> None:
        door = Store(database_url)
        with door.writing(budget=20) as session:
            keys.append(deployment.secret(session))
        door.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 4
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32


def test_two_databases_have_two_keys(sqlite_store: Store, postgres_store: Store) -> None:
    keys = set()
    for store in (sqlite_store, postgres_store):
        with store.writing() as session:
            keys.add(deployment.secret(session))
    assert len(keys) == 2


def test_a_database_remembers_that_it_was_put_back_until_told_otherwise(store: Store) -> None:
    with store.reading() as session:
        assert deployment.restored_at(session) is None
    with store.writing() as session:
        deployment.mark_restored(session, NOON)
    with store.reading() as session:
        assert deployment.restored_at(session) == NOON
    with store.writing() as session:
        deployment.clear_restored(session)
    with store.reading() as session:
        assert deployment.restored_at(session) is None


# --- one run -------------------------------------------------------------------------------------------

HOLD = """
import sys
from copbot.store.one_run import only_run
with only_run(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the file until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.communicate()


def test_a_second_run_on_one_file_is_refused_naming_the_first(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/copbot.db"
    with held_elsewhere(url) as other:
        with pytest.raises(Misconfigured) as refused, only_run(url):
            pass
        assert f"process {other.pid}" in refused.value.words
        assert "PostgreSQL" in refused.value.words
    with only_run(url):
        pass


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (f"{tmp_path}/file/copbot.db", "/proc/copbot.db"):
        with pytest.raises(Misconfigured) as refused, only_run(f"sqlite:///{place}"):
            pass
        assert str(Path(place).parent) in refused.value.words
        assert "DATABASE_URL" in refused.value.words


def test_a_file_that_may_not_be_written_is_named_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "copbot.db"
    place.touch(mode=0o400)
    may = os.access  # the tests may run as root, who may write to every file
    monkeypatch.setattr(os, "access", lambda path, mode: path != place and may(path, mode))
    with pytest.raises(Misconfigured) as refused, only_run(f"sqlite:///{place}"):
        pass
    assert f"{place} cannot be written" in refused.value.words


def test_a_run_that_was_killed_leaves_the_file_free(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/copbot.db"
    with held_elsewhere(url) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    with only_run(url):
        assert (tmp_path / "copbot.db.lock").read_text() == f"{os.getpid()}\n"


def test_a_run_that_fails_lets_go(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/copbot.db"
    with pytest.raises(ZeroDivisionError), only_run(url):
        raise ZeroDivisionError
    with only_run(url):
        pass


def test_two_files_run_side_by_side(tmp_path: Path) -> None:
    with only_run(f"sqlite:///{tmp_path}/a.db"), only_run(f"sqlite:///{tmp_path}/b.db"):
        pass


def test_postgresql_takes_any_number_of_runs_inv11(postgres: Postgres) -> None:
    with only_run(postgres.url("x")), only_run(postgres.url("x")):
        pass


def test_a_command_may_write_beside_a_running_bot(sqlite_url: str) -> None:
    with held_elsewhere(sqlite_url):
        store = Store(sqlite_url)
        claim(store)
        store.close()


# --- copies ----------------------------------------------------------------------------------------------


@pytest.fixture
def path(sqlite_store: Store) -> Path:
    return Path(str(sqlite_store.engine.url.database))


def write(store: Store, why: str) -> None:
    with store.writing() as session:
        record(session, at=NOON, actor="U1", entrance="command:/ta", why=why)


def written_in(path: Path) -> list[str]:
    store = Store(f"sqlite:///{path}")
    with store.reading() as session:
        found = list(session.scalars(select(JournalRow.why).order_by(JournalRow.id)))
    store.close()
    return found


def test_a_copy_holds_what_was_saved_while_the_bot_runs(sqlite_store: Store, path: Path) -> None:
    write(sqlite_store, "saved")
    with sqlite_store.writing() as session:
        record(session, at=NOON, actor="U1", entrance="command:/ta", why="not yet")
        session.flush()
        copy = backup_sqlite(path, now=NOON)
    assert written_in(copy) == ["saved"]
    assert written_in(path) == ["saved", "not yet"]


def test_a_copy_taken_under_writing_is_whole(sqlite_store: Store, path: Path) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            write(sqlite_store, "more")

    writer = threading.Thread(target=keep_writing)
    writer.start()
    copies = [backup_sqlite(path, now=NOON + timedelta(seconds=n)) for n in range(3)]
    stop.set()
    writer.join()
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_copy_that_finds_no_room_is_said_plainly_and_leaves_nothing(
    sqlite_store: Store, path: Path
) -> None:
    write(sqlite_store, "saved")
    before = sorted(path.parent.iterdir())
    with growing_stopped(sqlite_store), pytest.raises(Misconfigured) as refused:
        backup_sqlite(path, now=NOON)
    assert "could not be copied" in refused.value.words
    assert sorted(path.parent.iterdir()) == before


def test_a_copy_is_one_file_that_only_we_can_read(path: Path) -> None:
    copy = backup_sqlite(path, now=NOON)
    assert copy.stat().st_mode & 0o077 == 0
    assert [beside.name for beside in path.parent.glob("*.backup*")] == [copy.name]


def test_only_so_many_copies_are_kept_and_others_files_never_touched(path: Path) -> None:
    mine = path.with_name("copbot.db.before-the-move.backup")
    mine.write_text("mine")
    for day in range(4):
        backup_sqlite(path, now=NOON + timedelta(days=day), keep=2)
    assert [copy.name[10:18] for copy in backups_of(path)] == ["20260304", "20260305"]
    assert mine.exists()


def test_no_copy_is_made_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        backup_sqlite(tmp_path / "none.db", now=NOON)
    assert list(tmp_path.iterdir()) == []


def test_what_is_put_back_is_the_copy_and_says_so(sqlite_store: Store, path: Path) -> None:
    write(sqlite_store, "before")
    copy = backup_sqlite(path, now=NOON)
    write(sqlite_store, "after")
    sqlite_store.close()
    restore_sqlite(copy, path, now=NOON + timedelta(hours=1))
    assert written_in(path) == ["before"]
    store = Store(f"sqlite:///{path}")
    with store.reading() as session:
        assert deployment.restored_at(session) == NOON + timedelta(hours=1)
    store.close()
    assert sorted(file.name for file in path.parent.glob("*.coming*")) == []


def test_what_the_old_file_left_beside_itself_is_not_read_into_the_new(
    sqlite_store: Store, path: Path
) -> None:
    """After a kill the last commits are in the `-wal` file; they belong to the database that goes."""
    copy = backup_sqlite(path, now=NOON)
    write(sqlite_store, "only in the log")
    wal = path.with_name(path.name + "-wal")
    kept = wal.read_bytes()
    sqlite_store.close()
    wal.write_bytes(kept)
    restore_sqlite(copy, path, now=NOON)
    assert written_in(path) == []


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_what_is_no_copy_is_refused_and_changes_nothing(
    sqlite_store: Store, path: Path, content: bytes
) -> None:
    write(sqlite_store, "kept")
    wrong = path.with_name("wrong.backup")
    wrong.write_bytes(content)
    with pytest.raises(Misconfigured) as refused:
        restore_sqlite(wrong, path, now=NOON)
    assert "nothing was changed" in refused.value.words
    assert written_in(path) == ["kept"]


def test_a_database_of_another_program_is_refused(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE songs (id INTEGER)")
    with pytest.raises(Misconfigured):
        restore_sqlite(other, path, now=NOON)


def test_a_missing_copy_is_named(path: Path, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        restore_sqlite(tmp_path / "none.backup", path, now=NOON)
    assert "none.backup" in refused.value.words
