"""Who else of the requester's agency is on a request: added by the requester or staff, and taken off again."""

from __future__ import annotations

from datetime import datetime

from copbot.assistance import rules
from copbot.assistance.rules import subject
from copbot.assistance.tables import ColleagueRow, RequestRow, last_event
from copbot.assistance.workflow.participants import participants, roles
from copbot.assistance.workflow.tables import event_ids, has_others
from copbot.assistance.workflow.transitions import (
    Moved,
    facts_of,
    lock_request,
    missing,
    moved,
    redraw,
    write_event,
)
from copbot.delivery import service as delivery
from copbot.errors import NotAllowed, NotFound, check_fields
from copbot.people import service as people
from copbot.people.tables import PersonRow, persons_by_user
from copbot.people.values import Agency
from copbot.slack.person import Person
from copbot.store import Session
from copbot.store import words as stored_words

MOST = 5
REPLY = "conversation.reply"
"""What staff wrote to the requester's side, said by the room of conversations."""


def sharing(session: Session, *, request_id: int, person: Person) -> tuple[str, bool]:
    """The agency's name, empty when there is none, and whether it knows others. Raises why nobody can be added now."""
    row = _to_share(session, request_id, person)
    agency, side = _agency(session, row.agency_id), participants(session, row.id)
    if agency is None:
        return "", False
    return agency.name, has_others(session, agency.id, [each.id for each in side])


def add(session: Session, *, request_id: int, user: str, person: Person, now: datetime) -> tuple[Moved, str]:
    """From now on they see and hear what the requester does. Their name; raises `InvalidInput` at `colleague`."""
    row = _to_share(session, request_id, person)
    found = persons_by_user(session, [user]).get(user)
    check_fields({"colleague": _trouble(session, row, found)})
    assert found is not None  # else that was the trouble
    whom = people.person_of(session, found.id)
    session.add(ColleagueRow(request_id=row.id, person_id=whom.id, by_id=person.id, at=now))
    event_id = write_event(session, row, "add_colleague", person, now, whom=whom)
    said = [("request.receipt", subject(row.id), whom.user, f"request.receipt:{row.id}:{event_id}")]
    asked = last_event(session, row.id, "ask") if row.state == rules.WAITING_REQUESTER else None
    if asked is not None:
        said.append(("request.told", f"event:{asked.id}", whom.user, f"request.told:{asked.id}:{event_id}"))
    session.flush()
    redraw(session, row, now)
    delivery.say_all(session, said, now=now)
    return moved(row, event_id), whom.name


def remove(session: Session, *, request_id: int, colleague_id: int, person: Person, now: datetime) -> Moved:
    """They see and hear it no longer, and what they were shown is deleted. Everybody may take off themselves."""
    row = lock_request(session, request_id, person)
    is_own = colleague_id == person.id
    if not is_own and not roles(session, row, person) & {"requester", "staff"}:
        raise NotAllowed("Only the person who asked or staff can remove a colleague.")
    found = session.get(ColleagueRow, (row.id, colleague_id))
    if found is None:
        raise NotFound("They are no longer on this request.")
    whom = people.person_of(session, colleague_id)
    session.delete(found)
    verb = "leave" if is_own else "remove_colleague"
    event_id = write_event(session, row, verb, person, now, whom=None if is_own else whom)
    session.flush()
    _take_back(session, row, whom.user)
    redraw(session, row, now)
    if not is_own:
        key = f"request.unshared:{event_id}"
        delivery.say(
            session, "request.unshared", f"event:{event_id}", to=whom.user, key=key, now=now, urgent=True
        )
    return moved(row, event_id)


def _take_back(session: Session, row: RequestRow, user: str) -> None:
    """The receipt and news that went to this user are deleted."""
    events = [f"event:{each}" for each in event_ids(session, row.id)]
    about = (subject(row.id), *events, *stored_words.subjects(session, row.id))
    delivery.unsay_to(session, about, user, kinds=("request.receipt", "request.told", REPLY))


def _to_share(session: Session, request_id: int, person: Person) -> RequestRow:
    row = lock_request(session, request_id, person)
    rules.check_sharing(facts_of(row, None), roles(session, row, person))
    return row


def _agency(session: Session, ident: int | None) -> Agency | None:
    return people.agency_known(session, ident) if ident is not None else None


def _trouble(session: Session, row: RequestRow, found: PersonRow | None) -> str:
    """Why this person cannot be added; empty when they can."""
    agency, side = _agency(session, row.agency_id), participants(session, row.id)
    if not side:
        raise missing()
    if agency is None:
        return f"{rules.label(row.id)} isn't for an agency, so nobody can be added."
    where = f"Ask them to choose {agency.name} in Home, under About you. Then add them."
    if found is None:
        return f"We don't know their agency yet. {where}"
    if found.id == side[0].id:
        return f"{found.name} sent this request."
    if found.id in {each.id for each in side}:
        return f"{found.name} is already on {rules.label(row.id)}."
    if found.is_deleted:
        return f"{found.name}'s Slack account is deactivated."
    if not people.flags_of(found).full_member:
        return f"{found.name} is a guest here. Only full members of this workspace can be added."
    theirs = _agency(session, found.agency_id)
    if theirs is None or theirs.id != agency.id:
        return f"{found.name} isn't listed with {agency.name}. {where}"
    if len(side) > MOST:
        return f"{rules.label(row.id)} has {MOST} colleagues, and more can't be added. Remove one first."
    return ""
