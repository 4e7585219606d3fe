"""Jobs: announce what was held, close what is over, run the clocks, and keep requests true to who is here.

Each telling is written down with its request, so a run that is cut off anywhere goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog

from copbot.assistance import rules, tables
from copbot.assistance.clocks.rules import NUDGES
from copbot.assistance.intake.service import announce_held, route_next
from copbot.assistance.upkeep import reminders
from copbot.assistance.upkeep import service as upkeep
from copbot.assistance.upkeep.tables import open_questions
from copbot.assistance.workflow import service
from copbot.assistance.workflow.participants import settle_all
from copbot.assistance.workflow.transitions import redraw_all
from copbot.errors import Busy
from copbot.jobs.work import Job, Work
from copbot.people import service as people
from copbot.people.rules import STAFF_REREAD
from copbot.store import Session

log = structlog.get_logger("assistance")

AT_ONCE, PAGE = 20, 50
"""Requests in one write transaction, and questions read at a time."""
ANNOUNCE, CLOSE_QUIET, UPKEEP = "assistance.announce", "assistance.close_quiet", "assistance.upkeep"
CLOCKS, TODAY = "assistance.clocks", "assistance.today"


def _once(work: Work, verb: Callable[..., Any], **how: Any) -> Any:
    """The verb in a transaction of its own, by the time that it is then."""
    with work.store.writing() as session:
        return verb(session, **{"now": work.clock.now(), **how})


def _until_none(work: Work, verb: Callable[..., int], **how: Any) -> int:
    """How many the verb found in all, called until it finds none."""
    done = 0
    while count := _once(work, verb, **how):
        done += count
        work.progress(done, done + 1)
    return done


def _one_after_another(work: Work, verb: Callable[..., int], **how: Any) -> int:
    """How often the verb was called: each time with the id at which it ended before, until that is 0."""
    after = rounds = 0
    while after := _once(work, verb, after=after, **how):
        rounds += 1
        work.progress(rounds, rounds + 1)
    return rounds


def announce(work: Work) -> dict[str, Any]:
    """Notices for open requests that have none in the staff channel."""

    def held(session: Session, **how: Any) -> int:
        channel = people.notice_channel(session)
        return announce_held(session, channel=channel, **how) if channel else 0

    said = _until_none(work, held)
    with work.store.reading() as session:
        return {"said": said, "held": people.notice_channel(session) is None}


def close_quiet(work: Work) -> dict[str, Any]:
    """Requests done for fourteen days without a word are closed as completed."""
    return {"closed": _until_none(work, service.close_quiet, profile=work.profile)}


def keep_up(work: Work) -> dict[str, Any]:
    """Who has left, what did not arrive, and who may read what is confidential now."""
    return {
        "released": _until_none(work, upkeep.release_left, profile=work.profile),
        "routed": _until_none(work, route_next, profile=work.profile),
        "confidential": _one_after_another(work, settle_all),
        "gone": _until_none(work, upkeep.mark_gone),
        "undelivered": _once(work, upkeep.tell_undelivered),
    }


def cover(work: Work) -> dict[str, Any]:
    return {"covered": _until_none(work, upkeep.cover_next, profile=work.profile)}


def move_all(work: Work) -> dict[str, Any]:
    who = {"owner_id": int(work.args["owner"]), "to": int(work.args["to"]), "by_id": int(work.args["by"])}
    return {"seen": _one_after_another(work, upkeep.move_next, **who, profile=work.profile)}


def watch(work: Work) -> dict[str, Any]:
    """What is late or will soon be, and questions without an answer."""
    how = {"profile": work.profile, "now": work.clock.now()}
    counts = {"warned": _once(work, reminders.warn, **how), "rung": _once(work, reminders.ring_again, **how)}
    for each in reminders.LATE:
        counts[each.verb] = _until_none(work, reminders.tell_late, of=each, **how)
    return {**counts, **_questions(work, how)}


def _questions(work: Work, how: dict[str, Any]) -> dict[str, int]:
    """Each question in a transaction of its own: they are few, and most of them are only looked at."""
    counts = {"nudge": 0, "no_answer": 0}
    before, after = how["now"] - timedelta(days=min(NUDGES)), 0
    while True:
        with work.store.reading() as session:
            page = open_questions(session, rules.WAITING_REQUESTER, before, after, PAGE)
        for each in page:
            if reminders.next_step(each, **how):
                step = _once(work, reminders.follow_question, question=each, **how)
                counts[step] = counts.get(step, 0) + 1
        if len(page) < PAGE:
            return counts
        after = page[-1].request_id
        work.progress(after, after + 1)


def list_today(work: Work) -> dict[str, Any]:
    """In the morning, how much is open, to all staff; and to each of them what of theirs falls due today."""
    with work.store.reading() as session:
        staff = people.staff_list(session)
    how = {"profile": work.profile, "now": work.clock.now()}
    skipped = _once(work, reminders.summarize, **how)
    if skipped:
        log.info("summary_skipped", reason=skipped)
    listed = sum(_once(work, reminders.list_today, owner_id=each.id, **how) for each in staff)
    return {"listed": listed, "skipped": skipped}


def redraw_names(work: Work) -> dict[str, Any]:
    """Somebody has another name: every message about a request that names them is drawn again, a few at a time."""
    person, after, redrawn = int(work.args["person"]), 0, 0
    while True:
        with work.store.reading() as session:
            ids = tables.ids_naming(session, person, after, AT_ONCE)
        if not ids:
            return {"redrawn": redrawn}
        with work.store.writing() as session:
            redrawn += sum(redraw_all(session, ident, work.clock.now()) for ident in ids)
        after = ids[-1]
        work.progress(redrawn, redrawn + 1)


def forget(work: Work) -> dict[str, Any]:
    """The words that were overwritten leave SQLite's log as well; while somebody reads, it is tried again."""
    if not work.store.empty_log():
        raise Busy("The database's log is being read.")
    return {}


_OFTEN = timedelta(minutes=10)
JOBS = (
    Job(service.FORGET, forget),
    Job(service.CHANGED, lambda _work: None),
    Job("assistance.renamed", redraw_names, after=people.RENAMED),
    Job(ANNOUNCE, announce, every=_OFTEN, after=STAFF_REREAD),
    Job(CLOSE_QUIET, close_quiet, every=timedelta(hours=6)),
    Job(UPKEEP, keep_up, every=_OFTEN, after=STAFF_REREAD),
    Job(CLOCKS, watch, every=_OFTEN),
    Job(TODAY, list_today, at="08:00"),
    Job("assistance.cover", cover, every=_OFTEN),
    Job(upkeep.MOVE_ALL, move_all),
)
