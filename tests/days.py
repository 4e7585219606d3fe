"""The day the suite lives on: every fixed clock stands on it, and every sandbox's workspace begins on it.

`make test DAY=2028-02-29` moves it. The machine's own date decides nothing, so that what passes
today passes on any day.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.sandbox import server
from copbot.sandbox.world import SlackTiming

USUAL = "2026-11-23"
"""A Monday on which the office is open, with an ordinary week around it."""

DAY = date.fromisoformat(os.environ.get("TEST_DAY") or USUAL)
MORNING = datetime(DAY.year, DAY.month, DAY.day, 15, 0, tzinfo=UTC)
"""Nine or ten in Wisconsin."""
NOON = MORNING + timedelta(hours=3)
"""Noon or one in Wisconsin."""
WISCONSIN = ZoneInfo("America/Chicago")


def day(offset: int = 0) -> str:
    """The day so many days from the suite's, as pickers and files write it: 2026-11-23."""
    return (DAY + timedelta(days=offset)).isoformat()


def moment(offset: int, hour: int, minute: int = 0) -> int:
    """Unix seconds of that time in Wisconsin, so many days from the suite's."""
    that_day = DAY + timedelta(days=offset)
    return int(
        datetime(that_day.year, that_day.month, that_day.day, hour, minute, tzinfo=WISCONSIN).timestamp()
    )


def month_day(offset: int = 0) -> str:
    """The same as a sentence has it: November 23."""
    found = DAY + timedelta(days=offset)
    return f"{found:%B} {found.day}"


def month_day_year(offset: int = 0) -> str:
    """The same with its year: November 23, 2026."""
    return f"{month_day(offset)}, {(DAY + timedelta(days=offset)).year}"


def to_monday() -> int:
    """Days until the first Monday from the suite's day on, for what is told of a week in its order."""
    return -DAY.weekday() % 7


def to_plain_monday() -> int:
    """Days until a Monday with nothing but weekdays around it: the second of the next April."""
    april = date(DAY.year + (DAY.month > 3), 4, 8)
    return (april - DAY).days + -april.weekday() % 7


def monday() -> str:
    """The Monday of the suite's week, as a day is written."""
    return day(-DAY.weekday())


CALM = SlackTiming(ack=15.0, trigger=15.0)
"""A Slack that waits longer for the bot than the real one, so that a busy machine fails no test."""


class Sandbox(server.Sandbox):
    """A sandbox that begins at noon of the suite's day; one that was kept in a file goes on where it was."""

    def __init__(self, manifest: dict[str, Any], **options: Any) -> None:
        kept = options.get("state_path")
        if kept is None or not kept.exists():
            options.setdefault("clock_offset", NOON.timestamp() - time.time())
        options.setdefault("timing", CALM)
        super().__init__(manifest, **options)
