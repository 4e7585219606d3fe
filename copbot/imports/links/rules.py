"""What an answer says of a link, and when it counts as dead. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Result = Literal["ok", "not_checked", "missing"]

MONTH, RETRY = timedelta(days=30), timedelta(days=3, hours=12)
BETWEEN = timedelta(days=3)
"""Between two dead links that one owner is asked about."""
DEAD_AFTER = timedelta(days=7)
"""From the first time an address was missing to the third."""
MISSES = 3


@dataclass(frozen=True)
class LinkState:
    """What is known of a link. `misses` counts answers in a row that nothing is there, `missed_since` is the first."""

    result: str = ""
    misses: int = 0
    missed_since: datetime | None = None


def result_of(status: int = 0, code: str = "") -> Result:
    """What an answer's status, or the fetch guard's refusal, says: only “not there” and “no such name” count against a link."""
    if 200 <= status < 400:
        return "ok"
    return "missing" if status in (404, 410) or code == "no_such_name" else "not_checked"


def after(state: LinkState, result: Result, now: datetime) -> tuple[LinkState, datetime]:
    """What is known now, and when to look again."""
    if result == "ok":
        return LinkState("ok"), now + MONTH
    if result == "not_checked":
        # Says nothing about the link, for or against it.
        return LinkState("not_checked", state.misses, state.missed_since), now + MONTH
    since = state.missed_since or now
    seen = LinkState("missing", state.misses + 1, since)
    return seen, now + (MONTH if is_dead(seen, now) else RETRY)


def is_dead(state: LinkState, now: datetime) -> bool:
    """Whether its owner is to be asked: missing three times, over a week at least."""
    return (
        state.misses >= MISSES and state.missed_since is not None and now - state.missed_since >= DEAD_AFTER
    )
