"""What this room plugs into the app, from its sub-rooms."""

from __future__ import annotations

from copbot.digests import listeners
from copbot.digests.editions import listeners as editions
from copbot.digests.editions import placing
from copbot.digests.jobs import JOBS
from copbot.digests.notices import NOTICES, READERS
from copbot.digests.subscriptions import listeners as personal
from copbot.digests.subscriptions import service

__all__ = ["CHOSEN", "ENTRANCES", "JOBS", "NOTICES", "READERS"]

ENTRANCES = (*personal.ENTRANCES, *listeners.ENTRANCES, *editions.ENTRANCES)
CHOSEN = (placing.named_channels, service.followers)
"""Where leads send the program's digest, and the members who chose one of their own: asked by rooms beside this one."""
