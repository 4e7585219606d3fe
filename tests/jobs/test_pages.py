"""Lists of Slack's read page by page: whole pages only, never without end, at a pace, and while the job is ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from copbot.clock import FixedClock
from copbot.jobs import slack_calls
from copbot.jobs.slack_calls import all_of
from copbot.jobs.work import CutOff, Work
from copbot.slack.errors import Unsure
from copbot.slack.pages import MOST_PAGES
from tests.jobs.kit import NOON


class Pages:
    """A Slack that answers with these pages; after the last, with it again and a cursor of its own."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self._answers = answers
        self.asked = 0

    def call(self, _method: str, /, **_args: Any) -> dict[str, Any]:
        answer = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        more = {"next_cursor": f"page{self.asked}"}
        return (
            answer
            if self.asked < len(self._answers) or "end" in answer
            else {**answer, "response_metadata": more}
        )


def work(pages: Pages, progress: Callable[[int, int], None] = lambda _n, _of: None) -> Work:
    return Work(None, pages, FixedClock(NOON), None, {}, progress)  # type: ignore[arg-type]


def read(pages: Pages, *, of: type = dict) -> Iterable[Any]:
    return list(all_of(work(pages), "users.list", "members", of=of))


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": True},
        {"members": None},
        {"members": {}},
        {"members": [None]},
        {"members": ["U1"]},
        {"members": [], "has_more": True},
        {"members": [], "response_metadata": [1]},
        {"members": [], "response_metadata": {"next_cursor": 7}},
    ],
)
def test_a_page_that_is_not_whole_ends_the_reading(answer: dict[str, Any]) -> None:
    with pytest.raises(Unsure):
        read(Pages({**answer, "end": True}))


def test_a_list_without_end_is_left_after_so_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_calls, "PAGE_PAUSE", 0.0)
    pages = Pages({"members": ["U1"]})
    with pytest.raises(Unsure, match="endless"):
        read(pages, of=str)
    assert pages.asked == MOST_PAGES


def test_between_pages_the_job_may_be_cut_off() -> None:
    def cut(_n: int, _of: int) -> None:
        raise CutOff

    pages = Pages({"members": []})
    with pytest.raises(CutOff):
        list(all_of(work(pages, cut), "users.list", "members"))
    assert pages.asked == 1
