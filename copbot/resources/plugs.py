"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.resources import notices
from copbot.resources.guide import listeners as guide
from copbot.resources.library import jobs
from copbot.resources.library import listeners as library
from copbot.resources.library.readers import is_known_contact
from copbot.resources.search import listeners as search

ENTRANCES = (*search.ENTRANCES, *guide.ENTRANCES, *library.ENTRANCES)
NOTICES, READERS, JOBS = notices.NOTICES, notices.READERS, jobs.JOBS

__all__ = ["ENTRANCES", "JOBS", "NOTICES", "READERS", "is_known_contact"]
