"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.conversations.confidential import closed_to
from copbot.conversations.relay import jobs, listeners, notices

__all__ = ["ENTRANCES", "JOBS", "NOTICES", "READERS", "closed_to"]

ENTRANCES = listeners.ENTRANCES
NOTICES, READERS = notices.NOTICES, notices.READERS
JOBS = jobs.JOBS
