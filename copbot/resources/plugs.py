"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.resources.guide import listeners as guide
from copbot.resources.library import jobs, notices
from copbot.resources.library import listeners as library
from copbot.resources.library.readers import is_known_contact
from copbot.resources.search import listeners as search
from copbot.resources.search import notices as search_notices

ENTRANCES = (*search.ENTRANCES, *guide.ENTRANCES, *library.ENTRANCES)
NOTICES = {**notices.NOTICES, **search_notices.NOTICES}
READERS = {**notices.READERS, **search_notices.READERS}
JOBS = jobs.JOBS

__all__ = ["ENTRANCES", "JOBS", "NOTICES", "READERS", "is_known_contact"]
