"""What of a profile people may change without its file: each part as a few fields of plain text.

Texts have the file's own form: what a lead types is held to its rules, compared with it, and written back to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from copbot.errors import InvalidInput
from copbot.program.calendar import closed_days
from copbot.program.export import as_written
from copbot.program.profile import Profile
from copbot.program.schema.faults import did_you_mean
from copbot.program.schema.fields import TimeZone
from copbot.program.schema.source import Loc
from copbot.program.schema.structure import words_of
from copbot.program.schema.vocabulary import (
    Clocks,
    Contact,
    Holidays,
    Hotline,
    Kind,
    Notices,
    ProfilePart,
    Topic,
    TopicGroup,
    Week,
)

Texts = Mapping[str, str]
P = TypeVar("P", bound=ProfilePart)
E = TypeVar("E", Topic, Kind)


@dataclass(frozen=True)
class Field:
    """One text to type. `lines`: more than one line; `most`: UTF-16 units, as Slack counts."""

    name: str
    label: str
    hint: str = ""
    lines: bool = False
    optional: bool = False
    most: int = 2000


@dataclass(frozen=True)
class Editable:
    """One part of a profile: `at` is the setting it stands in, `make` makes that setting's value with its texts in it.

    `make` raises pydantic's `ValidationError` or `InvalidInput`; `validate_and_apply` turns both into words.
    """

    name: str
    label: str
    group: str
    fields: tuple[Field, ...]
    at: str
    make: Callable[[Profile, Texts], Any]
    model: type[BaseModel]
    reads: Callable[[Profile], dict[str, str]] | None = None

    def read(self, profile: Profile) -> dict[str, str]:
        """Its texts in a profile."""
        if self.reads is not None:
            return self.reads(profile)
        return _texts(getattr(profile, self.at), *(field.name for field in self.fields))

    def place(self, loc: Loc) -> Loc:
        names = [field.name for field in self.fields]
        last = max((at for at, step in enumerate(loc) if step in names), default=None)
        return loc[last:] if last is not None else (names[0], *loc)


def editables(profile: Profile) -> dict[str, Editable]:
    """Everything in this profile that can be changed, in the order it is shown."""
    parts = [_CONTACT, _TIME_ZONE]
    parts += [hotline(line.id, line.name) for line in profile.hotlines]
    parts += [*_NOTICES, _HOURS, _HOLIDAYS, _CLOCKS]
    parts += [_topic(topic) for group in profile.topics for topic in group.topics]
    parts += [_kind(kind) for kind in profile.kinds]
    return {part.name: part for part in parts}


def find(profile: Profile, name: str) -> Editable | None:
    """The part of that name; a hotline's also when this profile does not have it (yet)."""
    kind, _, ident = name.partition(".")
    if kind == "hotline" and ident:
        known = profile.hotline(ident)
        return hotline(ident, known.name if known else "New line")
    if kind == "topic":
        topic = profile.topic(ident)
        return _topic(topic) if topic else None
    if kind == "kind":
        found = profile.kind(ident)
        return _kind(found) if found else None
    return _SINGLE.get(name)


def validate_and_apply(part: Editable, profile: Profile, texts: Texts) -> Profile:
    """The profile with these texts in it. Raises `InvalidInput` that names the field in plain words."""
    try:
        return profile.model_copy(update={part.at: part.make(profile, texts)})
    except ValidationError as error:
        raise in_words(part.model, error, part.place) from None


def without_hotline(profile: Profile, ident: str) -> Profile:
    kept = tuple(line for line in profile.hotlines if line.id != ident or line.essential)
    return profile.model_copy(update={"hotlines": kept})


def hotline(ident: str, label: str) -> Editable:
    def read(profile: Profile) -> dict[str, str]:
        line = profile.hotline(ident)
        return _texts(line, "name", "number", "text", "source", "note", "last_verified") if line else {}

    def make(profile: Profile, texts: Texts) -> tuple[Hotline, ...]:
        known = profile.hotline(ident)
        fixed = {"check": known.check, "essential": known.essential} if known else {}
        made = Hotline.model_validate({"id": ident, **_filled(texts, Hotline), **fixed})
        old = (made if line.id == ident else line for line in profile.hotlines)
        return (*old, *(() if known else (made,)))

    group = "Care and crisis lines"
    return Editable(f"hotline.{ident}", label, group, _HOTLINE_FIELDS, "hotlines", make, Hotline, read)


