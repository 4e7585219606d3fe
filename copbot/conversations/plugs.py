"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.conversations.confidential import closed_to
from copbot.conversations.relay import jobs as relay_jobs
from copbot.conversations.relay import listeners as relay_listeners
from copbot.conversations.relay import notices as relay_notices
from copbot.conversations.replies import jobs, listeners, notices

__all__ = ["ENTRANCES", "JOBS", "NOTICES", "READERS", "closed_to"]

ENTRANCES = (*relay_listeners.ENTRANCES, *listeners.ENTRANCES)
NOTICES = {**relay_notices.NOTICES, **notices.NOTICES}
READERS = {**relay_notices.READERS, **notices.READERS}
JOBS = (*relay_jobs.JOBS, *jobs.JOBS)
