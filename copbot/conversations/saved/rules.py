"""A saved answer, and how long its parts may be."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_NAME, LONGEST = 80, 3000


@dataclass(frozen=True)
class SavedAnswer:
    id: int
    name: str
    text: str
