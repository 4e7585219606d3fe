"""What staff do with contacts: log one, delete one, and see what was logged. Who may see a request is judged above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from copbot.contacts import rules, tables
from copbot.contacts.rules import ContactEntry, LoggedContact
from copbot.contacts.tables import ContactRow
from copbot.errors import InvalidInput, NotAllowed, NotFound
from copbot.slack.person import Person
from copbot.slack.text import clean
from copbot.store import Session, hold, insert_once

if TYPE_CHECKING:
    from copbot.program.profile import Profile

SHOWN = 10


def today(profile: Profile, now: datetime) -> date:
    return now.astimezone(ZoneInfo(profile.time_zone)).date()


def log(
    session: Session,
    entry: ContactEntry,
    *,
    by: Person,
    key: str,
    profile: Profile,
    now: datetime,
    request_id: int | None = None,
    import_id: int | None = None,
) -> int | None:
    """Save a contact; its id, None when this `key` had saved it before. Raises `InvalidInput` with a sentence per field.

    What somebody else than staff logs is refused, except from a file.
    """
    if not by.is_staff and import_id is None:
        raise NotAllowed("Only staff can do this.")
    entry = replace(entry, objectives=clean(entry.objectives).strip(), note=clean(entry.note).strip())
    entry = entry if entry.formal else replace(entry, objectives="")
    troubles = rules.troubles(entry, profile, today(profile, now))
    if troubles:
        raise InvalidInput(next(iter(troubles.values())), troubles)
    values = {**asdict(entry), "topics": list(entry.topics), "areas": list(entry.areas)}
    about = {"request_id": request_id, "import_id": import_id, "by_id": by.id}
    return insert_once(session, ContactRow, key=key, logged_at=now, **about, **values)


def usual(session: Session, person: Person, profile: Profile) -> tuple[str, str]:
    """Category and format that this person used last with a request, else the profile's first."""
    asked = [each.id for each in profile.contact_categories if not each.unasked]
    last = tables.last_of(session, person.id, asked)
    if last is None:
        return asked[0], profile.contact_formats[0].id
    known = {each.id for each in profile.contact_formats}
    return last.category, last.format if last.format in known else profile.contact_formats[0].id


def request_of(session: Session, contact_id: int) -> int | None:
    """The request a contact is with. Raises `NotFound` for a contact that is gone."""
    return _existing(session, contact_id).request_id


def delete(session: Session, contact_id: int, *, by: Person) -> None:
    """Take an entry out again: whoever logged it, or a lead."""
    row = _existing(session, contact_id)
    if not by.is_staff or (row.by_id != by.id and not by.is_lead):
        raise NotAllowed("Only whoever logged this, or a lead, can delete it.")
    session.delete(row)
    session.flush()


def of_request(session: Session, request_id: int, now: datetime) -> tuple[LoggedContact, ...]:
    """The newest contacts with a request, newest first."""
    return _contacts(tables.of_request(session, request_id, SHOWN), now)


def own(session: Session, person: Person, now: datetime) -> tuple[LoggedContact, ...]:
    """What this person logged last without a request, newest first."""
    return _contacts(tables.without_request(session, person.id, SHOWN), now)


total_of = tables.total_of


def _existing(session: Session, contact_id: int) -> ContactRow:
    try:
        return hold(session, ContactRow, contact_id)
    except NotFound:
        raise NotFound("That entry is already deleted.") from None


def _contacts(found: Sequence[tables.Logged], now: datetime) -> tuple[LoggedContact, ...]:
    return tuple(
        LoggedContact(
            row.id, row.day, row.minutes, row.category, row.format, row.people, row.formal, row.by_id, name,
            now - row.logged_at < rules.UNDO,
        )
        for row, name in found
    )  # fmt: skip
