"""Requests as they are shown: values for notices, receipts, lists and one request's page. Ids carry no labels."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from copbot.assistance import rules, tables
from copbot.assistance.rules import Deed, Somebody
from copbot.assistance.tables import EventWithPeople, OtherRequest, RequestRow, RequestWithPeople
from copbot.assistance.workflow.participants import may_see, roles
from copbot.assistance.workflow.transitions import facts_of, missing
from copbot.contacts.tables import total_of
from copbot.people import service as people
from copbot.people.tables import PersonRow
from copbot.program.profile import Profile
from copbot.slack.person import Person
from copbot.store import Session, journal


@dataclass(frozen=True)
class EventFacts:
    """One move or addition. `by` is None when the clock did it."""

    id: int
    at: datetime
    verb: str
    from_state: str
    to_state: str
    by: Somebody | None
    whom: Somebody | None
    why: str
    told: bool

    def deed(self, reader: int) -> Deed:
        by, whom = (each.name if each else "" for each in (self.by, self.whom))
        return Deed(self.verb, self.at, by, whom, self.by is not None and self.by.id == reader)


@dataclass(frozen=True)
class RequestSummary:
    """A request in a list."""

    id: int
    uid: str
    version: int
    state: str
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    kind: str
    by_when: str
    requester: Somebody
    owner: Somebody | None
    agency: str
    asked_at: datetime
    first_reply_due: datetime
    first_reply_at: datetime | None
    delivered_at: datetime | None
    closed_at: datetime | None
    staff_channel: str | None
    need: str
    confidential: bool
    is_late: bool
    delivery_due: datetime | None
    is_overdue: bool

    @property
    def label(self) -> str:
        return rules.label(self.id)

    @property
    def pressed(self) -> str:
        """What a button's value says: which request, and which version of it the presser saw."""
        return f"{self.uid}:{self.version}"

    def topic_words(self, profile: Profile) -> str:
        return ", ".join(map(profile.topic_label, self.topics))

    def area_words(self, profile: Profile) -> str:
        return ", ".join(map(profile.area_label, self.areas))


@dataclass(frozen=True)
class RequestFacts(RequestSummary):
    """Everything there is to show of one request. `agency` is empty for somebody who is with none."""

    not_agency: bool
    by_when_date: date | None
    urgent_reason: str
    access_needs: str
    audience: str
    outcome: str
    may_share: bool
    close_reason: str
    close_words: str
    referral: str
    given: str
    undo_until: datetime | None
    level: str
    merged_into: int | None
    source: str
    same: tuple[OtherRequest, ...]
    colleagues: tuple[Somebody, ...]
    can_confide: bool
    logged: tuple[int, int]
    """How many contacts staff have logged, and their minutes."""
    events: tuple[EventFacts, ...]

    @property
    def kept(self) -> OtherRequest | None:
        """The request that goes on in its place."""
        return next((each for each in self.same if each.id == self.merged_into), None)

    @property
    def awaited(self) -> EventFacts | None:
        """What a partner is waited for."""
        return self._last("wait_partner") if self.state == rules.WAITING_PARTNER else None

    @property
    def additions(self) -> tuple[EventFacts, ...]:
        """What the requester's side wrote after the form: additions, answers, why it was reopened; oldest first."""
        side = {self.requester.id, *(each.id for each in self.colleagues)}
        return tuple(
            event
            for event in self.events
            if event.verb in ("add_words", "answer")
            or (event.verb == "reopen" and event.by is not None and event.by.id in side)
            if event.why
        )

    @property
    def entered_by(self) -> Somebody | None:
        """Who of the staff entered it for its requester."""
        return next((event.by for event in self.events[:1] if event.verb == "entered"), None)

    @property
    def question(self) -> EventFacts | None:
        """The question that waits for the requester's answer."""
        return self._last("ask") if self.state == rules.WAITING_REQUESTER else None

    def _last(self, verb: str) -> EventFacts | None:
        return next((event for event in reversed(self.events) if event.verb == verb), None)

    @property
    def solved(self) -> EventFacts | None:
        """That a resource of the library was the answer, as long as it is closed; its title is the event's `why`."""
        moves = [event for event in self.events if event.from_state != event.to_state]
        return moves[-1] if self.state == rules.CLOSED and moves[-1].verb == "solved" else None

    @property
    def routed(self) -> EventFacts | None:
        """That the rules gave it to whoever has it, or to nobody, and why; None once people have moved it on."""
        moves = [event for event in self.events if event.verb in rules.HANDED or event.verb == "unrouted"]
        return moves[-1] if moves and moves[-1].by is None and moves[-1].why else None

    def reader_id(self, user: str) -> int:
        """Who of the requester's side this user is; the requester for anybody else."""
        return next((each.id for each in self.colleagues if each.user == user), self.requester.id)

    def can_undo(self, now: datetime) -> bool:
        return self.undo_until is not None and now <= self.undo_until


