"""What this room plugs into the app."""

from __future__ import annotations

from copbot.digests.editions.placing import named_channels
from copbot.digests.jobs import JOBS
from copbot.digests.listeners import ENTRANCES
from copbot.digests.notices import NOTICES, READERS
from copbot.digests.subscriptions.service import followers

__all__ = ["CHOSEN", "ENTRANCES", "JOBS", "NOTICES", "READERS"]

CHOSEN = (named_channels, followers)
"""Where leads send the program's digest, and the members who chose one of their own: asked by rooms beside this one."""
