"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.imports import notices
from copbot.imports.drops import jobs as drop_jobs
from copbot.imports.drops import listeners as drops
from copbot.imports.exports import listeners as exports
from copbot.imports.links import jobs as link_jobs
from copbot.imports.links import listeners as links
from copbot.imports.sources import jobs as source_jobs
from copbot.imports.sources import listeners as sources

ENTRANCES = (*sources.ENTRANCES, *links.ENTRANCES, *drops.ENTRANCES, *exports.ENTRANCES)
NOTICES, READERS = notices.NOTICES, notices.READERS
JOBS = (*source_jobs.JOBS, *link_jobs.JOBS, *drop_jobs.JOBS)
