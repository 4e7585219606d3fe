"""Jobs after Done: people are asked; answers are offered, published and taken back; messages follow their request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copbot.assistance.workflow.service import CHANGED
from copbot.followup import answers, peers, service, tables
from copbot.jobs.work import Job, Work
from copbot.people.upkeep.jobs import redraws_names
from copbot.program.settings.edits import effective


def ask(work: Work) -> dict[str, Any]:
    """Everybody whose turn it is, about one request a day; a few people in each transaction."""
    steps = 0
    for kind in (service.FEEDBACK, service.OUTCOME):
        after = -1
        while after:
            with work.store.writing() as session:
                profile, now = effective(session, work.profile), work.clock.now()
                after = service.ask_due(session, kind, max(after, 0), profile=profile, now=now)
            steps += 1
            work.progress(steps, steps + bool(after))
    return {"steps": steps}


def keep_up(work: Work) -> dict[str, Any]:
    """Shared answers are offered once, published after their hold, and taken back with their consent."""
    with work.store.writing() as session:
        profile, now = effective(session, work.profile), work.clock.now()
        offered = answers.offer_due(session, profile=profile, now=now)
        return {"offered": offered, "settled": answers.settle_all(session, profile=profile, now=now)}


def follow(work: Work) -> dict[str, Any]:
    """One request's words, or who may read them, have changed."""
    ident, now = int(work.args["request"]), work.clock.now()
    with work.store.writing() as session:
        answers.settle(session, ident, profile=effective(session, work.profile), now=now)
    return {}


def redraw_peers(work: Work) -> dict[str, Any]:
    """Messages of suggestions follow a change of their request's readers."""
    with work.store.writing() as session:
        peers.redraw(session, int(work.args["request"]), work.clock.now())
    return {}


JOBS = (
    Job("followup.ask", ask, at="10:00"),
    Job("followup.answers", keep_up, every=timedelta(minutes=10)),
    redraws_names("followup.renamed", answers.CARD, tables.naming),
    Job("followup.follow", follow, after=CHANGED),
    Job("followup.peers", redraw_peers, after=CHANGED),
)
