"""What this room plugs into the app."""

from __future__ import annotations

from copbot.followup.jobs import JOBS
from copbot.followup.listeners import ENTRANCES
from copbot.followup.notices import NOTICES, READERS

__all__ = ["ENTRANCES", "JOBS", "NOTICES", "READERS"]
