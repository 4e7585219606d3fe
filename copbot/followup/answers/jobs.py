"""The job of shared answers: offered once, published after their hold, taken back with their consent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copbot.assistance.workflow.service import CHANGED
from copbot.followup.answers import service
from copbot.jobs.work import Job, Work
from copbot.people import service as people
from copbot.program.settings.edits import effective


def keep_up(work: Work) -> dict[str, Any]:
    with work.store.writing() as session:
        profile, now = effective(session, work.profile), work.clock.now()
        offered = service.offer_due(session, profile=profile, now=now)
        return {"offered": offered, "settled": service.settle_all(session, profile=profile, now=now)}


def redraw_names(work: Work) -> None:
    with work.store.writing() as session:
        user = people.person_of(session, int(work.args["person"])).user
        service.redraw_names(session, user, now=work.clock.now())


def follow(work: Work) -> dict[str, Any]:
    """One request's words, or who may read them, have changed."""
    ident, now = int(work.args["request"]), work.clock.now()
    with work.store.writing() as session:
        service.settle(session, ident, profile=effective(session, work.profile), now=now)
    return {}


JOBS = (
    Job("followup.answers", keep_up, every=timedelta(minutes=10)),
    Job("followup.renamed", redraw_names, after=people.RENAMED),
    Job("followup.follow", follow, after=CHANGED),
)
