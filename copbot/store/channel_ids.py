"""Slack can give a channel another id: the rows of every table follow, whichever room's it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from sqlalchemy import ColumnElement, Table, UniqueConstraint, and_, exists, select, update
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session
from sqlalchemy.types import String

from copbot.store.mapping import Base

ONE = frozenset({"channel", "staff_channel", "destination"})
SEVERAL = "channels"
"""What columns are called that hold a channel's id, or a list of them."""


def rename(session: Session, old: str, new: str) -> None:
    """Put the new id in the place of the old one. A row that a unique key keeps from having it stays as it is."""
    session.flush()
    for table, name in product(Base.metadata.sorted_tables, sorted(ONE)):
        if name in table.c:
            rows = (table.c[name] == old, *_is_free(table, name, new))
            session.execute(update(table).where(*rows).values({name: new}))
    for table in Base.metadata.sorted_tables:
        if SEVERAL in table.c:
            _rename_in_lists(session, table, old, new)
    session.expire_all()


def _is_free(table: Table, name: str, new: str) -> Iterator[ColumnElement[bool]]:
    other = table.alias()
    for key in (each for each in table.constraints if isinstance(each, UniqueConstraint)):
        columns = [column.name for column in key.columns]
        if name in columns:
            same = (other.c[each] == table.c[each] for each in columns if each != name)
            yield ~exists().where(and_(other.c[name] == new, *same))


def _rename_in_lists(session: Session, table: Table, old: str, new: str) -> None:
    column = table.c[SEVERAL]
    found = select(table.c.id, column).where(as_type(column, String).contains(f'"{old}"', autoescape=True))
    for ident, ids in session.execute(found).all():
        renamed = list(dict.fromkeys(new if each == old else each for each in ids))
        session.execute(update(table).where(table.c.id == ident).values({SEVERAL: renamed}))
