"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.followup import jobs, listeners, notices
from copbot.followup.answers import jobs as answer_jobs
from copbot.followup.answers import listeners as answer_listeners
from copbot.followup.answers import notices as answer_notices
from copbot.followup.peers import jobs as peer_jobs
from copbot.followup.peers import listeners as peer_listeners
from copbot.followup.peers import notices as peer_notices

ENTRANCES = (*listeners.ENTRANCES, *answer_listeners.ENTRANCES, *peer_listeners.ENTRANCES)
JOBS = (*jobs.JOBS, *answer_jobs.JOBS, *peer_jobs.JOBS)
NOTICES = {**notices.NOTICES, **answer_notices.NOTICES, **peer_notices.NOTICES}
READERS = {**notices.READERS, **answer_notices.READERS, **peer_notices.READERS}
