"""Each request moves in a transaction of its own, so a run cut off anywhere goes on where it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copbot.assistance.covering import service
from copbot.jobs.work import Job, Work


def cover(work: Work) -> dict[str, Any]:
    covered = 0
    while True:
        with work.store.writing() as session:
            found = service.cover_next(session, profile=work.profile, now=work.clock.now())
        if not found:
            return {"covered": covered}
        covered += found
        work.progress(covered, covered + 1)


def move_all(work: Work) -> dict[str, Any]:
    who = {"owner_id": int(work.args["owner"]), "to": int(work.args["to"]), "by_id": int(work.args["by"])}
    seen = after = 0
    while True:
        with work.store.writing() as session:
            after = service.move_next(session, **who, after=after, profile=work.profile, now=work.clock.now())
        if not after:
            return {"seen": seen}
        seen += 1
        work.progress(seen, seen + 1)


JOBS = (
    Job("assistance.cover", cover, every=timedelta(minutes=10)),
    Job(service.MOVE_ALL, move_all),
)
