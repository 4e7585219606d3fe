"""Care and crisis lines: confirmed by somebody who called them, asked about again after six months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Unpack

from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.program.profile import Profile
from copbot.program.schema.vocabulary import OPTIONS, Hotline
from copbot.program.settings import editable, edits, tables
from copbot.program.settings.editable import Texts
from copbot.program.settings.edits import VERIFIED, VERIFIED_BY, EditBy, Edited, Editor, effective
from copbot.store import Session, new_uid

ASK_AGAIN_AFTER_MONTHS = 6


def confirm_hotline(session: Session, profile: Profile, ident: str, **how: Unpack[EditBy]) -> Edited:
    """Somebody called the line today and it is as it says here. Raises as `change`."""
    row = edits.lock_part(session, profile, f"hotline.{ident}", **how)
    if row.value is None:
        raise NotFound("This line has been removed.")
    today = effective(session, profile).today(how["now"])
    value = {**row.value, VERIFIED: today.isoformat(), VERIFIED_BY: how["by"].user}
    return edits.save(session, profile, row, value, how, why="confirmed")


def add_hotline(session: Session, profile: Profile, texts: Texts, *, by: Editor, now: datetime) -> Edited:
    """A line that is not in the file. Raises `InvalidInput` by field."""
    edits.allow(by)
    tables.hold_parts(session, now)
    before = effective(session, profile)
    if len(before.hotlines) >= OPTIONS:
        raise Conflict(f"There are already {OPTIONS} lines. Remove one first.")
    part = editable.hotline(f"added_{new_uid()[:12]}", "")
    after = editable.validate_and_apply(part, before, edits.typed(part, texts))
    if any(line.number == after.hotlines[-1].number for line in before.hotlines):
        words = "This number is already in the list."
        raise InvalidInput(words, {"number": words})
    tables.add_part(session, part.name, part.read(after), {}, by=by.user, at=now)
    tables.stamp_anew(session, now)
    edits.note(session, part.name, by=by, now=now, why="added")
    return edits.current(session, profile, part.name)


def remove_hotline(session: Session, profile: Profile, ident: str, **how: Unpack[EditBy]) -> Edited:
    """Remove a line: nothing shows it any more. The file's own can be restored with `take_from_file`.

    Raises `Conflict` for an essential one.
    """
    row = edits.lock_part(session, profile, f"hotline.{ident}", **how)
    line = profile.filed.hotline(ident)
    if line is not None and line.essential:
        raise Conflict(f"{line.name} cannot be removed: people rely on it in danger.")
    return edits.save(session, profile, row, None, how, why="removed")


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
