"""What of a profile people may change without its file: each part as a few fields of plain text.

Texts have the file's own form: what a lead types is held to its rules, compared with it, and written back to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    Week,
)

Texts = Mapping[str, str]
P = TypeVar("P", bound=ProfilePart)


@dataclass(frozen=True)
class Field:
    """One text to type. `lines`: more than one line."""

    name: str
    label: str
    hint: str = ""
    lines: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Editable:
    """One part of a profile. `read` takes its texts out of a profile, `put` makes a profile with others in it.

    `put` raises pydantic's `ValidationError` or `InvalidInput`; `made_with` turns both into words.
    """

    name: str
    label: str
    group: str
    fields: tuple[Field, ...]
    read: Callable[[Profile], dict[str, str]]
    put: Callable[[Profile, Texts], Profile]
    model: type[BaseModel]


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
        return part.put(profile, texts)
    except ValidationError as error:
        raise _in_words(part, error) from None


def without_hotline(profile: Profile, ident: str) -> Profile:
    kept = tuple(line for line in profile.hotlines if line.id != ident or line.essential)
    return profile.model_copy(update={"hotlines": kept})


def hotline(ident: str, label: str) -> Editable:
    def read(profile: Profile) -> dict[str, str]:
        line = profile.hotline(ident)
        return _texts(line, "name", "number", "text", "source", "note", "last_verified") if line else {}

    def put(profile: Profile, texts: Texts) -> Profile:
        known = profile.hotline(ident)
        fixed = {"check": known.check, "essential": known.essential} if known else {}
        made = Hotline.model_validate({"id": ident, **_filled(texts, Hotline), **fixed})
        old = [made if line.id == ident else line for line in profile.hotlines]
        new = () if profile.hotline(ident) else (made,)
        return profile.model_copy(update={"hotlines": (*old, *new)})

    return Editable(f"hotline.{ident}", label, "Care and crisis lines", _HOTLINE_FIELDS, read, put, Hotline)


_HOTLINE_FIELDS = (
    Field("name", "Name"),
    Field("number", "Number", "As people dial it, such as 988 or 608-555-0100"),
    Field("text", "What it is for", "One sentence"),
    Field("source", "Source", "Where the number is published, such as its website"),
    Field("note", "Note for staff", optional=True),
)


def _topic(topic: Topic) -> Editable:
    def read(profile: Profile) -> dict[str, str]:
        return {"label": profile.topic_label(topic.id)}

    def put(profile: Profile, texts: Texts) -> Profile:
        def renamed(each: Topic) -> Topic:
            return _checked(each, label=texts.get("label", "")) if each.id == topic.id else each

        groups = tuple(
            group.model_copy(update={"topics": tuple(map(renamed, group.topics))}) for group in profile.topics
        )
        return profile.model_copy(update={"topics": groups})

    return Editable(f"topic.{topic.id}", topic.label, "Topics", _LABEL, read, put, Topic)


def _kind(kind: Kind) -> Editable:
    def read(profile: Profile) -> dict[str, str]:
        return {"label": profile.kind_label(kind.id)}

    def put(profile: Profile, texts: Texts) -> Profile:
        kinds = tuple(
            _checked(each, label=texts.get("label", "")) if each.id == kind.id else each
            for each in profile.kinds
        )
        return profile.model_copy(update={"kinds": kinds})

    return Editable(f"kind.{kind.id}", kind.label, "Kinds of help", _LABEL, read, put, Kind)


_LABEL = (Field("label", "Label", "At most 75 characters"),)


def _read_contact(profile: Profile) -> dict[str, str]:
    return _texts(profile.contact, "phone", "email")


def _put_contact(profile: Profile, texts: Texts) -> Profile:
    return profile.model_copy(update={"contact": Contact.model_validate(_filled(texts, Contact))})


_CONTACT = Editable(
    "contact",
    "Who to contact when the app can't help",
    "Contact",
    (Field("phone", "Phone"), Field("email", "Email")),
    _read_contact,
    _put_contact,
    Contact,
)


class _Zone(ProfilePart):
    time_zone: TimeZone


def _read_zone(profile: Profile) -> dict[str, str]:
    return {"time_zone": profile.time_zone}


def _put_zone(profile: Profile, texts: Texts) -> Profile:
    zone = _Zone.model_validate({"time_zone": texts.get("time_zone", "")})
    return profile.model_copy(update={"time_zone": zone.time_zone})


_TIME_ZONE = Editable(
    "time_zone",
    "Time zone of your office",
    "Hours",
    (Field("time_zone", "Time zone", "Such as America/Chicago"),),
    _read_zone,
    _put_zone,
    _Zone,
)


def _notice(name: str, label: str) -> Editable:
    def read(profile: Profile) -> dict[str, str]:
        return _texts(profile.notices, name)

    def put(profile: Profile, texts: Texts) -> Profile:
        notices = _checked(profile.notices, **{name: texts.get(name, "")})
        return profile.model_copy(update={"notices": notices})

    field = Field(name, label, "At most 1,000 characters", lines=True)
    return Editable(f"notice.{name}", label, "Notices", (field,), read, put, Notices)


_NOTICES = (
    _notice("client_data", "No client details"),
    _notice("not_an_emergency", "Not an emergency line"),
    _notice("eligibility", "Who can ask"),
    _notice("funding", "Funding"),
)

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _read_hours(profile: Profile) -> dict[str, str]:
    found: dict[str, str] = as_written(profile.business_hours)
    return {day: found[day] for day in _DAYS}


def _put_hours(profile: Profile, texts: Texts) -> Profile:
    week = Week.model_validate({day: texts.get(day, "").strip() or "closed" for day in _DAYS})
    return profile.model_copy(update={"business_hours": week})


_HOURS = Editable(
    "business_hours",
    "Business hours",
    "Hours",
    tuple(
        Field(
            day,
            day.capitalize(),
            "" if at else "Such as 8am-4:30pm, or 8am-12pm, 1pm-5pm, or closed",
            optional=True,
        )
        for at, day in enumerate(_DAYS)
    ),
    _read_hours,
    _put_hours,
    Week,
)


def _read_holidays(profile: Profile) -> dict[str, str]:
    extra = (f"{each.day} {each.name}" for each in profile.holidays.extra)
    return {"extra": "\n".join(extra), "removed": "\n".join(profile.holidays.removed)}


def _put_holidays(profile: Profile, texts: Texts) -> Profile:
    old = profile.holidays
    days = [line.split(None, 1) for line in _lines(texts.get("extra", ""))]
    nameless = next((parts[0] for parts in days if len(parts) == 1), None)
    if nameless:
        words = f"“{nameless}” has no name: write the date and then its name."
        raise InvalidInput(words, {"extra": words})
    extra = [{"day": day, "name": name} for day, name in days]
    removed = _lines(texts.get("removed", ""))
    _refuse_unknown_holidays(old, removed)
    told = {**_unedited(old), "extra": extra, "removed": removed}
    return profile.model_copy(update={"holidays": Holidays.model_validate(told)})


def _unedited(old: Holidays) -> dict[str, Any]:
    """Which calendar it is and how it counts: the file's alone."""
    return {name: getattr(old, name) for name in ("country", "subdivision", "saturday_closes_friday")}


