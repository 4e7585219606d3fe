"""What a search hands out."""

from __future__ import annotations

from dataclasses import dataclass

from copbot.resources.library.values import Resource
from copbot.resources.search.rules import Query, Ranked


@dataclass(frozen=True)
class Found:
    """A resource with why it stands where it does."""

    resource: Resource
    why: Ranked


@dataclass(frozen=True)
class Results:
    """One page. `total` counts what can be paged through, at most 200; `more` says that there is more than that.

    `instead` are the words that were searched for where the typed ones are not known; `without` those given up.
    `elsewhere`: nothing is near the place, so these are from other places. `is_empty`: the library holds nothing.
    """

    query: Query
    items: tuple[Found, ...] = ()
    start: int = 0
    total: int = 0
    more: bool = False
    instead: str = ""
    without: tuple[str, ...] = ()
    elsewhere: bool = False
    is_empty: bool = False
