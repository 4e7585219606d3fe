"""The job that asks people, each morning on which the program is open."""

from __future__ import annotations

from typing import Any

from copbot.followup import service
from copbot.jobs.work import Job, Work
from copbot.program.settings.edits import effective


def ask(work: Work) -> dict[str, Any]:
    """Everybody whose turn it is, a few in each transaction."""
    asked = 0
    while True:
        with work.store.writing() as session:
            profile = effective(session, work.profile)
            count = service.ask_due(session, profile=profile, now=work.clock.now())
        asked += count
        work.progress(asked, asked + bool(count))
        if not count:
            return {"asked": asked}


JOBS = (Job("followup.ask", ask, at="10:00"),)
