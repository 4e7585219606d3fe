"""Who is on a request and who may read it, and where the messages of a confidential one stand."""

from __future__ import annotations

from datetime import datetime

from copbot.assistance.rules import Role, roles_of
from copbot.assistance.tables import ColleagueRow, RequestRow, colleagues_of
from copbot.assistance.workflow import tables
from copbot.delivery import service as delivery
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Session, hold, new_uid

LEADS = "leads"
"""Where a confidential request's notice stands, in the place of the staff channel's id."""


def participants(session: Session, request_id: int) -> tuple[Person, ...]:
    """The requester's side, who see and hear the request: its requester first, then colleagues as they were added.

    Empty for what nobody asked here: it came from earlier records.
    """
    row = session.get(RequestRow, request_id)
    if row is None or row.import_id is not None:
        return ()
    ids = [row.requester_id, *(each.id for each in colleagues_of(session, request_id))]
    return tuple(people.person_of(session, each) for each in ids)


def is_colleague(session: Session, row: RequestRow, person: Person) -> bool:
    return session.get(ColleagueRow, (row.id, person.id)) is not None


def may_see(session: Session, row: RequestRow, person: Person) -> bool:
    """The requester's side; of what is not confidential all staff, of the rest its owner and leads."""
    if row.requester_id == person.id:
        return True
    if person.is_staff and (not row.confidential or person.is_lead or row.owner_id == person.id):
        return True
    return is_colleague(session, row, person)


def roles(session: Session, row: RequestRow, person: Person) -> frozenset[Role]:
    is_requester = row.requester_id == person.id
    return roles_of(
        is_staff=person.is_staff,
        is_lead=person.is_lead,
        is_owner=row.owner_id == person.id,
        is_requester=is_requester,
        is_colleague=not is_requester and is_colleague(session, row, person),
    )


# Of a confidential request


def closed_to(session: Session, subject: Subject) -> frozenset[str] | None:
    """The only users and channels that may read a message about this; None for what is not confidential."""
    if subject.kind not in ("request", "event") or not subject.ident.isdecimal():
        return None
    row = tables.confidential_of(session, subject.number, is_event=subject.kind == "event")
    return None if row is None else readers(session, row)


def readers(session: Session, row: RequestRow) -> frozenset[str]:
    """Users and channels: the requester's side, whoever has it, leads and their channel."""
    side = {each.user for each in participants(session, row.id)}
    return _notice_places(session, row) | side | {each.user for each in people.leads(session)}


def settle(session: Session, row: RequestRow, now: datetime) -> None:
    """Messages of a confidential request stand with its readers alone; safe to repeat whenever those change.

    The staff channel reads one line: that there is one, and its region.
    """
    if not row.confidential:
        return
    about = f"request:{row.id}"
    events = [f"event:{each}" for each in tables.event_ids(session, row.id)]
    delivery.unsay_but(session, (about, *events), at=readers(session, row))
    wanted, stand = _notice_places(session, row), delivery.destinations(session, "request.notice", about)
    delivery.unsay_but(session, (about,), at=wanted, kind="request.notice")
    for place in sorted(wanted - stand):
        key = f"request.notice:{row.id}:{new_uid()}"  # it may have stood there before
        delivery.say(session, "request.notice", about, to=place, key=key, now=now, urgent=True)
    channel = people.notice_channel(session)
    if channel:
        key = f"request.confidential:{row.id}"
        delivery.say(session, "request.confidential", f"confidential:{row.id}", to=channel, key=key, now=now)
    is_held, row.staff_channel = row.staff_channel is None, LEADS if wanted else None
    if is_held and wanted:
        delivery.refresh(session, about, kind="request.receipt", now=now)
    session.flush()


def settle_all(session: Session, after: int, *, now: datetime, most: int = 50) -> int:
    """The same for the next few requests after this id, because leads or their channel may have changed.

    Returns the last one's id; 0 when there are no more.
    """
    found = tables.confidential_ids(session, after, most)
    for ident in found:
        settle(session, hold(session, RequestRow, ident), now)
    return found[-1] if found else 0


def _notice_places(session: Session, row: RequestRow) -> frozenset[str]:
    """The leads' channel, or each lead; and whoever has it, who need not be a lead."""
    channel = people.leads_channel(session)
    leads = {each.user for each in people.leads(session)}
    owner = people.person_of(session, row.owner_id) if row.owner_id else None
    own = {owner.user} if owner is not None and owner.is_staff else set()
    return frozenset({channel.id} | (own - leads) if channel.id and not channel.problem else leads | own)
