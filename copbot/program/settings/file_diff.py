"""What the profile's file says now, against what was loaded from it: shown, and taken over only when asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from copbot.errors import NotFound
from copbot.program.profile import Profile
from copbot.program.settings import editable, tables
from copbot.program.settings.edits import (
    VERIFIED_BY,
    Called,
    Edited,
    Editor,
    current,
    lock_part,
    note,
    read,
    save,
    somebody,
)
from copbot.store import Session


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
        here = _without_who(row.value) if row else None
        if row is not None and file not in (row.filed, here):
            found.append(Difference(name, part.label, part.group, row.filed, file, here, row.version))
    return tuple(found)


def take_from_file(
    session: Session,
    profile: Profile,
    name: str,
    *,
    seen: int,
    by: Editor,
    now: datetime,
    called: Called = somebody,
) -> Edited:
    """What the file says now counts from here on. `seen` as in `change`."""
    row = lock_part(session, profile, name, seen=seen, by=by, now=now, called=called)
    row.filed = _said(profile, name)
    return save(session, profile, row, row.filed, by=by, now=now, why="taken from the file")


def keep_here(
    session: Session, profile: Profile, name: str, *, seen: int, by: Editor, now: datetime
) -> Edited:
    """What is chosen here stays, and the file's change is no longer shown."""
    row = lock_part(session, profile, name, seen=seen, by=by, now=now)
    row.filed = _said(profile, name)
    session.flush()
    note(session, name, by=by, now=now, why="kept")
    return current(session, profile, name)


def _said(profile: Profile, name: str) -> dict[str, str]:
    said = read(profile.filed, name)
    if said is None:
        raise NotFound("The program's file does not have this.")
    return said


def _without_who(value: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if value is None else {key: text for key, text in value.items() if key != VERIFIED_BY}
