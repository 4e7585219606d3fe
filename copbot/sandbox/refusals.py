"""What was refused and why: tests look here at the end, and the inspector shows it."""

from collections import deque
from typing import Any

KEPT = 2_000


class RefusalLog:
    def __init__(self) -> None:
        self.entries: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def add(self, where: str, error: str, messages: list[str] | None = None) -> None:
        self.entries.append({"where": where, "error": error, "messages": messages or []})
