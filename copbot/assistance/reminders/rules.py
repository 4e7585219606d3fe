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

    @property
    def packed(self) -> str:
        """As a message's subject holds it: the message says what was so that morning, whenever it is drawn."""
        return f"{self.open}.{self.late}.{self.unassigned}.{self.waiting}"

    @classmethod
    def unpacked(cls, packed: str) -> OpenCounts:
        return cls(*map(int, packed.split(".")))
