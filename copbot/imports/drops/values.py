"""A dropped file as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Drop:
    """A dropped file as it is now; see the table for its fields."""

    uid: str
    file: str
    name: str
    by: str
    state: str
    trouble: str
    publish: bool
    chosen: Mapping[str, str]
    seen: Mapping[str, Any]
    import_id: int | None
    done: int
    of: int

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(self.seen.get("headings", ()))
