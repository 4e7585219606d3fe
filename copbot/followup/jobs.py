"""The job that asks people, each morning on which the program is open."""

from __future__ import annotations

from typing import Any

from copbot.followup import service
from copbot.jobs.work import Job, Work
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


JOBS = (Job("followup.ask", ask, at="10:00"),)
