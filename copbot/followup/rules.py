"""When people are asked after Done and what they can answer, what may be shared, and when peers are introduced. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.program.calendar.hours import BusinessHours, instant_of
from copbot.signs import plain_signs
from copbot.slack.person import Person

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
    "fit": "It didn't fit our work",
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


# -- answers shared with everybody

WAITING, APPROVED, PUBLISHED = "waiting", "approved", "published"


@dataclass(frozen=True)
class SharedAnswer:
    """`author` and `approver` are names; the second is empty while nobody has approved it."""

    state: str
    version: int
    question: str
    answer: str
    topics: tuple[str, ...]
    author: str
    approver: str


def names_in(text: str, person: str, agency: str) -> list[str]:
    """Parts of the person's name, written as a name is, their whole name and their agency, as they stand in the text."""
    text, person, agency = map(plain_signs, (text, person, agency))
    parts = [each for each in person.split() if len(each) > 2]
    found = [each for each in parts if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text)]
    whole = [each for each in (person, agency) if each and each.casefold() in text.casefold()]
    return [*found, *(each for each in whole if not (found and each == person))]


def places_in(text: str, labels: Iterable[str]) -> list[str]:
    """A sentence for each place that is named: a small one may point to one person."""
    plain = plain_signs(text).casefold()
    named = (each for each in labels if plain_signs(each).casefold() in plain)
    return [f"{each} is named. In a small place that may point to one person." for each in named]


# -- peers

SIDES = ("requester", "peer")
YES, NO = "yes", "no"
OPEN_FOR = timedelta(days=14)
MINUTES = 15
"""What an introduction counts as in staff's log."""


@dataclass(frozen=True)
class PeerMatch:
    """A suggestion as one side's messages show it. `says`: that side's answer; the other's stays out of it."""

    uid: str
    request_id: int
    peer: Person
    is_open: bool
    is_matched: bool
    until: datetime
    says: str


def is_open(asked_at: datetime, matched_at: datetime | None, now: datetime, *, over: bool) -> bool:
    """Whether it waits still; a refusal ends it no sooner, so that nobody can tell that there was one.

    `over`: nobody is to be introduced about its request any more.
    """
    return matched_at is None and now < asked_at + OPEN_FOR and not over
