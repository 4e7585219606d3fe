"""Read the staff channel when something waits for it, and each minute while it cannot be used."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import structlog

from copbot.clock import Clock
from copbot.errors import Busy
from copbot.jobs import service as jobs
from copbot.jobs.work import CutOff, Work
from copbot.people import service as people
from copbot.people.jobs import staff_reread
from copbot.people.rules import STAFF_REREAD
from copbot.people.staff_channel import service
from copbot.people.staff_channel.rules import FRESH_FOR
from copbot.program.profile import Profile
from copbot.slack.entrances import Wiring
from copbot.slack.errors import Refused, Unsure
from copbot.store import Store, new_uid

log = structlog.get_logger("people")

LONGEST = 15.0
"""Machine seconds that a message waits at most for a reading; the job goes on after that."""
LONGEST_PAUSE = 30.0
"""Machine seconds between two readings that fail."""
_CHANGED = "changed"
_NOT_THERE = ("", "missing", "not_found")
"""Problems that no reading by itself ends: there is none, or it must be chosen, or the app invited."""


class StaffChannelReader:
    """Reads the staff channel outside the runner of jobs: a message that waits cannot wait for long jobs as well."""

    def __init__(self, store: Store, gateway: Any, clock: Clock, profile: Profile, wiring: Wiring) -> None:
        self._store = store
        self._clock = clock
        self._work = Work(store, gateway, clock, profile, {}, lambda _done, _of: None, wiring)
        self._failures, self._again_at = 0, 0.0

    def read_first(self) -> None:
        """Read it now, because a message waits for it; what cannot be read stays unread.

        Raises `NeverConnected` and `RateLimited`. When the reading ends a problem or finds others there than before,
        the job is asked for as well: what follows from that, other jobs do after it.
        """
        if time.monotonic() < self._again_at:
            return  # it has just failed, and many may wait for it
        with self._store.reading() as session:
            before = people.staff_channel(session).problem
        found = self._read()
        if found is None:
            self._failures += 1
            self._again_at = time.monotonic() + min(2.0 ** (self._failures - 1), LONGEST_PAUSE)
        else:
            self._failures = 0
            if before and not found.get("problem"):
                self._ask("fit")
            elif any(found.get(each) for each in ("joined", "left", "leads")):
                self._ask(_CHANGED)

    def _read(self) -> dict[str, Any] | None:
        """What the reading found; None when it came to no end."""
        until = time.monotonic() + LONGEST

        def progress(_done: int, _of: int) -> None:
            if time.monotonic() > until:
                raise CutOff

        try:
            return staff_reread(replace(self._work, progress=progress))
        except (Refused, Unsure) as error:
            log.warning("staff_channel_unread", code=error.code)
        except CutOff:
            self._ask("long")
        except Busy:
            pass
        return None

    def ask_while_unfit(self) -> bool:
        """A staff channel that cannot be used is read again each minute; whether the job was asked for now."""
        now = self._clock.now()
        with self._store.reading() as session:
            known, reading = people.staff_channel(session), service.last_reading(session)
        if known.problem in _NOT_THERE or (reading.at is not None and abs(now - reading.at) < FRESH_FOR):
            return False
        return self._ask(f"unfit:{now:%Y-%m-%dT%H:%M}")

    def _ask(self, why: str) -> bool:
        now = self._clock.now()
        key = f"{STAFF_REREAD}:{why}" if why.startswith("unfit") else f"{STAFF_REREAD}:{why}:{new_uid()}"
        with self._store.writing() as session:
            if why == _CHANGED and jobs.is_waiting(session, STAFF_REREAD):
                return False  # an event has asked for it already
            return jobs.enqueue(session, STAFF_REREAD, key=key, now=now) is not None
