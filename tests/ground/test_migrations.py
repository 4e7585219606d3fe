"""Databases come up, go down and come up again; and stand as the tables in the code say."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, create_engine, inspect, text

from copbot.errors import Misconfigured
from copbot.store import Base, Store, migrate
from copbot.store.backups import backups_of
from copbot.store.engine import full_url
from copbot.store.journal import record
from copbot.store.sqlite import sqlite_path
from migrations.__main__ import every_table
from tests.databases import ROOT, Postgres

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(migrate.config_for()).walk_revisions()))
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/copbot.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


def drawn(url: str) -> dict[str, tuple[Any, ...]]:
    """Every table, column, key and index of a database, as it says itself."""
    engine = create_engine(full_url(url))
    look = inspect(engine)
    columns, keys = look.get_multi_columns(), look.get_multi_pk_constraint()
    links, indexes = look.get_multi_foreign_keys(), look.get_multi_indexes()
    uniques = look.get_multi_unique_constraints()
    engine.dispose()
    return {
        str(table[1]): (
            [(column["name"], str(column["type"]), column["nullable"]) for column in found],
            keys[table],
            sorted(links[table], key=str),
            sorted(indexes[table], key=str),
            sorted(uniques[table], key=str),
        )
        for table, found in columns.items()
        if table[1] != "alembic_version"
    }


def written(url: str) -> dict[str, Any]:
    """The same, as a SQLite file has it in words, in whatever order its constraints stand."""
    path = sqlite_path(url)
    if path is None:
        return drawn(url)
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    plain = {name: re.sub(r"\s+", " ", sql.replace('"', "")).replace("('')", "''") for name, sql in rows}
    return {
        name: sorted(part.rstrip(" )") for part in re.split(r", (?![^(]*\))", words))
        for name, words in plain.items()
    }


def defaults_differ(
    context: Any, _found: Any, column: Column[Any], found: str | None, _wanted: Any, wanted: str | None
) -> bool | None:
    """None leaves it to Alembic, which stumbles over JSON on PostgreSQL and over '' on SQLite."""
    if context.dialect.name == "sqlite":
        return (found or "").strip("'()") != (wanted or "").strip("'()") or (found is None) != (
            wanted is None
        )
    return False if isinstance(column.type, JSON) else None


def of_search(table: str | None) -> bool:
    """The full-text index differs by database and is no mapped class: its room's tests hold its shape."""
    return (table or "").startswith("resource_search")


# --- the revisions ---------------------------------------------------------------------------------


def test_up_down_and_up_again_ends_where_it_began(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    first = drawn(empty_url)
    assert migrate.is_current(empty_url)
    migrate.downgrade(empty_url, "base")
    assert drawn(empty_url) == {}
    assert migrate.current(empty_url) is None
    migrate.upgrade(empty_url)
    assert drawn(empty_url) == first


def test_each_revision_can_be_undone_alone(empty_url: str) -> None:
    for revision, before in zip(REVISIONS, [None, *REVISIONS], strict=False):
        migrate.upgrade(empty_url, revision)
        after = written(empty_url)
        migrate.downgrade(empty_url, before or "base")
        migrate.upgrade(empty_url, revision)
        assert written(empty_url) == after


def test_the_migrated_database_is_the_one_the_code_describes(empty_url: str) -> None:
    every_table()
    migrate.upgrade(empty_url)
    engine = create_engine(full_url(empty_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": defaults_differ,
                "include_name": lambda name, kind, _parents: kind != "table" or not of_search(name),
            },
        )
        drift = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert drift == []


def test_no_table_is_forgotten(sqlite_url: str) -> None:
    """Every file that maps a table is found by the drift test, and every table stands in the database."""
    every_table()
    mapped = {
        str(mapper.class_.__module__): mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
    }
    files = ROOT.glob("copbot/**/*.py")
    declaring = {path for path in files if "__tablename__" in path.read_text()}
    assert declaring == {ROOT / (module.replace(".", "/") + ".py") for module in mapped}
    standing = {table for table in drawn(sqlite_url) if not of_search(table)}
    assert standing == set(Base.metadata.tables)


def test_every_constraint_and_index_has_a_name(empty_url: str) -> None:
    """Without one, a later migration could not drop it on both databases."""
    migrate.upgrade(empty_url)
    for parts in drawn(empty_url).values():
        assert all(item["name"] for items in parts[2:] for item in items), parts


@pytest.mark.parametrize("path", sorted(ROOT.glob("migrations/versions/*.py")), ids=lambda path: path.name)
def test_a_revision_is_dated_and_stands_on_its_own(path: Path) -> None:
    source = path.read_text()
    assert path.name.startswith(source.split('revision = "')[1].split('"')[0])
    assert path.name[:8].isdecimal()
    assert "copbot" not in source, "a revision must mean the same when the code has moved on"


def test_revisions_form_one_line() -> None:
    heads = ScriptDirectory.from_config(migrate.config_for()).get_heads()
    assert heads == [migrate.head()]
    assert sorted(REVISIONS) == REVISIONS


# --- running them -------------------------------------------------------------------------------------


def test_two_at_once_migrate_once(empty_url: str) -> None:
    start = threading.Barrier(3)

    def up(_: int) -> None:
        start.wait()
        migrate.upgrade(empty_url)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(up, range(3)))
    assert migrate.is_current(empty_url)


