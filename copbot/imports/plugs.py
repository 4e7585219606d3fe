"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.imports.drops import jobs as drop_jobs
from copbot.imports.drops import listeners as drops
from copbot.imports.drops import notices as drop_notices
from copbot.imports.links import jobs as link_jobs
from copbot.imports.links import listeners as links
from copbot.imports.links import notices as link_notices
from copbot.imports.sources import jobs as source_jobs
from copbot.imports.sources import listeners as sources
from copbot.imports.sources import notices as source_notices

ENTRANCES = (*sources.ENTRANCES, *links.ENTRANCES, *drops.ENTRANCES)
NOTICES = {**source_notices.NOTICES, **link_notices.NOTICES, **drop_notices.NOTICES}
READERS = {**source_notices.READERS, **link_notices.READERS, **drop_notices.READERS}
JOBS = (*source_jobs.JOBS, *link_jobs.JOBS, *drop_jobs.JOBS)
