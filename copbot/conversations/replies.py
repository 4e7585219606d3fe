"""Verbs of a reply: saved once with the request's move, sent a minute later, undone until then."""

from __future__ import annotations

from datetime import datetime

from copbot.assistance import colleagues
from copbot.assistance import rules as requests
from copbot.assistance.rules import TELL_AFTER
from copbot.assistance.tables import RequestRow
from copbot.assistance.texts import text_trouble, tidy
from copbot.assistance.upkeep import service as upkeep
from copbot.assistance.views import facts as shown
from copbot.assistance.workflow import service as workflow
from copbot.assistance.workflow.participants import participants, roles
from copbot.assistance.workflow.transitions import (
    Press,
    apply_transition,
    facts_of,
    lock_request,
    write_event,
)
from copbot.conversations import copies, tables
from copbot.conversations.rules import DELETED, HELD, LONGEST, OPEN, STAFF, Line, StaffReply
from copbot.conversations.rules import subject as about
from copbot.conversations.tables import Entry
from copbot.delivery import service as delivery
from copbot.delivery.subject import Subject
from copbot.errors import Conflict, InvalidInput, NotAllowed
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.slack.person import Person
from copbot.store import Session, find_row, hold, need_row

TO_REQUESTER, TO_STAFF = colleagues.REPLY, copies.SENT


def check(session: Session, request_id: int, person: Person, now: datetime) -> None:
    """Raise why this person cannot reply now: before a form opens, so that nobody types in vain."""
    shown.check(session, request_id, "reply", person, now)
    _check_asked_here(session.get_one(RequestRow, request_id))


def send(
    session: Session, *, request_id: int, person: Person, text: str, form_key: str, now: datetime, profile: Profile
) -> StaffReply:  # fmt: skip
    """Saved, and on its way in a minute. A form that is sent again says what it has saved already."""
    trouble = text_trouble(text, most=LONGEST, empty="Please type your reply.")
    if trouble:
        raise InvalidInput.at("text", trouble)
    row = lock_request(session, request_id, person)
    before = find_row(session, Entry, form_key=form_key)
    if before is not None:
        if before.text == tidy(text):
            return value(session, before)
        saved = "This reply was saved before you changed it."
        raise Conflict(f"{saved} Undo it in the staff thread, or write another one.")
    _check_asked_here(row)
    _begin(session, row, person, now, profile)
    entry = Entry(request_id=row.id, person_id=person.id, side=STAFF, form_key=form_key, state=OPEN, at=now)
    entry.text = tidy(text)
    session.add(entry)
    session.flush()
    _say(session, row, entry, now)
    return value(session, entry)


def _begin(session: Session, row: RequestRow, person: Person, now: datetime, profile: Profile) -> None:
    """The work has begun, with whoever has it; what nobody has is theirs from now on."""
    if row.state == requests.DELIVERED:  # done it stays, and its Done can still be undone
        requests.move("reply", facts_of(row, None), roles(session, row, person), now)
        write_event(session, row, "reply", person, now)
        return

    def own(held: RequestRow) -> None:
        if held.owner_id is None:
            held.owner_id, held.assigned_at = person.id, now
        held.came_from = requests.IN_PROGRESS if held.came_from in requests.RUNNING else held.came_from

    apply_transition(session, Press("reply", row.id, person, now, profile), own)


def _say(session: Session, row: RequestRow, entry: Entry, now: datetime) -> None:
    """To the requester's side in a minute; to staff at once, in each thread in which they read the request."""
    which, out = about(entry.id), now + TELL_AFTER
    side = [each.user for each in participants(session, row.id)]
    said = [(TO_REQUESTER, which, to, f"{TO_REQUESTER}:{entry.id}:{to}") for to in side]
    delivery.say_all(session, said, now=now, due_at=out)
    copies.say_copies(session, entry, now)
    delivery.refresh(session, which, kind=TO_STAFF, now=now, at=out)


def undo(session: Session, uid: str, *, person: Person, now: datetime, profile: Profile) -> str:
    """Nothing is sent, and the request is as it was unless somebody moved it meanwhile. Returns the reply's text."""
    entry = find(session, uid)
    row = lock_request(session, entry.request_id, person)
    entry = hold(session, Entry, entry.id)
    if entry.person_id != person.id and not person.is_lead:
        raise NotAllowed("Only the person who wrote it, or a lead, can undo this.")
    if entry.state == DELETED:
        raise Conflict("This reply was undone already.")
    out = entry.at + TELL_AFTER
    if now >= out:
        raise Conflict("This reply has gone out already.")
    text, entry.text, entry.state = entry.text, "", DELETED
    delivery.unsay(session, about(entry.id))
    moved = row.undo_state or {}
    if (moved.get("verb"), moved.get("by"), row.undo_until) == ("reply", entry.person_id, out):
        workflow.undo(session, reply=True, request_id=row.id, person=person, now=now, profile=profile)
    else:
        write_event(session, row, "undo", person, now)
    return text


def find(session: Session, uid: str) -> Entry:
    return need_row(session, Entry, "This reply is no longer there.", uid=uid)


def tell_undelivered(session: Session, *, now: datetime) -> int:
    """Whoever has a request hears of a reply that did not reach its requester, once for each."""
    return upkeep.tell_undelivered(session, now=now, kind=TO_REQUESTER, request_of=_request_of)


def _request_of(session: Session, which: Subject) -> int | None:
    return tables.request_of_entry(session, which.number)


def value(session: Session, entry: Entry) -> StaffReply:
    return StaffReply(entry.uid, people.person_of(session, entry.person_id).name, entry.text, entry.at)


def _check_asked_here(row: RequestRow) -> None:
    if row.import_id is not None:
        label = requests.label(row.id)
        raise Conflict(f"{label} came from earlier records, so there is nobody in Slack to reply to.")


# -- the whole conversation: messages, questions and answers of both sides in their order

_DID = {"ask": "asked", "answer": "answered", "add_words": "added"}
_DID |= {"reopen": "reopened it", "done": "marked it done", "close": "closed it"}
_SLOW = ("done", "close")
"""What the requester hears a minute later, so that it can be undone unheard."""
_NOT_SHOWN = "This text isn't shown here because it may hold details of people who are served."


def conversation(session: Session, facts: shown.RequestFacts, now: datetime, *, staff: bool) -> list[Line]:
    """Oldest first; for the requester without what can still be undone unheard."""
    found = [Line(facts.asked_at, facts.requester.name, "asked for help", facts.need)]
    for event in facts.events:
        is_new = event.verb in _SLOW and now < event.at + TELL_AFTER
        if event.verb in _DID and event.why and event.by is not None and (staff or not is_new):
            found.append(Line(event.at, event.by.name, _DID[event.verb], event.why))
    written = tables.all_of(session, facts.id)
    entries = [_line(entry, name) for entry, name in written if entry.state not in (DELETED, HELD)]
    found += [line for line in entries if staff or line.at <= now]
    return sorted(found, key=lambda each: each.at)


def _line(entry: Entry, name: str) -> Line:
    """A reply of staff's stands where it went out."""
    did, at = ("replied", entry.at + TELL_AFTER) if entry.side == STAFF else ("wrote", entry.at)
    is_shown = entry.state == OPEN
    return Line(at, name, did, entry.text if is_shown else "", "" if is_shown else _NOT_SHOWN)
