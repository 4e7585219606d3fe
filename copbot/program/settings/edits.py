"""What people read or decide, loaded from the profile once and then edited here with who and when.

A part's value is a few texts (`editable.py`). Everything is read again in each transaction: one short query
says whether anything changed since the profile with the choices in it was last put together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, Unpack

import structlog

from copbot.errors import InvalidInput, NotFound
from copbot.program.calendar.hours import next_opening
from copbot.program.profile import Profile
from copbot.program.settings import editable, tables
from copbot.program.settings.editable import Editable, Field, Texts
from copbot.program.settings.filed import FROM_FILE, EditBy, Filed, FileKind, Locked, hold
from copbot.program.settings.tables import ChoiceRow, SettingPart
from copbot.store import Session

log = structlog.get_logger("program")

VERIFIED = "last_verified"
VERIFIED_BY = "verified_by"

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Value = dict[str, str] | None
"""A part's texts by field; None for a line that was taken out."""


@dataclass(frozen=True, kw_only=True)
class Edited(Filed[Value]):
    """A part as it is now. With `fixed_by_environment` it can only be looked at."""

    group: str
    fields: tuple[Field, ...]
    fixed_by_environment: bool = False

    @property
    def differs(self) -> bool:
        """Who confirmed a line is no part of what a file says."""
        here = self.value and {key: self.value[key] for key in self.value if key != VERIFIED_BY}
        return self.file not in (None, self.was, here)


def seed(session: Session, profile: Profile, now: datetime) -> int:
    """Load from the profile what is not there yet; how many parts. What is there is never overwritten."""
    parts = editable.editables(profile.filed)
    known = tables.parts_of_the_profile(session)
    if tables.stamp(session) and parts.keys() <= known.keys():
        return 0
    tables.hold_parts(session, now)
    texts = {name: part.read(profile.filed) for name, part in parts.items() if name not in known}
    added = [
        tables.add_choice(session, name, said, said, by=FROM_FILE, at=now) for name, said in texts.items()
    ]
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


def read(profile: Profile, name: str) -> Value:
    """A part as this profile has it; None when it has no such part."""
    part = editable.find(profile, name)
    return part.read(profile) or None if part else None


def current(
    session: Session, profile: Profile, name: str, *, environment: Mapping[str, str] | None = None
) -> Edited:
    """One part as it is now. `environment`: what the environment says of choices, by name; it beats them."""
    return _edited(profile, name, tables.chosen(session, name), environment)


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
    return tuple(_edited(profile, name, rows.get(name), environment) for name in names)


def _edited(
    profile: Profile,
    name: str,
    row: SettingPart | ChoiceRow | None,
    environment: Mapping[str, str] | None = None,
) -> Edited:
    part = editable.find(profile, name)
    if part is None:
        raise NotFound(PARTS.gone)
    label, was = part.label, row.filed if row else None
    if row is None:
        value: Value = part.read(profile)
    elif was is not None:
        value, label = row.value, (row.value or was).get("name", label)
    else:
        value = {name: row.value if isinstance(row.value, str) else " ".join(row.value)}
    fixed = (environment or {}).get(name, "")
    return Edited(
        name=name,
        label=label,
        group=part.group,
        fields=part.fields,
        value={name: fixed} if fixed else value,
        file=part.read(profile.filed) or None,
        was=was,
        by=row.by if row else FROM_FILE,
        at=row.at if row else None,
        version=row.version if row else 0,
        fixed_by_environment=bool(fixed),
    )


PARTS: FileKind[Value] = FileKind(
    "That can't be changed here.",
    # What the people room changes is no part of the profile and has no file.
    lambda profile, row, _file: _edited(profile, row.name, row) if row.filed is not None else None,
)


def change(
    session: Session, profile: Profile, name: str, texts: Texts, **how: Unpack[EditBy]
) -> Filed[Value]:
    """Save what was typed. Raises `InvalidInput` by field, `ChangedMeanwhile`, `NotAllowed`."""
    held = lock_part(session, profile, name, **how)
    made = effective(session, profile)
    part = editable.find(made, name)
    assert part is not None  # `lock_part` has found it
    old, said = held.found.value or {}, typed(part, texts)
    same_number = VERIFIED in old and old["number"] == said["number"]
    confirmed = {key: old[key] for key in (VERIFIED, VERIFIED_BY) if same_number and key in old}
    after = editable.validate_and_apply(part, made, {**said, **confirmed})
    _still_opens(after, part, how["now"])
    return held.save({**part.read(after), **confirmed})


def typed(part: Editable, texts: Texts) -> dict[str, str]:
    """The part's own texts, without what a database refuses."""
    return {field.name: _UNSTORABLE.sub("", texts.get(field.name, "")).strip() for field in part.fields}


def lock_part(session: Session, profile: Profile, name: str, **how: Unpack[EditBy]) -> Locked[Value]:
    """The part for somebody who may change it and, with `seen`, has its newest version; nobody else has it now."""
    held = hold(session, profile, name, PARTS, read(profile.filed, name), **how)
    seen, row = how.get("seen"), held.row
    held.must_be_newest(seen in (None, row.version) or (seen == 0 and row.by == FROM_FILE))
    return held


def differences(session: Session, profile: Profile) -> tuple[Edited, ...]:
    """Where the file has changed since it was loaded and says something else than is chosen here; labels are the file's."""
    parts = editable.editables(profile.filed)
    found = (each for each in everything(session, profile) if each.differs)
    return tuple(replace(each, label=parts[each.name].label) for each in found)


def _still_opens(profile: Profile, part: Editable, now: datetime) -> None:
    """Clocks run in opening time, so there must be some."""
    try:
        next_opening(profile.hours, now)
    except ValueError:
        raise InvalidInput.at(
            part.fields[0].name, "With these hours you would never be open. Leave some days open."
        ) from None
