"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.digests import listeners as all_of_them
from copbot.digests.editions import jobs, listeners, notices, placing
from copbot.digests.subscriptions import jobs as personal_jobs
from copbot.digests.subscriptions import listeners as personal
from copbot.digests.subscriptions import notices as personal_notices
from copbot.digests.subscriptions import service

ENTRANCES = (*personal.ENTRANCES, *all_of_them.ENTRANCES, *listeners.ENTRANCES)
NOTICES = {**notices.NOTICES, **personal_notices.NOTICES}
READERS = {**notices.READERS, **personal_notices.READERS}
CHOSEN = (placing.named_channels, service.followers)
"""Where leads send the program's digest, and the members who chose one of their own: asked by rooms beside this one."""
JOBS = (*jobs.JOBS, *personal_jobs.JOBS)
