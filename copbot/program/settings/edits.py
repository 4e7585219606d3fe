"""What people read or decide, loaded from the profile once and then edited here with who and when.

A part's value is a few texts (`editable.py`). Everything is read again in each transaction: one short query
says whether anything changed since the profile with the choices in it was last put together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, NotRequired, Protocol, TypedDict, Unpack
from zoneinfo import ZoneInfo

import structlog

from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.program.calendar.hours import next_opening
from copbot.program.profile import Profile
from copbot.program.settings import editable, tables
from copbot.program.settings.editable import Editable, Field, Texts
from copbot.program.settings.tables import ChoiceRow, SettingPart
from copbot.store import Session, journal

log = structlog.get_logger("program")

FROM_FILE = "profile"
"""Stands as `by` where nobody has changed what the file says."""
VERIFIED = "last_verified"
VERIFIED_BY = "verified_by"


_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Called = Callable[[str], str]
"""Names a Slack user for people to read."""


def somebody(_user: str) -> str:
    return "somebody else"


class Editor(Protocol):
    """Who changes something: the person as the database knows them at this click."""

    @property
    def user(self) -> str: ...
    @property
    def is_lead(self) -> bool: ...
    @property
    def is_admin(self) -> bool: ...


@dataclass(frozen=True)
class Edited:
    """A part as it is now. `value` is None for a line that was taken out; `by` is a Slack user id or FROM_FILE.

    `version` goes into the form and comes back as `seen`. With `fixed_by_environment` it can only be looked at.
    """

    name: str
    label: str
    group: str
    fields: tuple[Field, ...]
    value: dict[str, str] | None
    by: str
    at: datetime | None
    version: int
    fixed_by_environment: bool = False


class EditBy(TypedDict):
    """Who changes something and when. `seen`: the version their form was opened with; `called`: names a user for a conflict."""

    seen: int
    by: Editor
    now: datetime
    called: NotRequired[Called]


class EditedMeanwhile(Conflict):
    """Somebody saved the same part after the form was opened. `now` is what they saved."""

    def __init__(self, words: str, now: Edited) -> None:
        super().__init__(words)
        self.now = now


def seed(session: Session, profile: Profile, now: datetime) -> int:
    """Load from the profile what is not there yet; how many parts. What is there is never overwritten."""
    parts = editable.editables(profile.filed)
    known = tables.parts_of_the_profile(session)
    if tables.stamp(session) and parts.keys() <= known.keys():
        return 0
    tables.hold_parts(session, now)
    texts = {name: part.read(profile.filed) for name, part in parts.items() if name not in known}
    added = [tables.add_part(session, name, said, said, by=FROM_FILE, at=now) for name, said in texts.items()]
    tables.stamp_anew(session, now)
    return sum(added)


class _Made(NamedTuple):
    file: Profile
    stamp: str
    profile: Profile


# A stamp is random and stands for one state of one database, so a profile kept under it cannot be stale.
_last: list[_Made] = []


def effective(session: Session, profile: Profile) -> Profile:
    """The profile as it counts in this transaction: the file with the choices in it."""
    stamp = tables.stamp(session)
    if not stamp:
        return profile
    file = profile.filed
    for made in _last:
        if made.stamp == stamp and made.file is file:
            return made.profile
    built = _build(file, tables.parts_of_the_profile(session))
    _last[:] = [_Made(file, stamp, built)]
    return built


def _build(file: Profile, rows: Mapping[str, SettingPart]) -> Profile:
    made = file
    for name, row in rows.items():
        if row.value == row.filed == read(file, name):
            continue
        if row.value is None:
            made = editable.without_hotline(made, name.partition(".")[2])  # an essential one stays
        elif part := editable.find(made, name):
            try:
                made = editable.validate_and_apply(part, made, row.value)
            except (
                InvalidInput
            ):  # an older release may have saved what this one refuses: the file's words stand
                log.warning("choice_unusable", id=name)
    return file.with_choices(made) if made is not file else file


def read(profile: Profile, name: str) -> dict[str, str] | None:
    """A part as this profile has it; None when it has no such part."""
    part = editable.find(profile, name)
    return part.read(profile) or None if part else None


def current(
    session: Session, profile: Profile, name: str, *, environment: Mapping[str, str] | None = None
) -> Edited:
    """One part as it is now. `environment`: what the environment says of choices, by name; it beats them."""
    return _edited(profile, name, tables.chosen(session, name), environment or {})


def everything(
    session: Session, profile: Profile, *, environment: Mapping[str, str] | None = None
) -> tuple[Edited, ...]:
    """Every part in the order it is shown, with lines people added and those they took out; one query."""
    chosen = tuple(editable.OF_PEOPLE)
    rows = tables.parts_of_the_profile(session, *chosen)
    names = [*chosen, *editable.editables(profile.filed)]
    added = [name for name in rows if name.startswith("hotline.") and name not in names]
    place = max((at for at, name in enumerate(names) if name.startswith("hotline.")), default=1) + 1
    names[place:place] = added
    return tuple(_edited(profile, name, rows.get(name), environment or {}) for name in names)


def _edited(
    profile: Profile, name: str, row: SettingPart | ChoiceRow | None, environment: Mapping[str, str]
) -> Edited:
    part = editable.find(profile, name)
    if part is None:
        raise NotFound("That can't be changed here.")
    label, value = part.label, part.read(profile)
    if row is not None and row.filed is not None:
        value, label = row.value, (row.value or row.filed).get("name", label)
    elif row is not None:
        value = {name: row.value if isinstance(row.value, str) else " ".join(row.value)}
    fixed = bool(environment.get(name))
    if fixed:
        value = {name: environment[name]}
    return Edited(
        name=name,
        label=label,
        group=part.group,
        fields=part.fields,
        value=value,
        by=row.by if row else FROM_FILE,
        at=row.at if row else None,
        version=row.version if row else 0,
        fixed_by_environment=fixed,
    )


def change(session: Session, profile: Profile, name: str, texts: Texts, **how: Unpack[EditBy]) -> Edited:
    """Save what was typed. Raises `InvalidInput` by field, `EditedMeanwhile`, `NotAllowed`."""
    row = lock_part(session, profile, name, **how)
    made = effective(session, profile)
    part = editable.find(made, name)
    assert part is not None  # `lock_part` has found it
    old: dict[str, str] = dict(row.value or {})
    same_number = VERIFIED in old and old["number"] == typed(part, texts)["number"]
    confirmed = {key: old[key] for key in (VERIFIED, VERIFIED_BY) if same_number and key in old}
    after = editable.validate_and_apply(part, made, {**typed(part, texts), **confirmed})
    _still_opens(after, part, how["now"])
    return save(session, profile, row, {**part.read(after), **confirmed}, how)


def typed(part: Editable, texts: Texts) -> dict[str, str]:
    """The part's own texts, without what a database refuses."""
    return {field.name: _UNSTORABLE.sub("", texts.get(field.name, "")).strip() for field in part.fields}