def test_a_file_that_somebody_is_just_making_is_waited_for(tmp_path: Path) -> None:
    """SQLite refuses a change of the log's mode at once while another writes, whatever the timeout."""
    url = f"sqlite:///{tmp_path}/copbot.db"
    with closing(sqlite3.connect(tmp_path / "copbot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            up = pool.submit(migrate.upgrade, url)
            with pytest.raises(TimeoutError):
                up.result(0.5)
            other.execute("ROLLBACK")
            up.result(60)
    assert migrate.is_current(url)


def test_a_migration_that_fails_changes_nothing(empty_url: str) -> None:
    store = Store(empty_url)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE errands (id INTEGER)"))  # in the last one's way
    store.close()
    with pytest.raises(Exception, match="errands"):
        migrate.upgrade(empty_url)
    assert set(drawn(empty_url)) == {"errands"}
    assert migrate.current(empty_url) is None


@pytest.mark.both_databases
def test_a_database_of_a_newer_copbot_is_refused(database_url: str) -> None:
    store = Store(database_url)
    with store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '29991231_01'"))
    store.close()
    with pytest.raises(Misconfigured) as refused:
        migrate.upgrade(database_url)
    assert "newer copbot" in refused.value.words


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(Misconfigured) as refused:
        migrate.upgrade("postgresql://kim:hunter2@127.0.0.1:9/copbot")
    assert "127.0.0.1:9/copbot" in refused.value.words
    assert "hunter2" not in refused.value.words


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "copbot.db").write_text("my shopping list, which is longer than a header of SQLite's" * 9)
    with pytest.raises(Misconfigured) as refused:
        migrate.prepare(f"sqlite:///{tmp_path}/copbot.db", now=NOON)
    assert "not a whole SQLite database" in refused.value.words


def test_rows_left_without_the_row_they_point_to_stop_a_migration(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/copbot.db"
    migrate.upgrade(url)
    with closing(sqlite3.connect(tmp_path / "copbot.db")) as connection, connection:
        connection.execute("INSERT INTO staff (person_id, since) VALUES (77, '2026-01-01')")
    migrate.downgrade(url, REVISIONS[-2])
    with pytest.raises(Misconfigured) as refused:
        migrate.upgrade(url)
    assert "staff" in refused.value.words
    assert migrate.current(url) == REVISIONS[-2]


def test_asking_where_a_database_stands_does_not_make_one(tmp_path: Path) -> None:
    assert migrate.current(f"sqlite:///{tmp_path}/none.db") is None
    assert list(tmp_path.iterdir()) == []


# --- before `run` ---------------------------------------------------------------------------------------


def old_database(path: Path) -> str:
    """A file of an earlier release with something in it."""
    url = f"sqlite:///{path}"
    migrate.upgrade(url, REVISIONS[0])
    store = Store(url)
    with store.writing() as session:
        record(session, at=NOON, actor="U1", entrance="command:/ta", why="kept")
    store.close()
    return url


def journal_of(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.execute("SELECT why FROM journal"))


def test_a_new_file_is_made_without_a_copy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/copbot.db"
    assert migrate.prepare(url, now=NOON) is None
    assert migrate.is_current(url)


def test_a_file_that_is_behind_is_copied_and_then_migrated(tmp_path: Path) -> None:
    url = old_database(tmp_path / "copbot.db")
    copy = migrate.prepare(url, now=NOON)
    assert copy == tmp_path / "copbot.db.20260302-120000.backup"
    assert journal_of(copy) == journal_of(tmp_path / "copbot.db") == [("kept",)]
    assert migrate.current(f"sqlite:///{copy}") == REVISIONS[0]
    assert migrate.is_current(url)


def test_a_file_that_is_current_is_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    assert migrate.prepare(sqlite_url, now=NOON) is None
    assert backups_of(tmp_path / "copbot.db") == []


def test_the_last_three_copies_are_kept(tmp_path: Path) -> None:
    url = old_database(tmp_path / "copbot.db")
    for day in range(5):
        migrate.prepare(url, now=NOON + timedelta(days=day))
        migrate.downgrade(url, REVISIONS[0])
    kept = [copy.name[10:18] for copy in backups_of(tmp_path / "copbot.db")]
    assert kept == ["20260304", "20260305", "20260306"]


def test_a_postgresql_that_is_behind_is_refused_with_the_command(postgres: Postgres) -> None:
    with postgres.database() as url:
        with pytest.raises(Misconfigured) as refused:
            migrate.prepare(url, now=NOON)
        assert "bot.py migrate" in refused.value.words
        assert drawn(url) == {}
        migrate.upgrade(url)
        assert migrate.prepare(url, now=NOON) is None
