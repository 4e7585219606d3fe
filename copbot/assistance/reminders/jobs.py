"""Jobs of the clocks. Each telling is written down with its request, so a run cut off anywhere goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from copbot.assistance import rules
from copbot.assistance.clocks.rules import NUDGES
from copbot.assistance.reminders import service
from copbot.assistance.reminders import tables as queries
from copbot.jobs.work import Job, Work
from copbot.people import service as people

log = structlog.get_logger("assistance")

CLOCKS, TODAY = "assistance.clocks", "assistance.today"
PAGE = 50


def watch(work: Work) -> dict[str, Any]:
    """What is late or will soon be, and questions without an answer."""
    now = work.clock.now()
    how = {"profile": work.profile, "now": now}
    counts = {
        "warned": _once(work, partial(service.warn, **how)),
        "rung": _once(work, partial(service.ring_again, **how)),
    }
    for each in service.LATE:
        counts[each.verb] = 0
        while found := _once(work, partial(service.tell_late, of=each, **how)):
            counts[each.verb] += found
            work.progress(counts[each.verb], counts[each.verb] + 1)
    return {**counts, **_questions(work, how)}


def _questions(work: Work, how: dict[str, Any]) -> dict[str, int]:
    """Each question in a transaction of its own: they are few, and most of them are only looked at."""
    counts = {"nudge": 0, "no_answer": 0}
    before, after = how["now"] - timedelta(days=min(NUDGES)), 0
    while True:
        with work.store.reading() as session:
            page = queries.open_questions(session, rules.WAITING_REQUESTER, before, after, PAGE)
        for each in page:
            if service.is_due(each, **how):
                step = _once(work, partial(service.follow_question, question=each, **how))
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
    skipped = _once(work, partial(service.summarize, **how))
    if skipped:
        log.info("summary_skipped", reason=skipped)
    listed = sum(_once(work, partial(service.list_today, owner_id=each.id, **how)) for each in staff)
    return {"listed": listed, "skipped": skipped}


def _once(work: Work, verb: Callable[..., Any]) -> Any:
    with work.store.writing() as session:
        return verb(session)


JOBS = (
    Job(CLOCKS, watch, every=timedelta(minutes=10)),
    Job(TODAY, list_today, at="08:00"),
)