@dataclass(frozen=True)
class ToldFacts:
    """A move, and the request it moved."""

    request: RequestFacts
    event: EventFacts

    @property
    def asked(self) -> EventFacts | None:
        """The question that was asked, or that this reminds of; None for other moves."""
        if self.event.verb not in ("ask", "nudge"):
            return None
        before = (each for each in reversed(self.request.events) if each.id <= self.event.id)
        return next((each for each in before if each.verb == "ask"), None)


def notice(session: Session, request_id: int, now: datetime) -> RequestFacts | None:
    """What a notice or a receipt shows; None when the request is gone."""
    found = tables.around(session, request_id)
    return None if found is None else _facts(session, found, now)


def told(session: Session, event_id: int, now: datetime) -> ToldFacts | None:
    """What a message about one event shows; None when it is gone."""
    found = tables.event_around(session, event_id)
    request = notice(session, found.event.request_id, now) if found else None
    return None if found is None or request is None else ToldFacts(request, _event(found))


def one(session: Session, request_id: int | None, person: Person, now: datetime) -> RequestFacts:
    """A request for its requester or for staff; for everybody else it is not there."""
    found = tables.around(session, request_id) if request_id is not None else None
    if found is None or not may_see(session, found.request, person):
        raise missing(rules.label(request_id) if request_id is not None else "")
    if found.request.confidential and found.request.requester_id != person.id:
        journal.viewed(session, f"request:{found.request.id}")
    return _facts(session, found, now)


def check(session: Session, request_id: int, verb: str, person: Person, now: datetime) -> None:
    """Raise why this person cannot do this now: before a form opens, so that nobody types in vain."""
    row = session.get(RequestRow, request_id)
    if row is None or not may_see(session, row, person):
        raise missing()
    theirs = roles(session, row, person)
    if verb == "add_words":
        return rules.check_addition(facts_of(row, None), theirs)
    verb = "assign" if verb == "hand_over" and row.state in rules.UNOWNED else verb
    owner = people.person_of(session, row.owner_id) if row.owner_id else None
    rules.move(verb, facts_of(row, owner), theirs, now)
    return None


_FROM_ROW, _LINE_FROM_ROW = (
    tuple(each.name for each in fields(kind) if each.name in RequestRow.__table__.columns)
    for kind in (RequestFacts, RequestSummary)
)


def summary_of(found: RequestWithPeople, now: datetime) -> RequestSummary:
    """A request in a list."""
    return RequestSummary(**_line(found, now))


def _facts(session: Session, found: RequestWithPeople, now: datetime) -> RequestFacts:
    row = found.request
    return RequestFacts(
        **_line(found, now) | {name: getattr(row, name) for name in _FROM_ROW},
        events=tuple(map(_event, tables.events_of(session, row.id))),
        same=tuple(tables.same_as(session, row)),
        can_confide=not row.confidential and people.has_lead(session),
        logged=total_of(session, row.id),
        colleagues=tuple(map(_known, tables.colleagues_of(session, row.id))),
    )


def _line(found: RequestWithPeople, now: datetime) -> dict[str, Any]:
    row = found.request
    return {
        **{name: getattr(row, name) for name in _LINE_FROM_ROW},
        "topics": found.topics,
        "areas": found.areas,
        "requester": _known(found.requester),
        "owner": _known(found.owner) if found.owner else None,
        "agency": found.agency,
        "is_late": rules.is_late(row.state, row.first_reply_due, row.first_reply_at, now),
        "is_overdue": rules.is_overdue(row.state, row.delivery_due, now),
    }


def _event(found: EventWithPeople) -> EventFacts:
    event = found.event
    by, whom = (_known(each) if each else None for each in (found.by, found.whom))
    moved = (event.id, event.at, event.verb, event.from_state, event.to_state)
    return EventFacts(*moved, by, whom, event.why or "", event.told)


def _known(row: PersonRow) -> Somebody:
    return Somebody(row.id, row.user, row.name, row.tz, row.is_deleted)
