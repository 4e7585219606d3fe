"""Errands and their leases. `Moment` columns are programme time, float columns machine seconds of the database."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Index, String, Update, and_, case, func, or_, select, text, update
from sqlalchemy.orm import Mapped, aliased, mapped_column
from sqlalchemy.sql.dml import Delete

from copbot.jobs.rules import State
from copbot.store import Base, DeleteAfter, Json, Moment, Session, insert_once, note

ERRANDS = "errands"
"""What a transaction notes that brings the runner work."""


def _ended_before(moment: datetime) -> ColumnElement[bool]:
    return and_(ErrandRow.state.in_((State.DONE, State.FAILED)), ErrandRow.finished < moment)


class ErrandRow(Base):
    """One piece of work, asked for once under its key."""

    __tablename__ = "errands"
    __table_args__ = (Index("ix_errands_state_name", "state", "name"),)
    __retention__ = DeleteAfter(timedelta(days=30), _ended_before)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    asked_by: Mapped[str] = mapped_column(String(64), default="")
    args: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(12), default=State.DUE)
    progress: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    error_code: Mapped[str] = mapped_column(String(40), default="")
    tries: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(Moment)
    started: Mapped[datetime | None] = mapped_column(Moment)
    finished: Mapped[datetime | None] = mapped_column(Moment)
    wait_until: Mapped[float] = mapped_column(default=0.0)
    lease_until: Mapped[float] = mapped_column(default=0.0)
    lease_by: Mapped[str] = mapped_column(String(32), default="")


def waiting(session: Session, names: Collection[str]) -> set[str]:
    """Those of these names of which one is due and has not begun."""
    query = select(ErrandRow.name).where(
        ErrandRow.state == State.DUE, ErrandRow.tries == 0, ErrandRow.name.in_(names)
    )
    return set(session.execute(query).scalars())


def machine_now(session: Session) -> float:
    """Seconds by the clock all processes of this database share."""
    if session.get_bind().dialect.name == "postgresql":
        return float(session.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())
    return time.time()


def insert_errand(session: Session, values: dict[str, Any]) -> int | None:
    note(session, ERRANDS)
    return insert_once(session, ErrandRow, **values)


def known_keys(session: Session, keys: Collection[str]) -> set[str]:
    return set(session.execute(select(ErrandRow.key).where(ErrandRow.key.in_(keys))).scalars())


def ready(session: Session, names: Collection[str], machine: float, *, asked: bool = False) -> int | None:
    """The errand to run next, of a name that is not running anywhere: a person's first, then in their order.

    `asked`: only those that a person asked for.
    """
    other = aliased(ErrandRow)
    alone = ~(
        select(other.id)
        .where(other.name == ErrandRow.name, other.state == State.RUNNING, other.lease_until > machine)
        .exists()
    )
    free = or_(
        and_(ErrandRow.state == State.DUE, ErrandRow.wait_until <= machine),
        and_(ErrandRow.state == State.RUNNING, ErrandRow.lease_until <= machine),
    )
    found = select(ErrandRow.id).where(free, alone, ErrandRow.name.in_(names))
    found = found.where(ErrandRow.asked_by != "") if asked else found
    nobodys = case((ErrandRow.asked_by == "", 1), else_=0)
    return session.execute(found.order_by(nobodys, ErrandRow.id).limit(1)).scalar_one_or_none()


def one_at_a_time(session: Session) -> None:
    """Claims of several processes follow one another; the lock ends with the transaction."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7031104812)"))


def locked(session: Session, ident: int) -> ErrandRow | None:
    return session.get(ErrandRow, ident, with_for_update=True, populate_existing=True)


def free_all(session: Session) -> int:
    """At the start of the only process: nobody else can be running anything."""
    return _change(session, update(ErrandRow).where(ErrandRow.state == State.RUNNING).values(lease_until=0.0))


def renew(session: Session, ident: int, by: str, until: float) -> bool:
    """Keep the lease; False when it is somebody else's by now."""
    mine = and_(ErrandRow.id == ident, ErrandRow.lease_by == by, ErrandRow.state == State.RUNNING)
    return _change(session, update(ErrandRow).where(mine).values(lease_until=until)) == 1


def note_progress(session: Session, ident: int, by: str, progress: int, of: int) -> bool:
    mine = and_(ErrandRow.id == ident, ErrandRow.lease_by == by, ErrandRow.state == State.RUNNING)
    return _change(session, update(ErrandRow).where(mine).values(progress=progress, of=of)) == 1


def newest(
    session: Session, *, name: str | None = None, state: State | None = None, limit: int
) -> Sequence[ErrandRow]:
    found = select(ErrandRow) if name is None else select(ErrandRow).where(ErrandRow.name == name)
    found = found if state is None else found.where(ErrandRow.state == state)
    return session.execute(found.order_by(ErrandRow.id.desc()).limit(limit)).scalars().all()


def counted(session: Session) -> dict[str, int]:
    """How many errands stand in each state."""
    rows = session.execute(select(ErrandRow.state, func.count()).group_by(ErrandRow.state)).all()
    return {str(state): int(number) for state, number in rows}


def _change(session: Session, statement: Update | Delete) -> int:
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)
