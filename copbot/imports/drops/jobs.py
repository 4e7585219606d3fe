"""Jobs: read a dropped file on trial, take it in, undo that. The file comes from Slack each time and is not kept."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

from copbot.errors import Conflict
from copbot.imports.drops import rules, service
from copbot.imports.drops.service import IMPORT, PREVIEW, UNDO
from copbot.imports.drops.values import Drop
from copbot.imports.files import jobs as files
from copbot.imports.readers import spreadsheets
from copbot.imports.readers.values import Unreadable
from copbot.jobs.slack_calls import ask_slack
from copbot.jobs.work import Job, Work
from copbot.slack.errors import Refused, SlackError

_GONE = "The file is no longer in Slack. Drop it again."
_NOT_GIVEN = "Slack didn't give us the file. Drop it again in a few minutes."
_STEP = 1_000
"""Rows between two changes of the message."""


def preview(work: Work) -> dict[str, Any]:
    """What importing the file would do, without doing it."""
    drop = _drop(work)
    if drop is None or drop.state != "reading":
        return {"state": "decided"}
    content = _content(work, drop)
    if content is None:
        return {"state": "refused"}
    headings: tuple[str, ...] = ()
    try:
        if rules.form_of(drop.name) == "csv":
            headings = spreadsheets.read(io.BytesIO(content)).headings
        found = _take(work, drop, content, dry_run=True)
    except Unreadable as error:
        return _refused(work, drop, error.words, headings)
    seen = {
        **service.summary_of(found.report, found.problems),
        "headings": list(headings),
        "mapping": dict(found.mapping),
        "left": len(found.left),
        "encoding": found.encoding,
        "guessed": found.guessed,
    }
    with work.store.writing() as session:
        service.read(session, drop.uid, seen, now=work.clock.now())
    return found.report.counts()


def take(work: Work) -> dict[str, Any]:
    """Take the file in. Cut off anywhere, it goes on in the same run, and nothing comes twice."""
    drop = _drop(work)
    if drop is None or drop.state != "importing":
        return {"state": "decided"}
    content = _content(work, drop)
    if content is None:
        return {"state": "refused"}
    with work.store.writing() as session:
        run = service.run_of(session, drop.uid, now=work.clock.now())
    try:
        found = _take(work, drop, content, run=run)
    except Unreadable as error:
        return _refused(work, drop, error.words)
    with work.store.writing() as session:
        service.imported(session, drop.uid, found.report, found.problems, now=work.clock.now())
    return found.report.counts()


def undo(work: Work) -> dict[str, Any]:
    """Take back what the import changed, except what people have changed since."""
    drop = _drop(work)
    if drop is None or drop.state != "undoing" or drop.import_id is None:
        return {"state": "decided"}
    counts: dict[str, int] = {}
    with suppress(Conflict):  # cut off after the last of it: all is undone already
        found = files.undo(work.store, drop.import_id, profile=work.profile, now=work.clock.now)
        counts = {"removed": found.removed, "restored": found.restored, "kept": found.kept}
    with work.store.writing() as session:
        service.undone(session, drop.uid, counts, now=work.clock.now())
    return counts


def _drop(work: Work) -> Drop | None:
    with work.store.reading() as session:
        return service.find(session, str(work.args["drop"]))


def _content(work: Work, drop: Drop) -> bytes | None:
    """The file's bytes; None when it cannot be had, which its message then says."""
    try:
        told = ask_slack(work, "files.info", file=drop.file).get("file") or {}
        words = rules.why_not(drop.name, int(told.get("size") or 0))
        if words:
            _refused(work, drop, words)
            return None
        content: bytes = work.gateway.download(str(told.get("url_private") or ""), most=rules.LARGEST)
    except Refused:
        _refused(work, drop, _GONE)
        return None
    except SlackError:
        if drop.state == "importing":
            raise  # tried again later: part of it may be taken in already
        _refused(work, drop, _NOT_GIVEN)
        return None
    return content


def _refused(work: Work, drop: Drop, words: str, headings: tuple[str, ...] = ()) -> dict[str, Any]:
    with work.store.writing() as session:
        service.refuse(session, drop.uid, words, now=work.clock.now(), headings=headings)
    return {"state": "refused"}


def _take(work: Work, drop: Drop, content: bytes, *, dry_run: bool = False, run: int = 0) -> files.FileImport:
    def progress(done: int, of: int) -> None:
        work.progress(done, of)
        if run and done % _STEP == 0:
            with work.store.writing() as session:
                service.progress(session, drop.uid, done, of, now=work.clock.now())

    options = files.ImportOptions(
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
    Job(PREVIEW, preview, slow=True),
    Job(IMPORT, take, slow=True),
    Job(UNDO, undo, slow=True),
)
