"""When people are asked after Done, and what they can answer. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.program.calendar.hours import BusinessHours, instant_of

BATCH = 5
"""Feedback is shown when so many answers wait, and never fewer of them at once."""
ASKED_FROM, ASKED_UNTIL = 10, 18
"""Hours of the program's day in which people are asked."""
FEEDBACK_WITHIN = timedelta(days=14)
OUTCOME_AFTER, OUTCOME_WITHIN = timedelta(days=90), timedelta(days=120)
"""How long after Done; what was missed for longer than that is not asked about any more."""

QUESTIONS: Mapping[str, str] = {
    "useful": "Was it useful?",
    "timely": "Did it come in time?",
    "will_use": "Will you use it?",
}
ANSWERS: Mapping[str, str] = {"yes": "Yes", "partly": "Partly", "no": "No"}
OUTCOMES: Mapping[str, str] = {
    "policy": "Changed policy",
    "practice": "Changed practice",
    "planned": "Planned",
    "not_yet": "Not yet",
}
BARRIERS: Mapping[str, str] = {
    "time": "Time or staff",
    "money": "Money or supplies",
    "leaders": "Decision makers or partners",
    "law": "Laws or rules",
    "fit": "It didn’t fit our work",
    "other": "Something else",
}
LONGEST_COMMENT = 1000

Counts = Mapping[str, Counter[str]]
"""By question, how often each answer was given."""


@dataclass(frozen=True)
class CameOfIt:
    """How many were asked and answered, what may be shown of it, and outcomes with their barriers."""

    asked: int
    answered: int
    feedback: Counts
    outcomes: Counter[str]
    barriers: Counter[str]


def asked_now(hours: BusinessHours, now: datetime) -> datetime | None:
    """The midnight by which a request must be delivered to be asked about now; None at times when nobody is asked."""
    local = now.astimezone(ZoneInfo(hours.time_zone))
    is_daytime = ASKED_FROM <= local.hour < ASKED_UNTIL
    return _midnight(hours, local.date()) if is_daytime and hours.spans_on(local.date()) else None


def is_delivered_before_today(delivered_at: datetime | None, hours: BusinessHours, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(hours.time_zone)).date()
    return delivered_at is not None and delivered_at < _midnight(hours, today)


def quarter(day: date) -> str:
    """`2026-Q4`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _midnight(hours: BusinessHours, day: date) -> datetime:
    return instant_of(hours.time_zone, datetime.combine(day, time()))
