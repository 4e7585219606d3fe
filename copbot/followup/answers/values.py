"""An answer to share, as its card shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SharedAnswer:
    """`author` and `approver` are names; the second is empty while nobody has approved it."""

    state: str
    version: int
    question: str
    answer: str
    topics: tuple[str, ...]
    author: str
    approver: str
