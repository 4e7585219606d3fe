"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.digests import listeners as all_of_them
from copbot.digests.editions import jobs, listeners, notices
from copbot.digests.subscriptions import jobs as personal_jobs
from copbot.digests.subscriptions import listeners as personal
from copbot.digests.subscriptions import notices as personal_notices

ENTRANCES = (*personal.ENTRANCES, *all_of_them.ENTRANCES, *listeners.ENTRANCES)
NOTICES = {**notices.NOTICES, **personal_notices.NOTICES}
READERS = {**notices.READERS, **personal_notices.READERS}
JOBS = (*jobs.JOBS, *personal_jobs.JOBS)
