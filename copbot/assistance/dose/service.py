"""Contacts with a request: logged and deleted by staff who may see it, and by nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from copbot.assistance.dose import past
from copbot.assistance.workflow.transitions import lock_request, subject
from copbot.contacts import service as contacts
from copbot.contacts.rules import ContactEntry
from copbot.delivery import service as delivery
from copbot.slack.person import Person
from copbot.store import Session

if TYPE_CHECKING:
    from copbot.program.profile import Profile


def log(
    session: Session,
    entry: ContactEntry,
    *,
    request_id: int,
    person: Person,
    key: str,
    profile: Profile,
    now: datetime,
) -> int | None:
    """Save a contact with a request; None when this `key` had saved it. A level is the request's, too, if it had none."""
    row = lock_request(session, request_id, person)
    made = contacts.log(session, entry, by=person, key=key, profile=profile, now=now, request_id=row.id)
    if made is not None:
        row.level = row.level or entry.level
        session.flush()
        delivery.refresh(session, subject(row.id), kind="request.notice", now=now)
    return made


def delete(session: Session, contact_id: int, *, person: Person, now: datetime) -> int | None:
    """Take an entry out again; the request it was with, None for work without one.

    A request that was logged with it less than ten minutes ago goes along; then there is none either.
    """
    request_id, key = contacts.request_and_key(session, contact_id)
    row = lock_request(session, request_id, person) if request_id is not None else None
    contacts.check_delete(session, contact_id, by=person)
    if row is not None and past.undo(session, row, key, now):
        return None
    contacts.delete(session, contact_id, by=person)
    if request_id is not None:
        delivery.refresh(session, subject(request_id), kind="request.notice", now=now)
    return request_id