_HOTLINE_FIELDS = (
    Field("name", "Name"),
    Field("number", "Number", "As people dial it, such as 988 or 608-555-0100"),
    Field("text", "What it is for", "One sentence"),
    Field("source", "Source", "Where the number is published, such as its website"),
    Field("note", "Note for staff", optional=True),
)


def _topic(topic: Topic) -> Editable:
    def make(profile: Profile, texts: Texts) -> tuple[TopicGroup, ...]:
        named = [(group, _renamed(group.topics, topic.id, texts)) for group in profile.topics]
        return tuple(group.model_copy(update={"topics": topics}) for group, topics in named)

    def read(profile: Profile) -> dict[str, str]:
        return {"label": profile.topic_label(topic.id)}

    return Editable(f"topic.{topic.id}", topic.label, "Topics", _LABEL, "topics", make, Topic, read)


def _kind(kind: Kind) -> Editable:
    def read(profile: Profile) -> dict[str, str]:
        return {"label": profile.kind_label(kind.id)}

    def make(profile: Profile, texts: Texts) -> tuple[Kind, ...]:
        return _renamed(profile.kinds, kind.id, texts)

    return Editable(f"kind.{kind.id}", kind.label, "Kinds of help", _LABEL, "kinds", make, Kind, read)


def _renamed(entries: tuple[E, ...], ident: str, texts: Texts) -> tuple[E, ...]:
    label = texts.get("label", "")
    return tuple(_checked(each, label=label) if each.id == ident else each for each in entries)


_LABEL = (Field("label", "Label", "At most 75 characters"),)

_CONTACT = Editable(
    "contact",
    "Who to contact when the app can't help",
    "Contact",
    (Field("phone", "Phone"), Field("email", "Email")),
    "contact",
    lambda _, texts: Contact.model_validate(_filled(texts, Contact)),
    Contact,
)


class _Zone(ProfilePart):
    time_zone: TimeZone


_TIME_ZONE = Editable(
    "time_zone",
    "Time zone of your office",
    "Hours",
    (Field("time_zone", "Time zone", "Such as America/Chicago"),),
    "time_zone",
    lambda _, texts: _Zone.model_validate({"time_zone": texts.get("time_zone", "")}).time_zone,
    _Zone,
    lambda profile: {"time_zone": profile.time_zone},
)


def _notice(name: str, label: str) -> Editable:
    def make(profile: Profile, texts: Texts) -> Notices:
        return _checked(profile.notices, **{name: texts.get(name, "")})

    field = Field(name, label, "At most 1,000 characters", lines=True)
    return Editable(f"notice.{name}", label, "Notices", (field,), "notices", make, Notices)


_NOTICES = (
    _notice("client_data", "No client details"),
    _notice("not_an_emergency", "Not an emergency line"),
    _notice("eligibility", "Who can ask"),
    _notice("funding", "Funding"),
)

_OPEN = "Such as 8am-4:30pm, or 8am-12pm, 1pm-5pm, or closed"
_HOURS = Editable(
    "business_hours",
    "Business hours",
    "Hours",
    tuple(
        Field(day, day.capitalize(), _OPEN if day == "monday" else "", optional=True)
        for day in Week.model_fields
    ),
    "business_hours",
    lambda _, texts: Week.model_validate(
        {day: texts.get(day, "").strip() or "closed" for day in Week.model_fields}
    ),
    Week,
)


def _read_holidays(profile: Profile) -> dict[str, str]:
    extra = (f"{each.day} {each.name}" for each in profile.holidays.extra)
    return {"extra": "\n".join(extra), "removed": "\n".join(profile.holidays.removed)}


def _make_holidays(profile: Profile, texts: Texts) -> Holidays:
    """Which calendar it is and how it counts is the file's alone."""
    old, removed = profile.holidays, _lines(texts.get("removed", ""))
    days = [line.split(None, 1) for line in _lines(texts.get("extra", ""))]
    if nameless := next((parts[0] for parts in days if len(parts) == 1), None):
        raise InvalidInput.at("extra", f"“{nameless}” has no name: write the date and then its name.")
    names = closed_days.holiday_names(old.country, old.subdivision) if old.country else ()
    known = {closed_days.plain_name(name) for name in names}
    for name in removed:
        if not closed_days.day_mark(name) and closed_days.plain_name(name) not in known:
            raise InvalidInput.at("removed", f"No holiday is called “{name}”: {did_you_mean(name, names)}")
    kept = {name: getattr(old, name) for name in ("country", "subdivision", "saturday_closes_friday")}
    extra = [{"day": day, "name": name} for day, name in days]
    return Holidays.model_validate({**kept, "extra": extra, "removed": removed})


