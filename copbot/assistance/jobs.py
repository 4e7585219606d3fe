"""Jobs: announce what was held, close what has stayed done and quiet, and keep requests true to who is here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from copbot.assistance import tables
from copbot.assistance.covering import jobs as covering
from copbot.assistance.intake.service import announce_held
from copbot.assistance.reminders import jobs as reminders
from copbot.assistance.upkeep import service as upkeep
from copbot.assistance.workflow import confidential, service, transitions
from copbot.errors import Busy
from copbot.jobs.work import Job, Work
from copbot.people import service as people
from copbot.people.rules import STAFF_REREAD

AT_ONCE = 20
"""Requests in one write transaction."""
ANNOUNCE, CLOSE_QUIET, UPKEEP = "assistance.announce", "assistance.close_quiet", "assistance.upkeep"


def announce(work: Work) -> dict[str, Any]:
    """Notices for open requests that have none in the staff channel."""
    said = 0
    while True:
        with work.store.writing() as session:
            channel = people.notice_channel(session)
            count = announce_held(session, channel=channel, now=work.clock.now()) if channel else 0
        said += count
        work.progress(said, said + bool(count))
        if not count:
            return {"said": said, "held": channel is None}


def close_quiet(work: Work) -> dict[str, Any]:
    """Requests done for fourteen days without a word are closed as completed."""
    closed = 0
    while True:
        with work.store.writing() as session:
            count = service.close_quiet(session, now=work.clock.now(), profile=work.profile)
        closed += count
        work.progress(closed, closed + bool(count))
        if not count:
            return {"closed": closed}


def keep_up(work: Work) -> dict[str, Any]:
    """Who has left, and what did not arrive."""
    return {
        "released": _until_none(work, partial(upkeep.release_left, profile=work.profile)),
        "confidential": _settle_confidential(work),
        "gone": _until_none(work, upkeep.mark_gone),
        "undelivered": _once(work, upkeep.tell_undelivered),
    }


def _settle_confidential(work: Work) -> int:
    """Messages of confidential requests follow a change of leads, of their channel, or of who has the request."""
    after = rounds = 0
    while True:
        with work.store.writing() as session:
            after = confidential.settle_all(session, after, now=work.clock.now())
        if not after:
            return rounds
        rounds += 1


def _once(work: Work, verb: Callable[..., int]) -> int:
    with work.store.writing() as session:
        return verb(session, now=work.clock.now())


def _until_none(work: Work, verb: Callable[..., int]) -> int:
    done = 0
    while count := _once(work, verb):
        done += count
        work.progress(done, done + 1)
    return done


def redraw_names(work: Work) -> dict[str, Any]:
    """Somebody has another name: every message about a request that names them is drawn again, a few at a time."""
    person, after, redrawn = int(work.args["person"]), 0, 0
    while True:
        with work.store.reading() as session:
            ids = tables.ids_naming(session, person, after, AT_ONCE)
        if not ids:
            return {"redrawn": redrawn}
        with work.store.writing() as session:
            redrawn += sum(transitions.redraw_all(session, ident, work.clock.now()) for ident in ids)
        after = ids[-1]
        work.progress(redrawn, redrawn + 1)


def forget(work: Work) -> dict[str, Any]:
    """The words that were overwritten leave SQLite's log as well; while somebody reads, it is tried again."""
    if not work.store.empty_log():
        raise Busy("The database's log is being read.")
    return {}


JOBS = (
    Job(service.FORGET, forget),
    Job(service.CHANGED, lambda _work: None),
    Job("assistance.renamed", redraw_names, after=people.RENAMED),
    Job(ANNOUNCE, announce, every=timedelta(minutes=10), after=STAFF_REREAD),
    Job(CLOSE_QUIET, close_quiet, every=timedelta(hours=6)),
    Job(UPKEEP, keep_up, every=timedelta(minutes=10), after=STAFF_REREAD),
    *reminders.JOBS,
    *covering.JOBS,
)
