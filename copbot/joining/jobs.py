"""The job that makes sure: whoever is in the workspace and was not there before has been welcomed."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any

from copbot.jobs.slack_calls import all_of
from copbot.jobs.work import Job, Work
from copbot.joining import service, tables
from copbot.people.upkeep.jobs import redraws_names
from copbot.program.settings.service import choose

REREAD = "joining.reread"
_AT_ONCE = 50
_PAGE = 999
"""People whom Slack names in one answer: most workspaces are read in one call."""


def reread(work: Work) -> dict[str, Any]:
    """Everybody, page by page. The first time whoever is here was here before, and is not welcomed."""
    users, welcomed, looked = all_of(work, "users.list", "members", size=_PAGE), 0, 0
    how = {"team": work.gateway.team, "profile": work.profile}
    while page := list(islice(users, _AT_ONCE)):
        with work.store.writing() as session:
            welcomed += service.take_page(session, page, **how, now=work.clock.now())
        looked += len(page)
        work.progress(looked, looked + 1)
    with work.store.writing() as session:
        choose(session, service.BASELINE, True, by="joining", now=work.clock.now())
    return {"looked_at": looked, "welcomed": welcomed}


JOBS = (
    redraws_names("joining.renamed", None, tables.subjects_about),
    Job(REREAD, reread, every=timedelta(hours=6), slow=True, rereads=True),
)
