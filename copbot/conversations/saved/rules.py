"""A saved answer, and how long its parts may be."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_NAME, LONGEST = 80, 3000
MOST = 90
"""Saved answers of a program: all stand in one list."""


@dataclass(frozen=True)
class SavedAnswer:
    id: int
    name: str
    text: str
