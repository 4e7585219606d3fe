"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.people import listeners, notices
from copbot.people.agencies import listeners as agencies
from copbot.people.profiles import listeners as profiles
from copbot.people.staff import listeners as staff
from copbot.people.upkeep import jobs

ENTRANCES = (*listeners.ENTRANCES, *profiles.ENTRANCES, *staff.ENTRANCES, *agencies.ENTRANCES)
NOTICES, READERS = notices.NOTICES, notices.READERS
JOBS = jobs.JOBS
