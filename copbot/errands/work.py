"""What an errand is, and what it is given to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from copbot.clock import Clock
from copbot.store import Store


class CutOff(Exception):
    """The errand must end here: the process is stopping, or another one has taken it over.

    Raised out of `progress`; an errand lets it pass. It will run again from the start.
    """


@dataclass(frozen=True)
class Work:
    """Given to an errand. `progress(n, of)` is called between steps: it tells people, and may raise `CutOff`."""

    store: Store
    gateway: Any
    clock: Clock
    profile: Any
    args: Mapping[str, Any]
    progress: Callable[[int, int], None]
    wiring: Any = None


Run = Callable[[Work], dict[str, Any] | None]


@dataclass(frozen=True)
class Errand:
    """A kind of work. It may be cut off anywhere and run again, so each step asks whether it is done already.

    `every`: the clock asks for it once in each such stretch of time. `after`: the good end of an errand of
    that name asks for it, too. What `run` returns is kept as the result: numbers and ids, no text of people's.
    """

    name: str
    run: Run = field(repr=False)
    every: timedelta | None = None
    after: str = ""
