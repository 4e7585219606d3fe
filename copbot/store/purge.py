"""Deletes what its table no longer keeps, in batches so small that nobody who presses a button waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, not_, select

from copbot.store.engine import Store
from copbot.store.mapping import Base
from copbot.store.retention import DeleteAfter, Keeps, Retention

BATCH = 200


def declared(kind: type[Base]) -> tuple[Retention, ...]:
    """What a table itself says of its rows; empty when it says nothing."""
    said = kind.__dict__.get("__retention__", ())
    return said if isinstance(said, tuple) else (said,)


def tables() -> dict[str, type[Base]]:
    """Every mapped table by its name."""
    return {str(mapper.local_table.description): mapper.class_ for mapper in Base.registry.mappers}


def purge(
    store: Store, now: datetime, *, step: Callable[[int], None] = lambda _total: None
) -> dict[str, int]:
    """Delete every row whose time is over; how many by table, without those that lost none.

    `step` is called with the total so far, outside any transaction, and may end the purge by raising: it goes on
    where it stopped the next time.
    """
    found: dict[str, int] = {}
    for name, table, rows in _rules(now):
        while number := _purge_batch(store, table, rows):
            found[name] = found.get(name, 0) + number
            step(sum(found.values()))
    return found


def _rules(now: datetime) -> Iterator[tuple[str, Table, ColumnElement[bool]]]:
    """The longest kept first: what goes as soon as nothing needs it comes after those that need it."""
    found = [(name, kind, rule) for name, kind in tables().items() for rule in declared(kind)]
    timed = [(name, kind.__table__, rule) for name, kind, rule in found if isinstance(rule, DeleteAfter)]
    for name, table, rule in sorted(timed, key=lambda each: (-each[2].age, each[0])):
        yield name, table, and_(rule.rows(now - rule.age), *map(not_, _needed(name, table)))


def _needed(name: str, table: Table) -> Iterator[ColumnElement[bool]]:
    """The rows of a table that rows of others still need."""
    for kind in tables().values():
        said = kind.__dict__.get("__keeps__")
        if isinstance(said, Keeps) and said.table == name:
            yield said.rows(table.c)


def _purge_batch(store: Store, table: Table, rows: ColumnElement[bool]) -> int:
    """The rows are looked for without the lock to write, which a long table would hold for too long."""
    with store.reading() as session:
        over = list(session.scalars(select(table.c.id).where(rows).limit(BATCH)))
    if not over:
        return 0
    with store.writing() as session:
        # Asked again: since it was read, a row may have come back to life.
        gone = session.execute(delete(table).where(table.c.id.in_(over), rows).returning(table.c.id))
        return len(gone.all())
