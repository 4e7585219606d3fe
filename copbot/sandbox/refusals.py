"""What was refused and why: tests look here at the end, and the inspector shows it."""

from collections import deque
from collections.abc import Callable
from typing import Any

KEPT = 2_000


class RefusalLog:
    def __init__(
        self, now: Callable[[], float] = lambda: 0.0, changed: Callable[[], None] = lambda: None
    ) -> None:
        self.entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.moments: deque[float] = deque(maxlen=KEPT)
        self._now, self._changed = now, changed

    def add(self, where: str, error: str, messages: list[str] | None = None) -> None:
        self.entries.append({"where": where, "error": error, "messages": messages or []})
        self.moments.append(self._now())
        self._changed()
