"""What this room plugs into the app, which tells it whom digests go to: neither of the two rooms knows the other."""

from __future__ import annotations

from typing import Any

from copbot.alerts import jobs, listeners
from copbot.alerts.notices import NOTICES, READERS
from copbot.alerts.service import DigestReaders


class Alerts:
    NOTICES, READERS = NOTICES, READERS

    def __init__(self, *readers: Any) -> None:
        self.ENTRANCES = listeners.entrances(DigestReaders(*readers))
        self.JOBS = jobs.jobs(DigestReaders(*readers))
