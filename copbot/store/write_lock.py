"""Whose turn it is to write: one at a time, in the order of coming, people before work that nobody waits for."""

from __future__ import annotations

import threading
from collections import deque

PEOPLE_IN_A_ROW = 10
"""Then one of the others, if any waits: in a long rush they must get on, too."""


class FairWriteLock:
    """A lock handed from one to the next. An ordinary lock lets whoever is quickest take it again and again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._people: deque[threading.Lock] = deque()
        self._others: deque[threading.Lock] = deque()
        self._in_a_row = 0

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
            line = self._next_line()
            if line:
                line.popleft().release()
            else:
                self._taken = False

    def hand_to_person(self) -> bool:
        """Hand the turn to a person if it is one's turn; False: there is none, and the turn is still ours."""
        with self._guard:
            if self._next_is_person():
                self._in_a_row += 1
                self._people.popleft().release()
                return True
            return False

    def _next_is_person(self) -> bool:
        return bool(self._people) and not (self._others and self._in_a_row >= PEOPLE_IN_A_ROW)

    def _next_line(self) -> deque[threading.Lock]:
        if self._next_is_person():
            self._in_a_row += 1
            return self._people
        self._in_a_row = 0
        return self._others

    def _came_after_all(self, line: deque[threading.Lock], mine: threading.Lock) -> bool:
        with self._guard:
            if mine not in line:
                return True  # handed over in the moment we gave up
            line.remove(mine)
            return False
