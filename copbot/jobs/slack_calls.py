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
"""Seconds between two pages; `wait` also sees whether the job is still ours."""
MOST_REPEATS = 3


def ask_slack(work: Work, method: str, **args: Any) -> dict[str, Any]:
    """The answer. Raises `SlackError`; pauses of up to a minute and a half are waited for."""
    repeats = 0
    while True:
        try:
            answer: dict[str, Any] = work.gateway.call(method, **args)
        except RateLimited as error:
            if error.retry_after > LONGEST_PAUSE:
                raise
            wait(work, error.retry_after)
        except NeverConnected:
            repeats += 1
            if repeats > MOST_REPEATS:
                raise
            wait(work, 0.5 * repeats)
        else:
            return answer


def all_of(
    work: Work, method: str, name: str, *, size: int = PAGE, of: type = dict, **args: Any
) -> Iterator[Any]:
    """Every entry (an `of`) of a list of Slack's, page by page. Raises `SlackError` at the page that cannot be had.

    A page that is not whole, or a list without an end, cannot be had either.
    """
    number, more = 0, dict[str, Any]()
    while True:
        page, cursor = page_of(ask_slack(work, method, limit=size, **args, **more), name, method, of=of)
        yield from page
        if not cursor:
            return
        number, more = number + 1, {"cursor": cursor}
        go_on(number, method)
        wait(work, PAGE_PAUSE)


def wait(work: Work, seconds: float) -> None:
    """Ends with `CutOff` when the process is stopping."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        work.progress(0, 1)
        time.sleep(min(left, 0.2))
