"""How a request moves: held, judged by the state table, written down, and everybody told, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from copbot.assistance import rules, tables
from copbot.assistance.clocks.rules import NUDGES, clocks_of, resumed
from copbot.assistance.rules import Deed, Facts, subject
from copbot.assistance.tables import RequestRow
from copbot.assistance.workflow import tables as queries
from copbot.assistance.workflow.participants import may_see, participants, roles, settle
from copbot.delivery import service as delivery
from copbot.errors import Conflict, NotAllowed, NotFound
from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Session, hold
from copbot.store import words as stored_words

if TYPE_CHECKING:
    from copbot.program.profile import Profile


Columns = Mapping[str, Any]
NONE: Columns = MappingProxyType({})


@dataclass(frozen=True)
class Moved:
    """A move that was made. `already`: the same press had made it before, and nothing changed now.

    `answered`: what was written answered the open question.
    """

    id: int
    label: str
    state: str
    version: int
    event_id: int
    already: bool = False
    undo_until: datetime | None = None
    answered: bool = False


class Pressed(TypedDict):
    """What every press says: on which request, by whom, when; and which version of it they saw."""

    request_id: int
    person: Person
    now: datetime
    profile: Profile
    version: NotRequired[int | None]


@dataclass(frozen=True)
class Press:
    """Who wants what: the verb, with the version of the request they saw (None: they saw none)."""

    verb: str
    request_id: int
    person: Person
    now: datetime
    profile: Profile
    version: int | None = None
    why: str = ""
    whom: Person | None = None


def released_subject(owner_id: int, at: datetime) -> str:
    """The requests that somebody had who left the staff, and that were unassigned at this moment."""
    return f"released:{owner_id}:{at.isoformat()}"


def missing(label: str = "") -> NotFound:
    """The same words for a request that is not there and for one that is not theirs to see."""
    return NotFound(f"No {label or 'such request'} found. Your requests are in Home.")


def lock_request(session: Session, request_id: int, person: Person) -> RequestRow:
    """The request, locked; for those only who may see it."""
    try:
        row = hold(session, RequestRow, request_id)
    except NotFound:
        raise missing() from None
    if not may_see(session, row, person):
        raise missing()
    return row


def apply_transition(
    session: Session,
    press: Press,
    change: Callable[[RequestRow], None] | None = None,
    columns: Columns = NONE,
) -> Moved:
    """Make a move of the state table, or raise the sentence why not. `change` and `columns` are what else it brings."""
    verb, person, now = press.verb, press.person, press.now
    row = lock_request(session, press.request_id, person)
    if press.version not in (None, row.version):
        return resolve_stale_press(session, row, press)
    owner = people.person_of(session, row.owner_id) if row.owner_id else None
    to = rules.move(verb, facts_of(row, owner), roles(session, row, person), now)
    untold = take_back_telling(session, row, now)
    came, undone = row.state, _before(row) if verb in rules.UNDOABLE else None
    _settle_state(row, verb, to, press.profile, now, columns=columns)
    if change is not None:
        change(row)
    told = verb in rules.NOTIFIES_REQUESTER and not untold and bool(hearers(session, row, person))
    event_id = write_event(
        session, row, verb, person, now, came=came, why=press.why, whom=press.whom, told=told
    )
    if undone is not None:
        row.undo_until = now + rules.UNDOABLE[verb]
        row.undo_state = {**undone, "verb": verb, "event": event_id, "by": person.id}
    session.flush()
    settle(session, row, now)  # its readers may be others now
    _tell(session, row, press, event_id, told)
    if not untold:
        redraw_told(session, row, came, now)
    return moved(row, event_id)


def move_by_clock(
    session: Session,
    row: RequestRow,
    verb: str,
    *,
    profile: Profile,
    now: datetime,
    whom: Person | None = None,
    told: bool = False,
    why: str = "",
    columns: Columns,
) -> int:
    """A move that nobody makes, with what else changes in the row; the event's id, 0 when somebody was faster."""
    try:
        to = rules.move(verb, facts_of(row, whom), frozenset({"clock"}), now)
    except (NotAllowed, Conflict):
        return 0
    came = row.state
    _settle_state(row, verb, to, profile, now, columns=columns)
    event_id = write_event(session, row, verb, None, now, came=came, why=why, whom=whom, told=told)
    session.flush()
    redraw(session, row, now)
    redraw_told(session, row, came, now)
    if told:
        tell_requester(session, row, event_id, now)
    return event_id


