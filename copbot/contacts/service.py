"""What staff do with contacts: log one, delete one, and see what was logged. Who may see a request is judged above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING

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
    found = troubles(entry, profile, now)
    if found:
        raise InvalidInput(next(iter(found.values())), found)
    return _save(session, entry, by=by, key=key, now=now, request_id=request_id)


def keep_past(
    session: Session,
    entry: ContactEntry,
    agency_id: int | None,
    *,
    by: Person,
    key: str,
    now: datetime,
    import_id: int,
) -> bool:
    """Save what stood in earlier records and was checked; whether it is new."""
    entry = replace(entry, agency_id=agency_id)
    return _save(session, entry, by=by, key=key, now=now, import_id=import_id) is not None


def _save(
    session: Session, entry: ContactEntry, *, by: Person, key: str, now: datetime, request_id: int | None = None,
    import_id: int | None = None,
) -> int | None:  # fmt: skip
    values = {**asdict(entry), "topics": list(entry.topics), "areas": list(entry.areas)}
    about = {"request_id": request_id, "import_id": import_id, "by_id": by.id}
    return insert_once(session, ContactRow, key=key, logged_at=now, **about, **values)


def troubles(entry: ContactEntry, profile: Profile, now: datetime) -> dict[str, str]:
    """Field → sentence, for everything that cannot be logged."""
    return rules.troubles(entry, profile, profile.today(now))


def usual(session: Session, person: Person, profile: Profile) -> tuple[str, str]:
    """Category and format that this person used last with a request, else the profile's first."""
    asked = [each.id for each in profile.contact_categories if not each.unasked]
    last = tables.last_of(session, person.id, asked)
    if last is None:
        return asked[0], profile.contact_formats[0].id
    known = {each.id for each in profile.contact_formats}
    return last.category, last.format if last.format in known else profile.contact_formats[0].id


def request_and_key(session: Session, contact_id: int) -> tuple[int | None, str]:
    """The request a contact is with, and the key it was saved by. Raises `NotFound` for one that is gone."""
    row = _existing(session, contact_id)
    return row.request_id, row.key


def check_delete(session: Session, contact_id: int, *, by: Person) -> None:
    """Raise `NotAllowed` for anybody but whoever logged it and leads."""
    if not by.is_staff or (_existing(session, contact_id).by_id != by.id and not by.is_lead):
        raise NotAllowed("Only whoever logged this, or a lead, can delete it.")


def delete(session: Session, contact_id: int, *, by: Person) -> None:
    """Take an entry out again."""
    check_delete(session, contact_id, by=by)
    session.delete(_existing(session, contact_id))
    session.flush()


def of_request(session: Session, request_id: int, now: datetime) -> tuple[LoggedContact, ...]:
    """The newest contacts with a request, newest first."""
    return _contacts(tables.of_request(session, request_id, SHOWN), now)


def own(session: Session, person: Person, now: datetime) -> tuple[LoggedContact, ...]:
    """What this person logged last without a request, newest first."""
    return _contacts(tables.without_request(session, person.id, SHOWN), now)


total_of, remove_imported = tables.total_of, tables.remove_imported


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
