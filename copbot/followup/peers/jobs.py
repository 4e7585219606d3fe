"""Job: messages of suggestions follow a change of their request's readers."""

from __future__ import annotations

from typing import Any

from copbot.assistance.workflow.service import CHANGED
from copbot.followup.peers import service
from copbot.jobs.work import Job, Work


def redraw(work: Work) -> dict[str, Any]:
    with work.store.writing() as session:
        service.redraw(session, int(work.args["request"]), work.clock.now())
    return {}


JOBS = (Job("followup.peers", redraw, after=CHANGED),)