def set_columns(row: RequestRow, columns: Columns) -> None:
    for name, value in columns.items():
        setattr(row, name, value)


def _before(row: RequestRow) -> dict[str, Any]:
    """What an undo brings back."""
    return {
        "state": row.state,
        "came_from": row.came_from,
        "owner": row.owner_id,
        "assigned_at": row.assigned_at and row.assigned_at.isoformat(),
        "replied": row.first_reply_at is not None,
        "clocks": {name: at and at.isoformat() for name, at in vars(clocks_of(row)).items()},
    }


def moved(row: RequestRow, event_id: int, *, already: bool = False) -> Moved:
    return Moved(row.id, rules.label(row.id), row.state, row.version, event_id, already, row.undo_until)


def facts_of(row: RequestRow, owner: Person | None) -> Facts:
    return Facts(
        id=row.id,
        state=row.state,
        came_from=row.came_from,
        owner_name=owner.name if owner else "",
        owner_active=owner is not None and owner.is_staff,
        ended_at=row.closed_at or row.delivered_at,
    )


def write_event(
    session: Session,
    row: RequestRow,
    verb: str,
    person: Person | None,
    now: datetime,
    *,
    came: str = "",
    why: str = "",
    whom: Person | None = None,
    told: bool = False,
) -> int:
    """Append what was done, `row` being as it is afterwards, and `came` the state it left, if it did; the event's id."""
    return tables.add_event(
        session,
        request_id=row.id,
        at=now,
        person_id=person.id if person else None,
        verb=verb,
        from_state=came or row.state,
        to_state=row.state,
        whom_id=whom.id if whom else None,
        why=why or None,
        version=row.version,
        told=told,
    )


def take_back_telling(session: Session, row: RequestRow, now: datetime) -> bool:
    """Whether the requester still knew nothing of the Done or Close that now ends; then they never will."""
    ended = row.closed_at or row.delivered_at
    event = (row.undo_state or {}).get("event")
    if event is None or ended is None or now >= ended + rules.TELL_AFTER:
        return False
    return delivery.unsay(session, f"event:{event}") > 0


def redraw(session: Session, row: RequestRow, now: datetime, *, later: bool = False) -> None:
    """Bring the staff's notice and the requester's receipt up to date; with `later` the receipt a minute on."""
    if not later:
        delivery.refresh(session, subject(row.id), now=now)
        return
    delivery.refresh(session, subject(row.id), kind="request.notice", now=now)
    delivery.refresh(session, subject(row.id), kind="request.receipt", now=now, at=now + rules.TELL_AFTER)
    if row.undo_until is not None:
        delivery.refresh(session, subject(row.id), kind="request.notice", now=now, at=row.undo_until)


def redraw_all(session: Session, request_id: int, now: datetime) -> int:
    """Every message about the request, about its events, and every list it stands in is drawn again; how many."""
    events = [each.event for each in tables.events_of(session, request_id)]
    lists = [
        f"{kind}:{whom}:{event.at.isoformat()}"
        for event in events
        if event.person_id is None
        for kind in _LISTS
        for whom in (event.whom_id, "all", "staff")
    ]
    said = stored_words.subjects(session, request_id)
    about = (subject(request_id), *(f"event:{event.id}" for event in events), *lists, *said)
    return sum(delivery.refresh(session, each, now=now) for each in about)


_LISTS = ("released", "late", "today")
"""Kinds of subjects that are a list of what the clock did at one moment: of one person's, of all, or staff's."""


_ENDINGS = ("done", "close", "merge", "no_answer")
_BUTTONED = {
    rules.WAITING_REQUESTER: (("ask", "nudge"), 1 + len(NUDGES)),
    rules.DELIVERED: (_ENDINGS, 1),
    rules.CLOSED: (_ENDINGS, 1),
}
"""What the requester was told with a button, and how often at most, by the state in which the button is good."""


