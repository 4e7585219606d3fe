"""What becomes of a dropped file: read on trial, its columns corrected, taken in, undone, or left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from copbot.delivery import service as delivery
from copbot.errors import Conflict, NotAllowed
from copbot.imports.drops.rules import Drop, DropState, form_of
from copbot.imports.drops.tables import DropRow
from copbot.imports.files import tables as imports
from copbot.imports.files.service import Report
from copbot.jobs import service as jobs
from copbot.slack.person import Person
from copbot.store import Session, find_row, hold, need_row, new_uid

DROP = "imports.drop"
PREVIEW, IMPORT, UNDO = "imports.preview", "imports.import", "imports.undo"
NAMED = 5
"""Refused lines that a message names."""


def dropped(session: Session, file: str, name: str, *, by: str, now: datetime) -> None:
    """A file came: it is read on trial, and its message says what was found."""
    row = DropRow(file=file[:32], name=name[:200], by=by, at=now, state="reading", publish=False)
    session.add(row)
    session.flush()
    delivery.say(session, DROP, f"drop:{row.uid}", to=by, key=f"{DROP}:{row.uid}", now=now)
    _ask(session, PREVIEW, row, now)


def find(session: Session, uid: str) -> Drop | None:
    row = find_row(session, DropRow, uid=uid)
    return None if row is None else _value(row)


def own(session: Session, uid: str, person: Person) -> Drop:
    """The drop, if it is this person's. Raises `NotFound`, `NotAllowed`."""
    return _value(_row(session, uid, person))


def correct(session: Session, uid: str, chosen: Mapping[str, str], *, person: Person, now: datetime) -> None:
    """Other columns: field to heading, empty for none. The file is read on trial again."""
    row = _row(session, uid, person, "ready", "refused")
    row.chosen = dict(chosen)
    _move(session, row, "reading", now)
    _ask(session, PREVIEW, row, now)


def start(session: Session, uid: str, *, publish: bool, person: Person, now: datetime) -> None:
    """Take the file in, as drafts or published."""
    row = _row(session, uid, person, "ready")
    row.publish = publish
    _move(session, row, "importing", now)
    _ask(session, IMPORT, row, now)


def cancel(session: Session, uid: str, *, person: Person, now: datetime) -> None:
    """Nothing is taken in, and what was read of the file is forgotten."""
    row = _row(session, uid, person, "ready", "refused")
    row.seen, row.chosen = {}, {}
    _move(session, row, "cancelled", now)


def undo(session: Session, uid: str, *, person: Person, now: datetime) -> None:
    """Take back what the import changed."""
    row = _row(session, uid, person, "done", "refused")
    if row.import_id is None:
        raise Conflict("Nothing from this file was imported.")
    _move(session, row, "undoing", now)
    _ask(session, UNDO, row, now)


# --- what its jobs tell ---------------------------------------------------------------------------------


def ended(session: Session, uid: str, state: DropState, seen: Mapping[str, Any], *, now: datetime) -> None:
    """A job has done its work: the trial is over ("ready"), all is taken in ("done") or taken back ("undone").

    `seen` is what the message shows. Of the file only what was refused is still named once it is taken in.
    """
    row = _locked(session, uid)
    if state != "ready" or row.state == "reading":
        row.seen, row.trouble = dict(seen), ""
        row.chosen = {} if state == "done" else row.chosen
        _move(session, row, state, now)


def refuse(session: Session, uid: str, words: str, *, now: datetime, headings: tuple[str, ...] = ()) -> None:
    """It cannot be read, or not any more; `headings` let its person say which columns are which."""
    row = _locked(session, uid)
    row.trouble, row.seen = words[:300], {"headings": list(headings)} if headings else {}
    _move(session, row, "refused", now)


def run_of(session: Session, uid: str, *, now: datetime) -> int:
    """The import that this drop is: begun once, however often its job runs."""
    row = _locked(session, uid)
    if row.import_id is None:
        row.import_id = imports.begin(session, name=row.name, format=form_of(row.name), by=row.by, now=now)
    return row.import_id


def progress(session: Session, uid: str, done: int, of: int, *, now: datetime) -> None:
    row = _locked(session, uid)
    row.done, row.of = done, of
    delivery.refresh(session, f"drop:{uid}", now=now)


def summary_of(report: Report, problems: Sequence[str]) -> dict[str, Any]:
    """A report as a message shows it; `problems` are sentences about what in the file is wrong."""
    return {
        "counts": report.counts(),
        "refused": [[line, words[:150]] for line, words in report.refused[:NAMED]],
        "withheld": report.withheld,
        "notes": [[line, words[:150]] for line, words in report.notes[:NAMED]],
        "problems": [words[:150] for words in problems[:NAMED]],
    }


def _ask(session: Session, name: str, row: DropRow, now: datetime) -> None:
    key = f"{name}:{row.uid}:{new_uid()}"
    jobs.enqueue(session, name, key=key, by=row.by, args={"drop": row.uid}, now=now)


def _move(session: Session, row: DropRow, state: DropState, now: datetime) -> None:
    row.state = state
    delivery.refresh(session, f"drop:{row.uid}", now=now)


def _row(session: Session, uid: str, person: Person, *states: DropState) -> DropRow:
    row = _locked(session, uid) if states else _found(session, uid)
    if row.by != person.user:
        raise NotAllowed("Only the person who dropped this file can do this.")
    if states and row.state not in states:
        raise Conflict("Somebody has already decided this. The message shows the result.")
    return row


def _found(session: Session, uid: str) -> DropRow:
    return need_row(session, DropRow, "This import is too old. Drop the file again.", uid=uid)


def _locked(session: Session, uid: str) -> DropRow:
    return hold(session, DropRow, _found(session, uid).id)


def _value(row: DropRow) -> Drop:
    return Drop(**{name: getattr(row, name) for name in Drop.__dataclass_fields__})
