"""Queries over all agencies, and over whatever points to one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import func, select, update

from copbot.people.tables import AgencyRow, PersonRow
from copbot.store import Base, Session


def agencies_after(session: Session, after: int, most: int) -> list[AgencyRow]:
    query = select(AgencyRow).where(AgencyRow.id > after, AgencyRow.merged_into.is_(None))
    return list(session.scalars(query.order_by(AgencyRow.id).limit(most)))


def newest_agency_keys(session: Session, most: int) -> list[tuple[int, str]]:
    query = select(AgencyRow.id, AgencyRow.name_key).where(AgencyRow.merged_into.is_(None))
    return list(session.execute(query.order_by(AgencyRow.id.desc()).limit(most)))


def people_in(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many people name each of these agencies as theirs."""
    query = select(PersonRow.agency_id, func.count()).where(PersonRow.agency_id.in_(ids))
    found = session.execute(query.group_by(PersonRow.agency_id))
    return {ident: number for ident, number in found if ident is not None}


def also_called(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """The names that lead to each of these agencies besides its own."""
    query = select(AgencyRow.merged_into, AgencyRow.name).where(AgencyRow.merged_into.in_(ids))
    found: dict[int, list[str]] = {}
    for ident, name in session.execute(query.order_by(AgencyRow.name_key)):
        if ident is not None:
            found.setdefault(ident, []).append(name)
    return found


def separate_agencies(session: Session, ids: Collection[int]) -> dict[int, AgencyRow]:
    """Those of the agencies that stand for themselves, not merged into another one."""
    query = select(AgencyRow).where(AgencyRow.id.in_(ids), AgencyRow.merged_into.is_(None))
    return {row.id: row for row in session.scalars(query)}


def move_strays(session: Session) -> int:
    """Whatever points to a merged agency points to the one it was merged into; how many rows."""
    merged = AgencyRow.__table__.alias("merged")
    gone = select(merged.c.id).where(merged.c.merged_into.is_not(None))
    into = select(merged.c.merged_into)
    return _move(session, lambda at: (at.in_(gone), into.where(merged.c.id == at).scalar_subquery()))


def move_references(session: Session, goes: int, stays: int) -> int:
    """Whatever points to the one agency points to the other; how many rows."""
    return _move(session, lambda at: (at == goes, stays))


def _move(session: Session, how: Callable[[Any], tuple[Any, Any]]) -> int:
    """In the tables of every room, one statement a column; `how` says of a column which rows, and where to."""
    own, moved = AgencyRow.__table__.c.id, 0
    keys = [key for table in Base.metadata.tables.values() for key in table.foreign_keys if key.column is own]
    for column in (key.parent for key in keys):
        which, to = how(column)
        statement = update(column.table).where(which).values({column.name: to})
        done: Any = session.execute(statement, execution_options={"synchronize_session": False})
        moved += int(done.rowcount)
    session.expire_all()  # rows in memory still point to the one that went
    return moved