def lock_part(session: Session, profile: Profile, name: str, **how: Unpack[EditBy]) -> ChoiceRow:
    """The part's row for somebody who may change it and has seen its newest version; nobody else has it now."""
    allow(how["by"])
    tables.hold_parts(session, how["now"])
    said = read(effective(session, profile), name)
    if said is not None and name not in editable.OF_PEOPLE:
        tables.add_part(session, name, said, said, by=FROM_FILE, at=how["now"])
    row = tables.held_choice(session, name)
    if row is None or row.filed is None:
        raise NotFound("That can't be changed here.")
    untouched = how["seen"] == 0 and row.by == FROM_FILE
    if how["seen"] != row.version and not untouched:
        words = meanwhile(row.by, row.at, profile, how.get("called", somebody))
        raise EditedMeanwhile(words, _edited(profile, name, row, {}))
    return row


def save(
    session: Session, profile: Profile, row: ChoiceRow, value: Any, how: EditBy, *, why: str = "changed"
) -> Edited:
    """Write the row, unless it says so already, and who did it."""
    if row.value != value:
        row.value, row.by, row.at, row.version = value, how["by"].user, how["now"], row.version + 1
        tables.stamp_anew(session, how["now"])
        note(session, row.name, by=how["by"], now=how["now"], why=why)
    return _edited(profile, row.name, row, {})


# -- where the file says something else


@dataclass(frozen=True)
class Difference:
    """The file says something else than when this was loaded from it. `before` is what it said then."""

    name: str
    label: str
    group: str
    before: Mapping[str, str]
    file: Mapping[str, str]
    here: Mapping[str, str] | None
    version: int


def differences(session: Session, profile: Profile) -> tuple[Difference, ...]:
    """Where the file has changed since it was loaded and says something else than is chosen here."""
    rows = tables.parts_of_the_profile(session)
    found = []
    for name, part in editable.editables(profile.filed).items():
        row, file = rows.get(name), part.read(profile.filed)
        value = row.value if row else None
        here = None if value is None else {key: value[key] for key in value if key != VERIFIED_BY}
        if row is not None and file not in (row.filed, here):
            found.append(Difference(name, part.label, part.group, row.filed, file, here, row.version))
    return tuple(found)


def take_from_file(session: Session, profile: Profile, name: str, **how: Unpack[EditBy]) -> Edited:
    """What the file says now counts from here on. Raises as `change`."""
    row = lock_part(session, profile, name, **how)
    row.filed = _said(profile, name)
    return save(session, profile, row, row.filed, how, why="taken from the file")


def keep_here(session: Session, profile: Profile, name: str, **how: Unpack[EditBy]) -> Edited:
    """What is chosen here stays, and the file's change is no longer shown."""
    row = lock_part(session, profile, name, **how)
    row.filed = _said(profile, name)
    session.flush()
    note(session, name, by=how["by"], now=how["now"], why="kept")
    return current(session, profile, name)


def _said(profile: Profile, name: str) -> dict[str, str]:
    said = read(profile.filed, name)
    if said is None:
        raise NotFound("The program's file does not have this.")
    return said


# -- shared with other rooms that change what the program reads


def note(session: Session, name: str, *, by: Editor, now: datetime, why: str) -> None:
    journal.record(session, at=now, actor=by.user, entrance="choice", subject=f"choice:{name}"[:120], why=why)


def allow(by: Editor) -> None:
    if not (by.is_lead or by.is_admin):
        raise NotAllowed("Only a lead or an administrator can change this.")


def meanwhile(by: str, moment: datetime, profile: Profile, called: Called) -> str:
    """For somebody whose form is older than what `by` has saved."""
    at = moment.astimezone(ZoneInfo(profile.time_zone))
    who, time = called(by), f"{at:%I:%M %p}".lstrip("0")
    return (
        f"{who[:1].upper()}{who[1:]} changed this on {at:%a, %b} {at.day} at {time}, after you opened it. "
        "Your change is not saved yet: look at the current text, then save again."
    )


def _still_opens(profile: Profile, part: Editable, now: datetime) -> None:
    """Clocks run in opening time, so there must be some."""
    try:
        next_opening(profile.hours, now)
    except ValueError:
        words = "With these hours you would never be open. Leave some days open."
        raise InvalidInput(words, {part.fields[0].name: words}) from None
