"""Care and crisis lines: confirmed by somebody who called them, asked about again after six months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Unpack

from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.program.profile import Profile
from copbot.program.schema.vocabulary import OPTIONS, Hotline
from copbot.program.settings import editable, edits, filed, tables
from copbot.program.settings.editable import Texts
from copbot.program.settings.edits import VERIFIED, VERIFIED_BY, Value, effective
from copbot.program.settings.filed import EditBy, Editor, Filed
from copbot.store import Session, new_uid

ASK_AGAIN_AFTER_MONTHS = 6


def confirm_hotline(session: Session, profile: Profile, ident: str, **how: Unpack[EditBy]) -> Filed[Value]:
    """Somebody called the line today and it is as it says here. Raises as `change`."""
    held = edits.lock_part(session, profile, f"hotline.{ident}", **how)
    if held.found.value is None:
        raise NotFound("This line has been removed.")
    today = effective(session, profile).today(how["now"])
    return held.save({**held.found.value, VERIFIED: today.isoformat(), VERIFIED_BY: held.by}, "confirmed")


def add_hotline(
    session: Session, profile: Profile, texts: Texts, *, by: Editor, now: datetime
) -> Filed[Value]:
    """A line that is not in the file. Raises `InvalidInput` by field."""
    filed.allow(by)
    tables.hold_parts(session, now)
    before = effective(session, profile)
    if len(before.hotlines) >= OPTIONS:
        raise Conflict(f"There are already {OPTIONS} lines. Remove one first.")
    part = editable.hotline(f"added_{new_uid()[:12]}", "")
    after = editable.validate_and_apply(part, before, edits.typed(part, texts))
    if any(line.number == after.hotlines[-1].number for line in before.hotlines):
        raise InvalidInput.at("number", "This number is already in the list.")
    tables.add_choice(session, part.name, part.read(after), {}, by=by.user, at=now)
    tables.stamp_anew(session, now)
    filed.note(session, part.name, by=by, now=now, why="added")
    return edits.current(session, profile, part.name)


def remove_hotline(session: Session, profile: Profile, ident: str, **how: Unpack[EditBy]) -> Filed[Value]:
    """Remove a line: nothing shows it any more. The file's own can be restored.

    Raises `Conflict` for an essential one.
    """
    held = edits.lock_part(session, profile, f"hotline.{ident}", **how)
    line = profile.filed.hotline(ident)
    if line is not None and line.essential:
        raise Conflict(f"{line.name} cannot be removed: people rely on it in danger.")
    return held.save(None, "removed")


def restore_hotline(session: Session, profile: Profile, ident: str, **how: Unpack[EditBy]) -> Filed[Value]:
    """A line as the file says it, whatever was changed here."""
    held = edits.lock_part(session, profile, f"hotline.{ident}", **how)
    if held.found.file is None:
        raise NotFound("The program's file does not have this.")
    return held.take_from_file()


def hotlines_due(session: Session, profile: Profile, now: datetime) -> tuple[Hotline, ...]:
    """Lines nobody of the program has confirmed, or not for six months."""
    made = effective(session, profile)
    today, after = made.today(now), ASK_AGAIN_AFTER_MONTHS
    known = ((line, line.last_verified) for line in made.hotlines)
    return tuple(line for line, day in known if day is None or months_after(day, after) <= today)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
