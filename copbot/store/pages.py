"""One shape for every list that is read page by page: messages, Home and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """`items` of this page, and the key after which the next page starts (None: there is none)."""

    items: tuple[Item, ...]
    next: int | None = None
