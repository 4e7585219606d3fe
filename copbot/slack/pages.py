"""One page of a list of Slack's, believed only when it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from copbot.slack.errors import Unsure

NOT_WHOLE, ENDLESS = "not_whole", "endless"
MOST_PAGES = 200
"""No list of a workspace this app is made for is longer; one that is has no end."""


def page_of(answer: Mapping[str, Any], name: str, method: str, *, of: type = dict) -> tuple[list[Any], str]:
    """The entries under `name` (each an `of`) and the cursor of the next page, empty after the last.

    Raises `Unsure` when the list is missing or broken, or there is more without a way to get it.
    """
    entries, more = answer.get(name), answer.get("response_metadata") or {}
    cursor = (more.get("next_cursor") or "") if isinstance(more, dict) else None
    whole = isinstance(entries, list) and all(isinstance(each, of) for each in entries)
    if not whole or not isinstance(cursor, str) or (answer.get("has_more") and not cursor):
        raise Unsure(NOT_WHOLE, method)
    return list(entries or ()), cursor


def go_on(number: int, method: str, most: int = MOST_PAGES) -> None:
    """Called after `number` pages when there is another one. Raises `Unsure` for a list without an end."""
    if number >= most:
        raise Unsure(ENDLESS, method)
