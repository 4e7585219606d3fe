"""Jobs and their leases. `Moment` columns are programme time, float columns machine seconds of the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Index,
    String,
    Update,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column
from sqlalchemy.sql.dml import Delete

from copbot.jobs.rules import JobState
from copbot.store import Base, DeleteAfter, Json, Moment, Session, insert_once, note

JOBS = "jobs"
"""What a transaction notes that brings the runner work."""


def _ended_before(moment: datetime) -> ColumnElement[bool]:
    return and_(JobRow.state.in_((JobState.DONE, JobState.FAILED)), JobRow.finished < moment)


class JobRow(Base):
    """One piece of work, asked for once under its key."""

    __tablename__ = "errands"
    __table_args__ = (Index("ix_errands_state_name", "state", "name"),)
    __retention__ = DeleteAfter(timedelta(days=30), _ended_before)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    asked_by: Mapped[str] = mapped_column(String(64), default="")
    args: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(12), default=JobState.DUE)
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
    query = select(JobRow.name).where(JobRow.state == JobState.DUE, JobRow.tries == 0, JobRow.name.in_(names))
    return set(session.execute(query).scalars())


def insert_job(session: Session, values: dict[str, Any]) -> int | None:
    note(session, JOBS)
    return insert_once(session, JobRow, **values)


def known_keys(session: Session, keys: Collection[str]) -> set[str]:
    return set(session.execute(select(JobRow.key).where(JobRow.key.in_(keys))).scalars())


_Other = aliased(JobRow)
_NAMES = bindparam("names", type_=String, expanding=True)
_MACHINE = bindparam("machine", type_=Float)
_RUNS_ELSEWHERE = select(_Other.id).where(
    _Other.name == JobRow.name, _Other.state == JobState.RUNNING, _Other.lease_until > _MACHINE
)
_FREE = or_(
    and_(JobRow.state == JobState.DUE, JobRow.wait_until <= _MACHINE),
    and_(JobRow.state == JobState.RUNNING, JobRow.lease_until <= _MACHINE),
)
# Put together once: each thread of the runner asks after each commit, and that took longer than the answer.
_READY = (
    select(JobRow.id)
    .where(_FREE, ~_RUNS_ELSEWHERE.exists(), JobRow.name.in_(_NAMES))
    .order_by(case((JobRow.asked_by == "", 1), else_=0), JobRow.id)
    .limit(1)
)
_ASKED = _READY.where(JobRow.asked_by != "")


def ready(session: Session, names: Collection[str], machine: float, *, asked: bool = False) -> int | None:
    """The job to run next, of a name that is not running anywhere: a person's first, then in their order.

    `asked`: only those that a person asked for.
    """
    found = session.execute(_ASKED if asked else _READY, {"names": list(names), "machine": machine})
    return found.scalar_one_or_none()


def one_at_a_time(session: Session) -> None:
    """Claims of several processes follow one another; the lock ends with the transaction."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7031104812)"))


def locked(session: Session, ident: int) -> JobRow | None:
    return session.get(JobRow, ident, with_for_update=True, populate_existing=True)


def free_all(session: Session) -> int:
    """At the start of the only process: nobody else can be running anything."""
    return _change(session, update(JobRow).where(JobRow.state == JobState.RUNNING).values(lease_until=0.0))


def note_running(session: Session, ident: int, by: str, **values: float) -> bool:
    """Keep the lease (`lease_until`), note how far it is (`progress`, `of`); False when it is somebody else's by now."""
    mine = and_(JobRow.id == ident, JobRow.lease_by == by, JobRow.state == JobState.RUNNING)
    return _change(session, update(JobRow).where(mine).values(values)) == 1


def newest(
    session: Session, *, name: str | None = None, state: JobState | None = None, limit: int
) -> Sequence[JobRow]:
    found = select(JobRow) if name is None else select(JobRow).where(JobRow.name == name)
    found = found if state is None else found.where(JobRow.state == state)
    return session.execute(found.order_by(JobRow.id.desc()).limit(limit)).scalars().all()


def counted(session: Session) -> dict[str, int]:
    """How many jobs stand in each state."""
    rows = session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all()
    return {str(state): int(number) for state, number in rows}


def _change(session: Session, statement: Update | Delete) -> int:
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)
