"""Contacts with a request, and requests that came another way and are over: logged by staff and told to nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from copbot.assistance import rules, tables
from copbot.assistance.clocks.rules import started
from copbot.assistance.dose import tables as queries
from copbot.assistance.rules import subject
from copbot.assistance.tables import RequestRow
from copbot.assistance.texts import SOURCES, RequestForm, form_troubles, tidied
from copbot.assistance.workflow.transitions import lock_request
from copbot.contacts import service as contacts
from copbot.contacts.rules import LEVELS, ContactEntry, day_trouble
from copbot.delivery import service as delivery
from copbot.errors import NotAllowed, check_fields
from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Session, insert_once, new_uid

if TYPE_CHECKING:
    from copbot.program.profile import Profile

UNDO_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class PastRequest:
    """A request that is over. `closed` None: on the day it came."""

    form: RequestForm
    day: date | None
    source: str
    closed: date | None = None
    reason: str = "completed"
    level: str = ""


def record(
    session: Session,
    past: PastRequest,
    *,
    person: Person,
    key: str,
    profile: Profile,
    now: datetime,
    import_id: int | None = None,
) -> int | None:
    """Save it closed; its id, None when this `key` had saved it before. Raises `InvalidInput` with a sentence per field.

    Its clocks begin on the day it came. Whoever writes it down stands as who asked.
    """
    form = tidied(past.form)
    check_fields(troubles(replace(past, form=form), profile, now))
    assert past.day is not None  # nothing is saved without one
    agency = people.agency_named(session, form.agency_name).id if form.agency_name else form.agency_id
    at, ended = (_noon(day, profile, now) for day in (past.day, past.closed or past.day))
    is_imported = import_id is not None
    made = insert_once(
        session,
        RequestRow,
        uid=new_uid(),
        form_key=key,
        requester_id=person.id,
        owner_id=None if is_imported else person.id,
        agency_id=agency,
        not_agency=form.not_agency,
        kind=form.kind,
        need=form.need,
        state=rules.CLOSED,
        asked_at=at,
        **vars(started(profile, at, urgent=False)),
        first_reply_at=None if is_imported else at,
        delivered_at=ended if past.reason == "completed" else None,
        closed_at=ended,
        close_reason=past.reason,
        level=past.level,
        source=past.source,
        import_id=import_id,
    )
    if made is not None:
        event = {"verb": "logged", "from_state": "", "to_state": rules.CLOSED, "version": 1}
        tables.add_choices(session, made, form.topics, form.areas)
        tables.add_event(session, request_id=made, at=now, person_id=person.id, **event)
    return made


def troubles(past: PastRequest, profile: Profile, now: datetime) -> dict[str, str]:
    """Field → sentence, empty for what can be taken."""
    today = profile.today(now)
    is_source = past.source in (*SOURCES, "slack", "other")
    closed = day_trouble(past.closed, today) if past.closed else ""
    if past.closed and past.day and past.closed < past.day:
        closed = "It was closed before it came in. Please check both days."
    return {
        "day": day_trouble(past.day, today),
        **form_troubles(past.form, profile, now),
        "source": "" if is_source else "Write how it came in, like email or phone call.",
        "closed": closed,
        "reason": "" if profile.close_reason(past.reason) else "Write one of the program's close reasons.",
        "level": "" if past.level in ("", *LEVELS) else "Write universal, targeted or intensive.",
    }


def _noon(day: date, profile: Profile, now: datetime) -> datetime:
    """Nobody says at what time of a past day it was."""
    return min(now, datetime.combine(day, time(12), ZoneInfo(profile.time_zone)).astimezone(now.tzinfo))


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
    contact = contacts.existing(session, contact_id)
    request_id, key = contact.request_id, contact.key
    row = lock_request(session, request_id, person) if request_id is not None else None
    if not contacts.may_delete(contact, person):
        raise NotAllowed("Only whoever logged this, or a lead, can delete it.")
    if row is not None and _is_just_logged(session, row, key, now):
        queries.remove(session, [row.id])
        session.expire_all()
        return None
    session.delete(contact)
    session.flush()
    if request_id is not None:
        delivery.refresh(session, subject(request_id), kind="request.notice", now=now)
    return request_id


def _is_just_logged(session: Session, row: RequestRow, contact_key: str, now: datetime) -> bool:
    """Whether it was logged with this contact within ten minutes, and nobody has done anything with it since."""
    if not row.source or row.version != 1 or row.form_key != contact_key:
        return False
    last = tables.last_event(session, row.id, "logged")
    return last is not None and now - last.at <= UNDO_WINDOW and queries.only_contact(session, row.id)