_OWN_DAYS = "One per line: 2026-11-27 Day after Thanksgiving. Without the year (11-27) it counts every year."
_WORKED = "One per line, by name (every year) or by date (once)"
_HOLIDAYS = Editable(
    "holidays",
    "Closed days",
    "Hours",
    (
        Field("extra", "Your own closed days", _OWN_DAYS, lines=True, optional=True),
        Field("removed", "Holidays on which you work", _WORKED, lines=True, optional=True),
    ),
    "holidays",
    _make_holidays,
    Holidays,
    _read_holidays,
)


def _make_clocks(_profile: Profile, texts: Texts) -> Clocks:
    told = {field.name: texts.get(field.name, "") for field in _CLOCKS.fields}
    first = {name: told.pop(name) for name in ("urgent", "usual")}
    return Clocks.model_validate({"first_reply": first, **told})


def _read_clocks(profile: Profile) -> dict[str, str]:
    first = _texts(profile.clocks.first_reply, "urgent", "usual")
    return {**first, **_texts(profile.clocks, "triage", "delivery")}


_CLOCKS = Editable(
    "clocks",
    "Response times",
    "Hours",
    (
        Field("urgent", "First reply, urgent", "Such as 4 business hours"),
        Field("usual", "First reply", "Such as 1 business day"),
        Field("triage", "Looked at"),
        Field("delivery", "Done"),
    ),
    "clocks",
    _make_clocks,
    Clocks,
    _read_clocks,
)


def _of_people(name: str, label: str) -> Editable:
    """A choice that the people room changes; it is no part of the profile and is only shown with the others."""
    shown = (Field(name, label),)
    return Editable(name, label, "Staff", shown, "id", lambda same, _: same.id, ProfilePart, lambda _: {})


_PEOPLE = (_of_people("staff_channel", "Staff channel"), _of_people("leads", "Leads"))
_PROFILE = (_CONTACT, _TIME_ZONE, *_NOTICES, _HOURS, _HOLIDAYS, _CLOCKS)
OF_PEOPLE = {part.name: part for part in _PEOPLE}
_SINGLE = OF_PEOPLE | {part.name: part for part in _PROFILE}


def _texts(part: BaseModel, *names: str) -> dict[str, str]:
    written: dict[str, Any] = as_written(part)
    return {name: written.get(name, "") for name in names}


def _filled(texts: Texts, model: type[BaseModel]) -> dict[str, str]:
    """What is typed of this model's settings; a blank one is absent when it may be, and a fault when not."""
    return {
        name: texts.get(name, "")
        for name, field in model.model_fields.items()
        if name != "id" and (texts.get(name) or field.is_required())
    }


def _checked(part: P, **changes: str) -> P:
    """A changed copy, held to the model's rules."""
    return type(part).model_validate({**as_written(part), **changes})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def in_words(
    model: type[BaseModel], error: ValidationError, place: Callable[[Loc], Sequence[str | int]]
) -> InvalidInput:
    """One sentence a field. `place`: the name of the field that a fault was typed in, then where in it."""
    fields: dict[str, str] = {}
    for details in error.errors(include_url=False):
        name, *steps = place(details["loc"])
        fields.setdefault(str(name), _sentence(model, details, steps))
    return InvalidInput(next(iter(fields.values())), fields)


def _sentence(model: type[BaseModel], details: ErrorDetails, steps: Sequence[str | int]) -> str:
    if not str(details["input"] or "").strip():
        return "Please fill this in."
    wrong, right = words_of(model, details)
    if not details["loc"]:
        return f"This {wrong}."
    line = next((step for step in steps if isinstance(step, int)), None)
    subject = "This" if line is None else f"Line {line + 1}"
    told = f"{wrong}: {right}" if wrong.startswith("“") else f"{subject} {wrong}: {right}"
    return told if told.endswith("?") else f"{told}."
