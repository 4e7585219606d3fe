"""Calls to Slack from within a job: a pause that Slack asks for is kept, page follows page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from copbot.jobs.work import Work
from copbot.slack.errors import NeverConnected, RateLimited
from copbot.slack.pages import go_on, page_of

LONGEST_PAUSE = 90.0
PAGE = 200
PAGE_PAUSE = 0.2
"""Seconds between two pages."""
MOST_REPEATS = 3


def ask_slack(work: Work, method: str, **args: Any) -> dict[str, Any]:
    """The answer. Raises `SlackError`; pauses of up to a minute and a half are waited for."""
    return _ask(work, method, args)[0]


def _ask(work: Work, method: str, args: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """The answer, and the seconds that Slack asked to wait for it."""
    repeats, waited = 0, 0.0
    while True:
        try:
            return work.gateway.call(method, **args), waited
        except RateLimited as error:
            if error.retry_after > LONGEST_PAUSE:
                raise
            waited = error.retry_after
            wait(work, waited)
        except NeverConnected:
            repeats += 1
            if repeats > MOST_REPEATS:
                raise
            wait(work, 0.5 * repeats)


def pages(
    work: Work, method: str, name: str, *, size: int = PAGE, of: type = dict, cursor: str = "", **args: Any
) -> Iterator[tuple[list[Any], str]]:
    """Each page of a list of Slack's (entries that are an `of`) with the cursor of the next, from `cursor` on.

    Raises `SlackError` at the page that cannot be had, which one that is not whole, or of a list without an end, cannot.
    """
    number, pause = 0, 0.0
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer, waited = _ask(work, method, {"limit": size, **args, **more})
        items, cursor = page_of(answer, name, method, of=of)
        yield items, cursor
        if not cursor:
            return
        number += 1
        go_on(number, method)
        # Once Slack has said how long to wait, the pages that follow come no faster.
        pause = max(pause, waited)
        if pause:
            wait(work, pause)
        else:
            time.sleep(PAGE_PAUSE)


def all_of(work: Work, method: str, name: str, **how: Any) -> Iterator[Any]:
    """Every entry of a list of Slack's; `how` as in `pages`. Sees between two of them whether the job is still ours."""
    for items, cursor in pages(work, method, name, **how):
        yield from items
        if cursor:
            work.progress(0, 1)


def wait(work: Work, seconds: float) -> None:
    """Ends with `CutOff` when the process is stopping."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        work.progress(0, 1)
        time.sleep(min(left, 0.2))
