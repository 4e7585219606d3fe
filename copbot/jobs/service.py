"""What rooms may do with jobs: ask for one, see how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from copbot.errors import Conflict
from copbot.jobs import tables
from copbot.jobs.rules import JobState
from copbot.jobs.tables import JOBS, JobRow
from copbot.store import Session, hold, note


@dataclass(frozen=True)
class Status:
    """A job as people see it. `error_code` stands in the log as well."""

    id: int
    name: str
    state: str
    progress: int
    of: int
    result: dict[str, Any] | None
    error_code: str
    created: datetime
    started: datetime | None
    finished: datetime | None


def enqueue(
    session: Session,
    name: str,
    *,
    key: str,
    by: str = "",
    args: Mapping[str, Any] | None = None,
    now: datetime,
) -> int | None:
    """Ask for a job, once under this key; its id, or None when it was asked for before."""
    values = {"name": name, "key": key, "asked_by": by, "args": dict(args or {}), "created": now}
    return tables.insert_job(session, values)


def status(session: Session, *, name: str | None = None, limit: int = 10) -> tuple[Status, ...]:
    """The newest jobs, of one name or of all."""
    return tuple(_status(row) for row in tables.newest(session, name=name, limit=limit))


def is_waiting(session: Session, name: str) -> bool:
    """Whether one of this name is due and has not begun."""
    return bool(tables.waiting(session, (name,)))


def failing(session: Session, most: int = 5) -> tuple[Status, ...]:
    """The newest jobs that failed for good."""
    return tuple(_status(row) for row in tables.newest(session, state=JobState.FAILED, limit=most))


def run_again(session: Session, ident: int) -> None:
    """Give a failed job five more tries."""
    row = hold(session, JobRow, ident)
    if row.state != JobState.FAILED:
        raise Conflict("This has run by now, or is about to run.")
    note(session, JOBS)
    row.state, row.tries, row.wait_until, row.finished = JobState.DUE, 0, 0.0, None


def _status(row: JobRow) -> Status:
    return Status(**{each.name: getattr(row, each.name) for each in fields(Status)})
