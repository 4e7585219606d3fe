"""Care and crisis lines: confirmed by somebody who called them, asked about again after six months."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.program.profile import Profile
from copbot.program.schema.vocabulary import OPTIONS
from copbot.program.settings import editable, tables
from copbot.program.settings.editable import Texts
from copbot.program.settings.edits import (
    VERIFIED,
    VERIFIED_BY,
    Called,
    Edited,
    Editor,
    allow,
    current,
    effective,
    lock_part,
    note,
    save,
    somebody,
    typed,
)
from copbot.store import Session, new_uid

ASK_AGAIN_AFTER_MONTHS = 6


@dataclass(frozen=True)
class DueHotline:
    """A line to confirm: never confirmed, or so long ago that it is asked again. `check`: how, if not by a call."""

    name: str
    id: str
    label: str
    number: str
    version: int
    last_verified: date | None
    verified_by: str
    check: str = ""


def confirm_hotline(
    session: Session,
    profile: Profile,
    ident: str,
    *,
    seen: int,
    by: Editor,
    now: datetime,
    called: Called = somebody,
) -> Edited:
    """Somebody called the line today and it is as it says here. `seen` as in `change`."""
    row = lock_part(session, profile, f"hotline.{ident}", seen=seen, by=by, now=now, called=called)
    if row.value is None:
        raise NotFound("This line has been removed.")
    today = effective(session, profile).today(now)
    value = {**row.value, VERIFIED: today.isoformat(), VERIFIED_BY: by.user}
    return save(session, profile, row, value, by=by, now=now, why="confirmed")


def add_hotline(session: Session, profile: Profile, texts: Texts, *, by: Editor, now: datetime) -> Edited:
    """A line that is not in the file. Raises `InvalidInput` by field."""
    allow(by)
    tables.hold_parts(session, now)
    before = effective(session, profile)
    if len(before.hotlines) >= OPTIONS:
        raise Conflict(f"There are already {OPTIONS} lines. Remove one first.")
    part = editable.hotline(f"added_{new_uid()[:12]}", "")
    after = editable.validate_and_apply(part, before, typed(part, texts))
    if any(line.number == after.hotlines[-1].number for line in before.hotlines):
        words = "This number is already in the list."
        raise InvalidInput(words, {"number": words})
    tables.add_part(session, part.name, part.read(after), {}, by=by.user, at=now)
    tables.stamp_anew(session, now)
    note(session, part.name, by=by, now=now, why="added")
    return current(session, profile, part.name)


def remove_hotline(
    session: Session,
    profile: Profile,
    ident: str,
    *,
    seen: int,
    by: Editor,
    now: datetime,
    called: Called = somebody,
) -> Edited:
    """Remove a line: nothing shows it any more. The file's own can be restored with `take_from_file`.

    Raises `Conflict` for an essential one.
    """
    row = lock_part(session, profile, f"hotline.{ident}", seen=seen, by=by, now=now, called=called)
    line = profile.filed.hotline(ident)
    if line is not None and line.essential:
        raise Conflict(f"{line.name} cannot be removed: people rely on it in danger.")
    return save(session, profile, row, None, by=by, now=now, why="removed")


def hotlines_due(session: Session, profile: Profile, now: datetime) -> tuple[DueHotline, ...]:
    """Lines nobody of the program has confirmed, or not for six months."""
    made = effective(session, profile)
    today = made.today(now)
    rows = tables.parts_of_the_profile(session)
    due = [line for line in made.hotlines if not _is_fresh(line.last_verified, today)]
    found = []
    for line in due:
        row = rows.get(f"hotline.{line.id}")
        value, version = (row.value or {}, row.version) if row else ({}, 0)
        by = str(value.get(VERIFIED_BY, ""))
        found.append(
            DueHotline(
                f"hotline.{line.id}",
                line.id,
                line.name,
                line.number,
                version,
                line.last_verified,
                by,
                line.check or "",
            )
        )
    return tuple(found)


def _is_fresh(verified: date | None, today: date) -> bool:
    return verified is not None and today < months_after(verified, ASK_AGAIN_AFTER_MONTHS)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
