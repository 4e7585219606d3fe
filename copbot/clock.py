"""The only source of programme time: due times, slots, lateness. Leases and timeouts use machine time instead."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Protocol

_LAST = 253_402_300_000
"""The last second a date can have, nearly: the end of the year 9999."""


class Clock(Protocol):
    """Anything that tells programme time."""

    def now(self) -> datetime:
        """The current programme time, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A time that moves only when told to; for tests and for printing a past or coming day."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def read_moment(body: bytes) -> float:
    """Unix seconds from a clock's answer: `{"now": 1700000000.5}`, a bare number, or an ISO 8601 time."""
    text = body.decode().strip()
    try:
        told = json.loads(text)
    except ValueError:
        told = text
    if isinstance(told, dict):
        told = told.get("now")
    if isinstance(told, int | float) and not isinstance(told, bool):
        if not 0 <= told <= _LAST:
            raise ValueError("not a moment")
        return float(told)
    moment = datetime.fromisoformat(str(told))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


class FollowedClock:
    """Follows another clock over HTTP (`COPBOT_CLOCK_URL`), asked a few times a second.

    Between answers it runs on at the machine's pace; when the other clock cannot be
    reached it keeps the last known distance, so that time never stands still.
    """

    def __init__(self, url: str, *, every: float = 0.4) -> None:
        self._url = url
        self._every = every
        self._ahead = 0.0
        self._stop = threading.Event()
        self._follow()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)
        self._thread.start()

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._ahead, UTC)

    def close(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            self._follow()

    def _follow(self) -> None:
        try:
            with urllib.request.urlopen(self._url, timeout=2) as answer:  # noqa: S310 - the operator's own address
                self._ahead = read_moment(answer.read()) - time.time()
        except (OSError, ValueError, HTTPException):
            return
