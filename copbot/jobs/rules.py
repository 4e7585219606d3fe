"""Pure decisions about jobs: their slots, when a failed one runs again, and when it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from copbot.program.calendar.hours import instant_of

MOST_TRIES = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class JobState(StrEnum):
    DUE = "due"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class JobTiming:
    """Machine seconds. A runner that is alive renews its lease three times before it ends."""

    lease: float = 60.0
    heartbeat: float = 20.0
    tick: float = 1.0
    backoff: float = 2.0
    progress: float = 0.5


def slot(now: datetime, every: timedelta) -> str:
    """The name of the stretch of time `now` lies in: the same for every process, another for the next one."""
    length = int(every.total_seconds())
    if length < 1:
        raise ValueError("a job may run at most once a second")
    number = int((now - EPOCH).total_seconds()) // length
    return (EPOCH + timedelta(seconds=number * length)).strftime("%Y-%m-%dT%H:%M:%SZ")


def daily_key(name: str, now: datetime, at: time, time_zone: str) -> str:
    """Today in the zone, as a key; empty before `at` (wall-clock time there).

    A day that was missed is not made up for the night after: what is for the morning would come then, and not again
    in the morning. A time that a day does not have, in spring, is the next valid one; of one that comes twice the
    first counts.
    """
    day = now.astimezone(ZoneInfo(time_zone)).date()
    return f"{name}:{day.isoformat()}" if instant_of(time_zone, datetime.combine(day, at)) <= now else ""


def runs_again(tries: int) -> bool:
    """Whether a job that failed or was cut off this many times gets another try."""
    return tries < MOST_TRIES


def backoff(tries: int, unit: float) -> float:
    """Seconds until the next try: 1, 2, 4, 8 units."""
    return unit * 2.0 ** max(tries - 1, 0)
