"""Who is on a request: the requester's side, who see and hear the same, and who else may see it."""

from __future__ import annotations

from copbot.assistance.rules import Role, roles_of
from copbot.assistance.tables import ColleagueRow, RequestRow
from copbot.assistance.workflow import tables
from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Session


def participants(session: Session, request_id: int) -> tuple[Person, ...]:
    """The requester's side, who see and hear the request: its requester first, then colleagues as they were added.

    Empty for what nobody asked here: it came from earlier records.
    """
    row = session.get(RequestRow, request_id)
    if row is None or row.import_id is not None:
        return ()
    ids = [row.requester_id, *(each.id for each in tables.colleagues_of(session, request_id))]
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
