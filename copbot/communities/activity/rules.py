"""What is said in a community's channel, as numbers, and when one is quiet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Post:
    """A message in a community's channel, without its words and without who wrote them."""

    ts: str
    at: datetime
    asks: bool = False
    answers: int = 0
    reactions: int = 0


@dataclass
class WeekCount:
    posts: int = 0
    reactions: int = 0
    answers: int = 0


def is_quiet(last: datetime, now: datetime, after: timedelta) -> bool:
    return now - last >= after


def week_of(moment: datetime) -> date:
    """The Monday of that week, in UTC."""
    day = moment.date()
    return day - timedelta(days=day.weekday())


def by_week(posts: Iterable[Post]) -> dict[date, WeekCount]:
    """Counts only; a week in which nothing was posted is not in it."""
    weeks: dict[date, WeekCount] = {}
    for post in posts:
        week = weeks.setdefault(week_of(post.at), WeekCount())
        week.posts += 1
        week.reactions += post.reactions
        week.answers += post.answers
    return weeks
