"""Waiting for facts, and how long things may take on a machine that has other things to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

PATIENCE = 60.0
"""Seconds until a fact that has not come is said never to come. A test that passes waits for none of them."""

Found = TypeVar("Found")


def eventually(look: Callable[[], Found | None], what: str = "", within: float = PATIENCE) -> Found:
    """What `look` returns, once that is true; fails when it never is."""
    deadline = time.monotonic() + within
    while True:
        began = time.thread_time()
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"still waiting for {what or look}"
        # A look that costs much is made less often: it takes its time from what is waited for.
        time.sleep(min(0.1, max(0.01, 4 * (time.thread_time() - began))))


def on_a_core() -> tuple[int, int]:
    """Nanoseconds for which this process has been on a core, and for which it waited to be let on one.

    Of its main thread; only Linux tells, elsewhere it never waited.
    """
    with suppress(OSError, ValueError):
        ran, waited, _ = Path("/proc/self/schedstat").read_text().split()
        return int(ran), int(waited)
    return 1, 0


def at_most(seconds: float) -> float:
    """So many seconds of a machine that has nothing else to do: more by as much as this one is busy."""
    ran, waited = on_a_core()
    return seconds * (ran + waited) / max(1, ran)
