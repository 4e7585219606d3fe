"""What a job is, and what it is given to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from copbot.clock import Clock
from copbot.jobs import rules
from copbot.store import Store


class CutOff(Exception):
    """The job must end here: the process is stopping, or another one has taken it over.

    Raised out of `progress`; a job lets it pass. It will run again from the start.
    """


@dataclass(frozen=True)
class Work:
    """Given to a job. `progress(n, of)` is called between steps: it tells people, and may raise `CutOff`."""

    store: Store
    gateway: Any
    clock: Clock
    profile: Any
    args: Mapping[str, Any]
    progress: Callable[[int, int], None]
    wiring: Any = None


Run = Callable[[Work], dict[str, Any] | None]


@dataclass(frozen=True)
class Job:
    """A kind of work. It may be cut off anywhere and run again, so each step asks whether it is done already.

    The clock asks for it once in each stretch of time (`every`), or once each day from a time of day in the
    program's zone to midnight (`at="08:00"`); whatever tells people something unasked belongs there. `after`: the
    good end of a job of that name asks for it, too, with the same arguments. What `run` returns is kept as the
    result: numbers and ids, no text of people's. `slow`: it may take minutes, so it never takes the worker that is
    kept free for the others. `rereads`: it reads again what Slack's events tell, so it is asked for at each start
    and when a lost connection is back.
    """

    name: str
    run: Run = field(repr=False)
    every: timedelta | None = None
    at: str = ""
    after: str = ""
    slow: bool = False
    rereads: bool = False

    def __post_init__(self) -> None:
        if self.every is not None and self.at:
            raise ValueError(f"{self.name}: `every` and `at` exclude each other")
        if self.at:
            time.fromisoformat(self.at)

    def slot(self, now: datetime, time_zone: str) -> str:
        """The key of the slot that `now` lies in; empty when no clock asks for this job, or not yet today."""
        if self.at:
            return rules.daily_key(self.name, now, time.fromisoformat(self.at), time_zone)
        return f"{self.name}:{rules.slot(now, self.every)}" if self.every else ""
