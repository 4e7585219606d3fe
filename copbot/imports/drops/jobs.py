"""Jobs: read a dropped file on trial, take it in, undo that. The file comes from Slack each time and is not kept."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from copbot.errors import Conflict
from copbot.imports.drops import rules, service
from copbot.imports.drops.rules import Drop, DropState
from copbot.imports.drops.service import IMPORT, PREVIEW, UNDO
from copbot.imports.files import jobs as files
from copbot.imports.files.service import ImportOptions
from copbot.imports.readers import spreadsheets
from copbot.imports.readers.values import Unreadable
from copbot.jobs.slack_calls import ask_slack
from copbot.jobs.work import Job, Work
from copbot.slack.errors import Refused, SlackError

_GONE = "The file is no longer in Slack. Drop it again."
_NOT_GIVEN = "Slack didn't give us the file. Drop it again in a few minutes."
_STEP = 1_000
"""Rows between two changes of the message."""


class _Refused(Exception):
    """The file cannot be read; its message says so already."""


def _while(
    state: DropState, does: Callable[[Work, Drop], dict[str, Any]]
) -> Callable[[Work], dict[str, Any]]:
    """A job that runs only while the drop is in this state: whoever decides meanwhile wins."""

    def run(work: Work) -> dict[str, Any]:
        with work.store.reading() as session:
            drop = service.find(session, str(work.args["drop"]))
        try:
            return does(work, drop) if drop is not None and drop.state == state else {"state": "decided"}
        except _Refused:
            return {"state": "refused"}

    return run


def _preview(work: Work, drop: Drop) -> dict[str, Any]:
    """What importing the file would do, without doing it."""
    content = _content(work, drop)
    headings: tuple[str, ...] = ()
    try:
        if rules.form_of(drop.name) == "csv":
            headings = spreadsheets.read(io.BytesIO(content)).headings
        found = _taken(work, drop, content, dry_run=True)
    except Unreadable as error:
        raise _refused(work, drop, error.words, headings) from None
    seen = {
        **service.summary_of(found.report, found.problems),
        "headings": list(headings),
        "mapping": dict(found.mapping),
        "left": len(found.left),
        "encoding": found.encoding,
        "guessed": found.guessed,
    }
    with work.store.writing() as session:
        service.ended(session, drop.uid, "ready", seen, now=work.clock.now())
    return found.report.counts()


def _take(work: Work, drop: Drop) -> dict[str, Any]:
    """Take the file in. Cut off anywhere, it goes on in the same run, and nothing comes twice."""
    content = _content(work, drop)
    with work.store.writing() as session:
        run = service.run_of(session, drop.uid, now=work.clock.now())
    try:
        found = _taken(work, drop, content, run=run)
    except Unreadable as error:
        raise _refused(work, drop, error.words) from None
    with work.store.writing() as session:
        seen = service.summary_of(found.report, found.problems)
        service.ended(session, drop.uid, "done", seen, now=work.clock.now())
    return found.report.counts()


def _undo(work: Work, drop: Drop) -> dict[str, Any]:
    """Take back what the import changed, except what people have changed since."""
    counts: dict[str, int] = {}
    with suppress(Conflict):  # cut off after the last of it: all is undone already
        found = files.undo(work.store, drop.import_id or 0, profile=work.profile, now=work.clock.now)
        counts = {"removed": found.removed, "restored": found.restored, "kept": found.kept}
    with work.store.writing() as session:
        service.ended(session, drop.uid, "undone", {"undone": counts}, now=work.clock.now())
    return counts


def _content(work: Work, drop: Drop) -> bytes:
    """The file's bytes. Raises `_Refused` when it cannot be had."""
    try:
        told = ask_slack(work, "files.info", file=drop.file).get("file") or {}
        if words := rules.why_not(drop.name, int(told.get("size") or 0)):
            raise _refused(work, drop, words)
        content: bytes = work.gateway.download(str(told.get("url_private") or ""), most=rules.LARGEST)
    except Refused:
        raise _refused(work, drop, _GONE) from None
    except SlackError:
        if drop.state == "importing":
            raise  # tried again later: part of it may be taken in already
        raise _refused(work, drop, _NOT_GIVEN) from None
    return content


def _refused(work: Work, drop: Drop, words: str, headings: tuple[str, ...] = ()) -> _Refused:
    with work.store.writing() as session:
        service.refuse(session, drop.uid, words, now=work.clock.now(), headings=headings)
    return _Refused()


def _taken(
    work: Work, drop: Drop, content: bytes, *, dry_run: bool = False, run: int = 0
) -> files.FileImport:
    def progress(done: int, of: int) -> None:
        work.progress(done, of)
        if run and done % _STEP == 0:
            with work.store.writing() as session:
                service.progress(session, drop.uid, done, of, now=work.clock.now())

    options = ImportOptions(
        work.store, drop.name, drop.by, work.profile, work.clock.now, drop.publish, dry_run, progress, run=run
    )
    match rules.form_of(drop.name):
        case "calendar":
            return files.take_calendar(options, content)
        case "hsds":
            return files.take_package(options, io.BytesIO(content))
        case _:
            return files.take_spreadsheet(options, io.BytesIO(content), drop.chosen)


JOBS = (
    Job(PREVIEW, _while("reading", _preview), slow=True),
    Job(IMPORT, _while("importing", _take), slow=True),
    Job(UNDO, _while("undoing", _undo), slow=True),
)
