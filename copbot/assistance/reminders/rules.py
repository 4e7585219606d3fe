"""What is counted for the morning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OpenCounts:
    """Open requests that all staff may read of: how many, and how many of them late, without an owner, waiting."""

    open: int
    late: int
    unassigned: int
    waiting: int
