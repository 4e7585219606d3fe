"""Imports of files: which ran, and what each changed, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from copbot.store import Base, DeleteAfter, Json, KeepForever, Moment, Session

UNDOABLE = timedelta(days=180)


class ImportRow(Base):
    """One run over one file. `counts` holds numbers only; the file itself is not kept."""

    __tablename__ = "imports"
    __retention__ = DeleteAfter(UNDOABLE, lambda before: ImportRow.at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict, server_default="{}")


class ImportChangeRow(Base):
    """A resource that an import created or changed. `before` is what it said, `version` what it came to."""

    __tablename__ = "import_changes"
    __table_args__ = (UniqueConstraint("import_id", "resource_uid"),)
    __retention__ = KeepForever("goes with its import")

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    resource_uid: Mapped[str] = mapped_column(String(32))
    created: Mapped[bool]
    version: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)


def begin(session: Session, *, name: str, format: str, by: str, now: datetime) -> int:  # noqa: A002 - the field's word
    """A run is about to change resources; its id is what undoes it."""
    row = ImportRow(name=name[:200], format=format, by=by, at=now)
    session.add(row)
    session.flush()
    return row.id


def run(session: Session, ident: int) -> ImportRow | None:
    return session.get(ImportRow, ident)


def newest(session: Session, most: int = 10) -> Sequence[str]:
    """The names of the last imports, the newest first."""
    return session.scalars(select(ImportRow.name).order_by(ImportRow.id.desc()).limit(most)).all()


def record(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Changes of one run. A resource that a run changes twice keeps its first `before`."""
    if not rows:
        return
    fresh = {row["resource_uid"]: row for row in rows}
    query = select(ImportChangeRow).where(ImportChangeRow.import_id == rows[0]["import_id"])
    for known in session.scalars(query.where(ImportChangeRow.resource_uid.in_(list(fresh)))):
        known.version = fresh.pop(known.resource_uid)["version"]
    if fresh:
        session.execute(insert(ImportChangeRow), list(fresh.values()))


def changes(session: Session, ident: int, most: int) -> Sequence[ImportChangeRow]:
    """The next changes of a run, the first one first."""
    of_run = select(ImportChangeRow).where(ImportChangeRow.import_id == ident)
    return session.scalars(of_run.order_by(ImportChangeRow.id).limit(most)).all()


def forget(session: Session, idents: Iterable[int]) -> None:
    session.execute(delete(ImportChangeRow).where(ImportChangeRow.id.in_(list(idents))))
