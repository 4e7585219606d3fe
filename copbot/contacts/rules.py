"""A contact: what can be logged, how minutes are typed and read, and what to say of what cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from copbot.slack.text import size, visible

if TYPE_CHECKING:
    from copbot.program.profile import Profile
    from copbot.program.schema.vocabulary import Choice

QUICK = (15, 30, 60)
"""Minutes that are logged with one tap."""
USUAL = (15, 30, 45, 60, 90, 120, 180, 240)
"""Minutes that Done offers."""
MOST_MINUTES = 6_000
MOST_PEOPLE = 100_000
LONGEST_NOTE = 2000
MOST_TOPICS, MOST_AREAS = 3, 100
OLDEST = timedelta(days=10 * 366)
UNDO = timedelta(minutes=1)
"""How long a new entry's button says Undo instead of Delete."""

UNIVERSAL = "universal"
"""The level of what anybody can read up on: no one's time was needed."""
LEVELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        UNIVERSAL: ("Universal", "An answer or a resource that anybody can use"),
        "targeted": ("Targeted", "A few contacts with one agency, on one question"),
        "intensive": ("Intensive", "Planned help over weeks or months"),
    }
)
"""How much help a request needs: label and explanation."""


@dataclass(frozen=True)
class ContactEntry:
    """What staff log of one contact. `minutes` 0 and `people` -1: what was typed is no number.

    `eligible` is None while nobody has said; `topics`, `areas` and `agency_id` are those of work without a request.
    """

    day: date | None
    minutes: int
    category: str
    format: str = ""
    people: int | None = None
    level: str = ""
    fund_source: str = ""
    eligible: bool | None = None
    formal: bool = False
    objectives: str = ""
    note: str = ""
    topics: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    agency_id: int | None = None


@dataclass(frozen=True)
class LoggedContact:
    """A logged contact as one reader's list shows it. `is_new`: it was logged within the last minute."""

    id: int
    day: date
    minutes: int
    category: str
    format: str
    people: int | None
    formal: bool
    by_name: str
    is_new: bool
    may_delete: bool


_TIME = re.compile(
    r"(?:(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?)\b\.?)?\s*(?:(\d{1,4})\s*(?:m|min|mins|minutes?)?\.?)?"
)
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")


def minutes_of(typed: str) -> int:
    """Minutes out of `90`, `90 min`, `1:30`, `1.5 h` or `1h 30`; 0 for anything else."""
    said = typed.strip().lower()
    clock = _CLOCK.fullmatch(said)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    found = _TIME.fullmatch(said)
    if found is None or not any(found.groups()):
        return 0
    hours = float((found[1] or "0").replace(",", "."))
    return round(hours * 60) + int(found[2] or 0)


def people_of(typed: str) -> int | None:
    """A count of people; None for an empty field, -1 for anything that is none."""
    said = typed.strip().replace(",", "")
    if not said:
        return None
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 8 else -1


def spent(minutes: int) -> str:
    """`45 min`, `1 h`, `1 h 30 min`."""
    hours, left = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{left} min" if left or not hours else ""]
    return " ".join(filter(None, parts))


def label_of(choices: Sequence[Choice], ident: str) -> str:
    """The label of an id; the id itself when the profile knows it no more."""
    return next((each.label for each in choices if each.id == ident), ident)


def troubles(entry: ContactEntry, profile: Profile, today: date) -> dict[str, str]:
    """Field → sentence, for everything that cannot be logged."""
    is_real = entry.minutes in range(1, MOST_MINUTES + 1)
    can_count = entry.people is None or 0 <= entry.people <= MOST_PEOPLE
    is_missing = entry.formal and not visible(entry.objectives)
    goal = "Say what people should be able to do afterwards." if is_missing else ""
    known = {
        "category": _is_one(entry.category, profile.contact_categories),
        "format": not entry.format or _is_one(entry.format, profile.contact_formats),
        "level": not entry.level or entry.level in LEVELS,
        "fund_source": not entry.fund_source or _is_one(entry.fund_source, profile.fund_sources),
        "topics": len(entry.topics) <= MOST_TOPICS and all(map(profile.topic, entry.topics)),
        "areas": len(entry.areas) <= MOST_AREAS and all(map(profile.area, entry.areas)),
    }
    found = {
        "day": day_trouble(entry.day, today),
        "minutes": "" if is_real else "Write the time in minutes or hours, like 45 or 1 h 30.",
        "people": "" if can_count else "Write how many people as a number, like 12.",
        "objectives": goal or _length(entry.objectives),
        "note": _length(entry.note),
        **{name: "Please choose from the list." for name, is_known in known.items() if not is_known},
    }
    return {name: words for name, words in found.items() if words}


def _is_one(ident: str, choices: Sequence[Choice]) -> bool:
    return any(each.id == ident for each in choices)


def day_trouble(day: date | None, today: date) -> str:
    """Why nothing can have happened on this day; empty when it can."""
    if day is None:
        return "Please choose the day."
    if day > today:
        return "That day has not come yet. Please choose today or an earlier one."
    return "" if today - day <= OLDEST else "Please choose a day in the last ten years."


def _length(text: str) -> str:
    over = size(text) - LONGEST_NOTE
    return f"This is {over:,} characters too long. At most {LONGEST_NOTE:,} fit." if over > 0 else ""
