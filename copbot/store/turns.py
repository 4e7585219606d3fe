"""Whose turn it is to write: one at a time, in the order of coming, people before work that nobody waits for."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A lock handed from one to the next. An ordinary lock lets whoever is quickest take it again and again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._people: deque[threading.Lock] = deque()
        self._others: deque[threading.Lock] = deque()

    @property
    def taken(self) -> bool:
        return self._taken

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._people) + len(self._others)

    def take(self, within: float, *, first: bool) -> bool:
        """Wait for the turn at most so many seconds; whether it came. `first`: before those who are not."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            line = self._people if first else self._others
            line.append(mine)
        return mine.acquire(timeout=within) or self._came_after_all(line, mine)

    def give(self) -> None:
        """Hand the turn on."""
        with self._guard:
            line = self._people or self._others
            if line:
                line.popleft().release()
            else:
                self._taken = False

    def _came_after_all(self, line: deque[threading.Lock], mine: threading.Lock) -> bool:
        with self._guard:
            if mine not in line:
                return True  # handed over in the moment we gave up
            line.remove(mine)
            return False
