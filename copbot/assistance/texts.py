"""What people type: which texts, forms and reasons can be taken as they are, and what to say of the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from copbot.assistance.rules import label
from copbot.contacts.rules import LEVELS
from copbot.people.rules import agency_trouble
from copbot.slack.text import clean, counted, size, visible

if TYPE_CHECKING:
    from copbot.program.profile import Profile

LONGEST_NEED = 2000
LONGEST_WORDS = 2000
LONGEST_LINE = 300
MOST_TOPICS = 3
FARTHEST = timedelta(days=731)
SOURCES = {
    "dm": "Direct message",
    "phone": "Phone call",
    "email": "Email",
    "in_person": "In person, in the hallway",
    "event": "At an event",
}
"""Ways in which a request comes to staff, who then log or enter it."""


@dataclass(frozen=True)
class RequestForm:
    """The form as filled in. Exactly one of the three: a known agency, a new one's name, no agency."""

    topics: tuple[str, ...]
    kind: str
    need: str
    areas: tuple[str, ...]
    agency_id: int | None = None
    agency_name: str = ""
    not_agency: bool = False
    by_when: str = ""
    by_when_date: date | None = None
    urgent_reason: str = ""
    confidential: bool = False


@dataclass(frozen=True)
class Details:
    """What may be added to a request once it is saved; `text` is anything else."""

    text: str = ""
    access_needs: str = ""
    audience: str = ""
    outcome: str = ""
    may_share: bool = False

    @property
    def lines(self) -> dict[str, str]:
        """The short texts, tidied, by the column they stand in."""
        return {name: tidy(getattr(self, name)) for name in ("access_needs", "audience", "outcome")}


@dataclass(frozen=True)
class Submission:
    """A saved request. `already`: this form had saved it before; `changed`: with other words than now.

    `held`: staff have no channel yet, so its notice waits. `closed_until`: it is urgent and nobody is in.
    """

    id: int
    uid: str
    first_reply_due: datetime
    held: bool
    already: bool = False
    changed: bool = False
    closed_until: datetime | None = None

    @property
    def label(self) -> str:
        return label(self.id)


def details_troubles(details: Details) -> dict[str, str | None]:
    """Field → sentence, empty for what is right."""
    lines = {name: _optional(line, most=LONGEST_LINE) for name, line in details.lines.items()}
    return {**lines, "text": _optional(details.text)}


def tidy(text: str) -> str:
    """As it is stored: without what a database refuses and without empty edges."""
    return clean(text).strip()


def tidied(form: RequestForm) -> RequestForm:
    """Texts tidied, repeated choices dropped."""
    return replace(
        form,
        topics=tuple(dict.fromkeys(form.topics)),
        areas=tuple(dict.fromkeys(form.areas)),
        need=tidy(form.need),
        agency_name=tidy(form.agency_name),
        urgent_reason=tidy(form.urgent_reason),
    )


def day_of(typed: str) -> date | None:
    """The date chosen in a form; None for none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def text_trouble(text: str, *, most: int, empty: str) -> str | None:
    """Why a text cannot be taken: `empty` when nothing is to be seen in it, else by how much it is too long."""
    kept = tidy(text)
    if not visible(kept):
        return empty
    over = size(kept) - most
    if over > 0:
        return f"This is {counted(over, 'character')} too long. At most {most:,} fit."
    return None


def form_troubles(form: RequestForm, profile: Profile, now: datetime) -> dict[str, str]:
    """Field → sentence, for every field that needs changing."""
    has_areas = form.areas and all(map(profile.area, form.areas))
    is_one = (form.agency_id is not None) + bool(form.agency_name) + form.not_agency == 1
    agency = agency_trouble(form.agency_name) if form.agency_name else None
    found = {
        "topics": _topics_trouble(form.topics, profile),
        "kind": None if profile.kind(form.kind) else "Please choose a kind of help.",
        "need": text_trouble(form.need, most=LONGEST_NEED, empty="Please say in a few words what you need."),
        "agency": agency if is_one else "Please choose your agency, or “I am not with an agency”.",
        "areas": None if has_areas else "Please choose at least one area from the list.",
        **_by_when_troubles(form, profile, now),
    }
    return {name: words for name, words in found.items() if words}


def _topics_trouble(topics: tuple[str, ...], profile: Profile) -> str | None:
    if not topics or not all(map(profile.topic, topics)):
        return "Please choose a topic from the list."
    return f"Please choose at most {MOST_TOPICS} topics." if len(topics) > MOST_TOPICS else None


def _by_when_troubles(form: RequestForm, profile: Profile, now: datetime) -> dict[str, str | None]:
    if not form.by_when:
        return {}
    choice = profile.by_when_option(form.by_when)
    if choice is None:
        return {"by_when": "Please choose from the list."}
    why = text_trouble(
        form.urgent_reason, most=LONGEST_LINE, empty="Please say in a few words why it is urgent."
    )
    day = _date_trouble(form.by_when_date, profile.today(now))
    return {
        "by_when_date": day if choice.asks_date else None,
        "urgent_reason": why if choice.urgent else None,
    }


def _date_trouble(day: date | None, today: date) -> str | None:
    if day is None:
        return "Please choose the date you need it by."
    if day < today:
        return "That date has passed. Please choose a later one."
    return "Please choose a date within two years." if day - today > FARTHEST else None


def triage_troubles(level: str, topics: tuple[str, ...], profile: Profile) -> dict[str, str | None]:
    """Field → sentence, empty for what is right."""
    unknown = None if level in LEVELS else "Please choose how much help it needs."
    return {"topics": _topics_trouble(topics, profile), "level": unknown}


def close_troubles(reason: str, said: str, referral: str, profile: Profile) -> dict[str, str]:
    """Field → sentence. A decline always carries a sentence and a referral."""
    known = profile.close_reason(reason)
    if known is None:
        return {"reason": "Please choose a reason."}
    if reason == "completed":
        return {"reason": "To close it as completed, press Done in the request."}
    why = "Please write a sentence on why you can't help." if known.declined else ""
    who = "Please say who can help instead." if known.needs_referral else ""
    found = {"words": _optional(said, empty=why), "referral": _optional(referral, empty=who)}
    return {name: words for name, words in found.items() if words}


def _optional(text: str, *, most: int = LONGEST_WORDS, empty: str = "") -> str | None:
    """Why a text cannot be taken, which may be left out unless a sentence says what is missing then."""
    return text_trouble(text, most=most, empty=empty) if empty or visible(text) else None
