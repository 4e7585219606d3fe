"""What staff do with contacts: log one, delete one, and see what was logged. Who may see a request is judged above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.contacts import rules, tables
from copbot.contacts.rules import ContactEntry, LoggedContact
from copbot.contacts.tables import ContactRow
from copbot.errors import NotAllowed, NotFound, check_fields
from copbot.slack.person import Person
from copbot.slack.text import clean
from copbot.store import Session, hold, insert_once

if TYPE_CHECKING:
    from copbot.program.profile import Profile

SHOWN = 10


def log(
    session: Session,
    entry: ContactEntry,
    *,
    by: Person,
    key: str,
    profile: Profile,
    now: datetime,
    request_id: int | None = None,
) -> int | None:
    """Save a contact; its id, None when this `key` had saved it before. Raises `InvalidInput` with a sentence per field."""
    if not by.is_staff:
        raise NotAllowed("Only staff can do this.")
    entry = replace(entry, objectives=clean(entry.objectives).strip(), note=clean(entry.note).strip())
    check_fields(rules.troubles(entry, profile, profile.today(now)))
    return save(session, entry, by=by, key=key, now=now, request_id=request_id)


def save(
    session: Session, entry: ContactEntry, *, by: Person, key: str, now: datetime, **about: Any
) -> int | None:
    """The same for what was checked already; `about`: the request it is with, or the import it came by."""
    values = {**asdict(entry), "topics": list(entry.topics), "areas": list(entry.areas)}
    return insert_once(session, ContactRow, key=key, logged_at=now, by_id=by.id, **about, **values)


def usual(session: Session, person: Person, profile: Profile) -> tuple[str, str]:
    """Category and format that this person used last with a request, else the profile's first."""
    asked = [each.id for each in profile.contact_categories if not each.unasked]
    last = tables.last_of(session, person.id, asked)
    if last is None:
        return asked[0], profile.contact_formats[0].id
    known = {each.id for each in profile.contact_formats}
    return last.category, last.format if last.format in known else profile.contact_formats[0].id


def existing(session: Session, contact_id: int) -> ContactRow:
    """The entry, locked. Raises `NotFound` for one that is gone."""
    try:
        return hold(session, ContactRow, contact_id)
    except NotFound:
        raise NotFound("That entry is already deleted.") from None


def may_delete(row: ContactRow, reader: Person) -> bool:
    return reader.is_staff and (row.by_id == reader.id or reader.is_lead)


def of_request(session: Session, request_id: int, reader: Person, now: datetime) -> list[LoggedContact]:
    """The newest contacts with a request, newest first."""
    return _contacts(tables.of_request(session, request_id, SHOWN), reader, now)


def own(session: Session, person: Person, now: datetime) -> list[LoggedContact]:
    """What this person logged last without a request, newest first."""
    return _contacts(tables.without_request(session, person.id, SHOWN), person, now)


def _contacts(found: Sequence[tables.Logged], reader: Person, now: datetime) -> list[LoggedContact]:
    return [
        LoggedContact(
            row.id, row.day, row.minutes, row.category, row.format, row.people, row.formal, name,
            is_new=now - row.logged_at < rules.UNDO, may_delete=may_delete(row, reader),
        )
        for row, name in found
    ]  # fmt: skip
