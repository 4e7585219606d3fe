"""One batch of a file taken in, and a run undone: each within one transaction of its caller."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from copbot.errors import Conflict, NotFound
from copbot.imports.files import tables
from copbot.imports.files.rules import Reading
from copbot.program.profile import Profile
from copbot.resources.library import intake
from copbot.resources.library import service as library
from copbot.resources.library.rules import DRAFT, RETIRED
from copbot.resources.library.values import Outcome, Resource, ResourceFields
from copbot.store import Session, Store

MOST_NAMED = 200
"""Rows that a report names one by one."""
_OWN = ("created", "updated", "unchanged")
"""Effects on a resource that the row itself names."""


@dataclass(frozen=True)
class ImportOptions:
    """Where a file goes, in whose name, and how.

    `pause`: seconds between two batches, in which other processes get at the database; within one the store is fair.
    `run` is an import that was begun before and is to be finished; 0 begins one.
    """

    store: Store
    name: str
    by: str
    profile: Profile
    now: Callable[[], datetime]
    publish: bool = False
    dry_run: bool = False
    progress: Callable[[int, int], None] | None = None
    pause: float = 0.0
    run: int = 0


@dataclass
class Report:
    """What became of a file. `refused` and `notes` hold a line and a sentence, `withheld` counts rows by reason."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    refused_count: int = 0
    withheld: dict[str, int] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return self.created + self.updated + self.unchanged

    def refuse(self, line: int, words: str) -> None:
        self.refused_count += 1
        if len(self.refused) < MOST_NAMED:
            self.refused.append((line, words))

    def counts(self) -> dict[str, int]:
        own = {name: getattr(self, name) for name in _OWN}
        return {**own, "refused": self.refused_count, "withheld": sum(self.withheld.values())}


def finish(session: Session, ident: int, report: Report, *, now: datetime) -> None:
    row = tables.run(session, ident)
    if row is not None:
        row.finished_at, row.counts = now, report.counts()


def take(
    session: Session, readings: Sequence[Reading], report: Report, options: ImportOptions, *, run: int
) -> None:
    """Take in one batch of rows and add it to the report; `run` is 0 when it is only tried.

    Rows that are not for the public are left out; those that were taken in earlier are retired.
    """
    for reading in readings:
        if reading.fault:
            report.refuse(reading.line, reading.fault)
    fit = [reading for reading in readings if reading.incoming is not None]
    known = intake.existing(session, [reading.incoming for reading in fit if reading.incoming])
    before = {resource.uid: resource for resource in known if resource is not None}
    taken, wanted, by, now = [], options.publish, options.by, options.now()
    for reading, resource in zip(fit, known, strict=True):
        if reading.withheld:
            report.withheld[reading.withheld] = report.withheld.get(reading.withheld, 0) + 1
        if not reading.withheld or resource is not None:
            taken.append(reading)
    for public in (True, False):
        some = [each for each in taken if (wanted if each.publish is None else each.publish) is public]
        rows = [reading.incoming for reading in some if reading.incoming]
        outcomes = intake.put_many(session, rows, by=by, now=now, profile=options.profile, publish=public)
        if public:
            outcomes = _publish_drafts(session, outcomes, before, by=by, now=now)
        else:
            outcomes = _retire(session, some, outcomes, by=by, now=now)
        _report(report, some, outcomes)
        if run:
            _record(session, run, outcomes, before)


def _publish_drafts(
    session: Session, outcomes: Sequence[Outcome], before: Mapping[str, Resource], *, by: str, now: datetime
) -> list[Outcome]:
    """Drafts that an earlier import left are published too; what people retired stays so."""
    drafts = {uid for uid, resource in before.items() if resource.state == DRAFT and not resource.private}
    own = {each.uid for each in outcomes if each.effect in ("updated", "unchanged")} & drafts
    library.publish(session, sorted(own), by=by, now=now)
    return [replace(each, effect="updated") if each.uid in own else each for each in outcomes]