def _refuse_unknown_holidays(old: Holidays, removed: list[str]) -> None:
    names = closed_days.holiday_names(old.country, old.subdivision) if old.country else ()
    known = {closed_days.plain_name(name) for name in names}
    for name in removed:
        if not closed_days.day_mark(name) and closed_days.plain_name(name) not in known:
            words = f"No holiday is called “{name}”: {did_you_mean(name, names)}"
            raise InvalidInput(words, {"removed": words})


_HOLIDAYS = Editable(
    "holidays",
    "Closed days",
    "Hours",
    (
        Field(
            "extra",
            "Your own closed days",
            "One per line: 2026-11-27 Day after Thanksgiving. Without the year (11-27) it counts every year.",
            lines=True,
            optional=True,
        ),
        Field(
            "removed",
            "Holidays on which you work",
            "One per line, by name (every year) or by date (once)",
            lines=True,
            optional=True,
        ),
    ),
    _read_holidays,
    _put_holidays,
    Holidays,
)


def _read_clocks(profile: Profile) -> dict[str, str]:
    first = profile.clocks.first_reply
    return {**_texts(first, "urgent", "usual"), **_texts(profile.clocks, "triage", "delivery")}


def _put_clocks(profile: Profile, texts: Texts) -> Profile:
    first = {name: texts.get(name, "") for name in ("urgent", "usual")}
    rest = {name: texts.get(name, "") for name in ("triage", "delivery")}
    clocks = Clocks.model_validate({"first_reply": first, **rest})
    return profile.model_copy(update={"clocks": clocks})


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
    _read_clocks,
    _put_clocks,
    Clocks,
)


def _of_people(name: str, label: str) -> Editable:
    """A choice that the people room changes; it is no part of the profile and is only shown with the others."""
    return Editable(
        name, label, "Staff", (Field(name, label),), lambda _: {name: ""}, lambda same, _: same, ProfilePart
    )


OF_PEOPLE = {
    part.name: part for part in (_of_people("staff_channel", "Staff channel"), _of_people("leads", "Leads"))
}
_SINGLE = OF_PEOPLE | {
    part.name: part for part in (_CONTACT, _TIME_ZONE, *_NOTICES, _HOURS, _HOLIDAYS, _CLOCKS)
}


def _texts(part: BaseModel, *names: str) -> dict[str, str]:
    written: dict[str, Any] = as_written(part)
    return {name: written.get(name, "") for name in names}


def _filled(texts: Texts, model: type[BaseModel]) -> dict[str, str]:
    """What is typed of this model's settings; a blank one is absent when it may be, and a fault when not."""
    settings = {name: field for name, field in model.model_fields.items() if name != "id"}
    return {
        name: texts.get(name, "")
        for name, field in settings.items()
        if texts.get(name) or field.is_required()
    }


def _checked(part: P, **changes: str) -> P:
    """A changed copy, held to the model's rules."""
    return type(part).model_validate({**as_written(part), **changes})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _in_words(part: Editable, error: ValidationError) -> InvalidInput:
    """One sentence a field, under the name of the field it was typed in."""
    names = [field.name for field in part.fields]
    fields: dict[str, str] = {}
    for details in error.errors(include_url=False):
        named = [step for step in details["loc"] if step in names]
        fields.setdefault(str(named[-1]) if named else names[0], _sentence(part, details))
    return InvalidInput(next(iter(fields.values())), fields)


def _sentence(part: Editable, details: ErrorDetails) -> str:
    if details["input"] == "":
        return "Please fill this in."
    wrong, right = words_of(part.model, details)
    if not details["loc"]:
        return f"This {wrong}."
    line = next((step for step in details["loc"] if isinstance(step, int)), None)
    subject = "This" if line is None else f"Line {line + 1}"
    told = f"{wrong}: {right}" if wrong.startswith("“") else f"{subject} {wrong}: {right}"
    return told if told.endswith("?") else f"{told}."
