"""What this room's service hands to its screens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """`count` open requests of `owner` go to `to`; `kept`: confidential ones, which only a lead may get."""

    owner: str
    to: str
    count: int
    kept: int