def redraw_told(session: Session, row: RequestRow, came: str, now: datetime) -> None:
    """The request has left the state `came`: a message whose button went with it says so."""
    if row.state == came or came not in _BUTTONED:
        return
    for event in queries.last_told(session, row.id, *_BUTTONED[came]):
        delivery.refresh(session, f"event:{event}", kind="request.told", now=now)


def _settle_state(
    row: RequestRow, verb: str, to: str, profile: Profile, now: datetime, *, columns: Columns
) -> None:
    """What follows from the states alone, then what the verb sets."""
    row.came_from = rules.remembered_state(verb, row.state, row.came_from, to)
    row.state, row.undo_state, row.undo_until = to, None, None
    row.version += 1
    if to in rules.WAITING:
        row.paused_at = row.paused_at or now
    else:
        set_columns(row, vars(resumed(clocks_of(row), profile.hours, now)))
    if verb in rules.HUMAN_REPLY and row.first_reply_at is None:
        row.first_reply_at = now
    set_columns(row, columns)


def _tell(session: Session, row: RequestRow, press: Press, event_id: int, told: bool) -> None:
    verb, person, now = press.verb, press.person, press.now
    slow = verb in rules.UNDOABLE
    redraw(session, row, now, later=slow)
    if told:
        tell_requester(session, row, event_id, now, slow=slow, by=person)
    if verb in ("take", "assign", "reply"):
        event = tables.last_event(session, row.id, "release")
        if event is not None and event.whom_id is not None:
            delivery.refresh(session, released_subject(event.whom_id, event.at), now=now)
    if verb in ("solved", "reopen"):
        tell_owner(session, row, person, event_id, now)
    if press.whom is not None and press.whom.id != person.id:
        tell_staff(session, "request.yours", press.whom, event_id, now)


def tell_requester(
    session: Session,
    row: RequestRow,
    event_id: int,
    now: datetime,
    *,
    slow: bool = False,
    by: Person | None = None,
) -> None:
    """The requester's side hears of the event, but for whoever made it."""
    about, due_at = f"event:{event_id}", now + rules.TELL_AFTER if slow else None
    said = [
        ("request.told", about, each.user, f"request.told:{event_id}:{each.id}")
        for each in hearers(session, row, by)
    ]
    delivery.say_all(session, said, now=now, due_at=due_at)


def hearers(session: Session, row: RequestRow, by: Person | None) -> list[Person]:
    return [each for each in participants(session, row.id) if by is None or each.id != by.id]


def leads_or_channel(session: Session) -> list[str]:
    """Whom to tell what no one person of staff has: the leads; without one the staff channel."""
    channel = people.notice_channel(session)
    return [lead.user for lead in people.leads(session)] or ([channel] if channel else [])


def tell_staff(session: Session, kind: str, to: Person, event_id: int, now: datetime) -> None:
    key = f"{kind}:{event_id}"
    delivery.say(session, kind, f"event:{event_id}", to=to.user, key=key, now=now, urgent=True)


def tell_owner(session: Session, row: RequestRow, by: Person, event_id: int, now: datetime) -> None:
    """A notice changed in place rings nobody's bell, so whoever has the request gets a message."""
    if row.owner_id is None or row.owner_id in (row.requester_id, by.id):
        return
    owner = people.person_of(session, row.owner_id)
    if owner.is_staff:
        tell_staff(session, "request.added", owner, event_id, now)


def resolve_stale_press(session: Session, row: RequestRow, press: Press) -> Moved:
    """The presser saw an older version: their own double press is a success, anybody else's move is told."""
    found = tables.move_at(session, row.id, row.version)
    if found is None:
        raise Conflict(f"{rules.label(row.id)} has changed. Open it again to see it as it is now.")
    event, is_mine = found.event, found.event.person_id == press.person.id
    is_same = (event.verb, event.why or "") == (press.verb, press.why)
    whom = press.whom and press.whom.id
    if is_mine and is_same and event.whom_id == whom and press.version == row.version - 1:
        return moved(row, event.id, already=True)
    by, about = found.by.name if found.by else "", found.whom.name if found.whom else ""
    raise Conflict(rules.did(Deed(event.verb, event.at, by, about, is_mine), row.id, press.now))
