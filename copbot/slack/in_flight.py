"""Whether somebody waits for an answer right now. What can wait a moment gives way to answers."""

from __future__ import annotations

from threading import Condition, Lock


class InFlight:
    """Counts what has arrived and is not acked yet."""

    def __init__(self) -> None:
        self._lock = Condition(Lock())
        self._waiting = 0

    def arrived(self) -> None:
        with self._lock:
            self._waiting += 1

    def answered(self) -> None:
        with self._lock:
            self._waiting -= 1
            if not self._waiting:
                self._lock.notify_all()

    def wait(self, most: float) -> bool:
        """Until nobody waits for an answer, at most so many seconds; whether it is calm."""
        if not self._waiting:
            return True
        with self._lock:
            return self._lock.wait_for(lambda: not self._waiting, most)