def _retire(
    session: Session, readings: Sequence[Reading], outcomes: Sequence[Outcome], *, by: str, now: datetime
) -> list[Outcome]:
    """What the list itself calls retired is taken out of the library."""
    both = zip(readings, outcomes, strict=True)
    named = [each for reading, each in both if reading.retire and each.effect in _OWN]
    public = [one.uid for one in library.by_ids(session, [each.id for each in named]) if one.state != RETIRED]
    library.retire(session, public, by=by, now=now, why="retired in an imported list")
    changed = {each.uid for each in named if each.effect == "unchanged"} & set(public)
    return [replace(each, effect="updated") if each.uid in changed else each for each in outcomes]


def _report(report: Report, readings: Sequence[Reading], outcomes: Sequence[Outcome]) -> None:
    for reading, outcome in zip(readings, outcomes, strict=True):
        if outcome.effect == "refused":
            report.refuse(reading.line, " ".join(outcome.faults.values()))
            continue
        report.notes += [(reading.line, note) for note in reading.notes][: MOST_NAMED - len(report.notes)]
        if not reading.withheld:
            name = "unchanged" if outcome.effect == "known" else outcome.effect
            setattr(report, name, getattr(report, name) + 1)


def _record(session: Session, run: int, outcomes: Sequence[Outcome], before: Mapping[str, Resource]) -> None:
    changed = [outcome for outcome in outcomes if outcome.effect in ("created", "updated")]
    now = {one.uid: one for one in library.by_ids(session, [outcome.id for outcome in changed])}
    rows = [
        {
            "import_id": run,
            "resource_uid": outcome.uid,
            "created": outcome.effect == "created",
            "version": now[outcome.uid].version,
            "before": _stored(before[outcome.uid]) if outcome.uid in before else None,
        }
        for outcome in changed
        if outcome.uid in now
    ]
    tables.record(session, rows)


@dataclass(frozen=True)
class Undone:
    """`kept` counts resources that people have changed since, which stay as they are."""

    removed: int
    restored: int
    kept: int
    more: bool


def check_undo(session: Session, ident: int) -> tables.ImportRow:
    """The import, which can be undone. Raises `NotFound`, `Conflict` when it was undone already."""
    row = tables.run(session, ident)
    if row is None:
        raise NotFound(f"There is no import {ident}.")
    if row.undone_at is not None:
        raise Conflict(f"Import {ident} was undone already.")
    return row


def undo(session: Session, ident: int, *, now: datetime, profile: Profile, most: int = 200) -> Undone:
    """Take back the next changes of an import. Raises `NotFound`, `Conflict` when it was undone already."""
    row = check_undo(session, ident)
    changes = tables.changes(session, ident, most)
    removed: list[str] = []
    restored = kept = 0
    for change in changes:
        resource = library.find(session, change.resource_uid)
        if resource is None:
            continue
        if resource.version != change.version:
            kept += 1
        elif change.created:
            removed.append(resource.uid)
        elif change.before is not None:
            said, was = _fields(change.before), str(change.before.get("state", ""))
            library.put_back(session, resource.uid, said, state=was, profile=profile, now=now)
            restored += 1
    library.remove(session, removed)
    tables.forget(session, [change.id for change in changes])
    if len(changes) < most:
        row.undone_at = now
    return Undone(len(removed), restored, kept, len(changes) == most)


def _stored(resource: Resource) -> dict[str, Any]:
    """What a resource says, as JSON holds it."""
    said = {name: getattr(resource, name) for name in (*ResourceFields.__dataclass_fields__, "state")}
    stored: dict[str, Any] = json.loads(json.dumps(said, default=lambda when: when.isoformat()))
    return stored


def _fields(stored: Mapping[str, Any]) -> ResourceFields:
    said: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in stored.items()
        if name in ResourceFields.__dataclass_fields__
    }
    for kind, names in ((date, ("reviewed_on", "review_by")), (datetime, ("starts_at", "ends_at"))):
        said |= {name: kind.fromisoformat(said[name]) for name in names if said.get(name)}
    return replace(ResourceFields(**said), owner=None)
