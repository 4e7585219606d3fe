"""What staff do to share an answer: draft it, approve what somebody else drafted, or leave it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copbot.assistance.rules import subject
from copbot.assistance.tables import RequestRow, around, last_event
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.workflow.transitions import leads_or_channel, lock_request, missing
from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput
from copbot.followup import rules, tables
from copbot.followup.rules import APPROVED, FEEDBACK_WITHIN, PUBLISHED, WAITING, SharedAnswer, asked_now
from copbot.followup.tables import SharedAnswerRow
from copbot.people import service as people
from copbot.people.rules import second_look
from copbot.program.profile import Profile
from copbot.resources.library import reviewing
from copbot.resources.library import service as library
from copbot.resources.library.values import Resource, ResourceFields
from copbot.slack.person import Person
from copbot.store import Session, find_row, hold

OFFER, CARD = "followup.share", "followup.answer"


def offer_due(session: Session, *, profile: Profile, now: datetime) -> int:
    """Tell whoever had a request, or the leads, that its answer may be shared; once. How many requests."""
    before = asked_now(profile.hours, now)
    found = tables.to_offer(session, now - FEEDBACK_WITHIN, before) if before else ()
    for request_id, owner_id in found:
        owner = people.person_of(session, owner_id) if owner_id else None
        for to in [owner.user] if owner is not None and owner.is_staff else leads_or_channel(session):
            key = f"{OFFER}:{request_id}:{to}"
            delivery.say(session, OFFER, subject(request_id), to=to, key=key, now=now)
    return len(found)


def write(
    session: Session, *, request_id: int, question: str, answer: str, topics: Sequence[str], seen: int, person: Person,
    profile: Profile, now: datetime,
) -> SharedAnswer:  # fmt: skip
    """A draft nobody finds in the library yet; whoever wrote last is its author. Staff get its card.

    Raises `InvalidInput` at question or answer, also where who asked is named; `Conflict` when `seen` is outdated.
    """
    check(request := lock_request(session, request_id, person))
    found = around(session, request_id)
    assert found is not None
    for name, text in (("question", question), ("answer", answer)):
        if named := rules.names_in(text, found.requester.name, found.agency):
            raise InvalidInput.at(name, f"Please take out who asked: {', '.join(named)}.")
    fields = ResourceFields(kind="answer", title=question, summary=answer, topics=tuple(topics), private=True)
    row = find_row(session, SharedAnswerRow, request_id=request.id)
    if row is None:
        made = library.add(session, fields, person=person, profile=profile, now=now)
        row = SharedAnswerRow(request_id=request.id, resource=made.uid)
        session.add(row)
    else:
        _check_waiting(row, seen)
        last = _draft(session, row).version
        made = library.edit(session, row.resource, fields, seen=last, person=person, profile=profile, now=now)
    row.version, row.by = made.version, person.user
    channel = people.notice_channel(session)
    if channel is None:
        raise Conflict(
            "Nobody can approve this yet. An administrator needs to set the staff channel in Home first."
        )
    key = f"{CARD}:{row.resource}"
    delivery.say(session, CARD, subject(request.id), to=channel, key=key, now=now)
    _redraw(session, row, now)
    return _value(session, row)


def approve(
    session: Session, *, request_id: int, seen: int, person: Person, profile: Profile, now: datetime
) -> None:
    """Into the library, when the rule of the second look says so. Raises `NotAllowed`, `Conflict`."""
    row = _row(session, request_id, person)
    if row.state != WAITING and row.approved_by == person.user:
        return  # a second tap
    _check_waiting(row, seen)
    if _draft(session, row).version != row.version:
        raise Conflict("Somebody changed this in the library. Press Change, read it, and save it.")
    staff = len(people.staff_list(session))
    row.goes_at = second_look(author=row.by, approver=person.user, staff=staff, now=now)
    row.state, row.approved_by = APPROVED, person.user
    _redraw(session, row, now)
    settle(session, request_id, profile=profile, now=now)


def leave(session: Session, *, request_id: int, person: Person, now: datetime) -> None:
    """The draft is deleted; another one can be written."""
    row = _row(session, request_id, person)
    if row.state == PUBLISHED:
        raise Conflict("This is in the library already. You can retire it there.")
    _take_back(session, row, now)


def settle_all(session: Session, *, profile: Profile, now: datetime) -> int:
    """Publish what was held long enough, and take back what may not be shared any more."""
    found = tables.to_settle(session, now)
    for request_id in found:
        settle(session, request_id, profile=profile, now=now)
    return len(found)


def settle(session: Session, request_id: int, *, profile: Profile, now: datetime) -> None:
    """The one request's answer: published when its time has come, taken back where its consent is gone."""
    request, row = (
        hold(session, RequestRow, request_id),
        find_row(session, SharedAnswerRow, request_id=request_id),
    )
    if row is None:
        return
    if why := _why_not(session, request, row):
        _take_back(session, row, now, why)
        return
    by = people.identify(session, row.approved_by)
    if row.state != APPROVED or row.goes_at is None or row.goes_at > now or by is None:
        return
    if _draft(session, row).version != row.version or not by.is_staff:
        row.state, row.approved_by = WAITING, ""  # changed in the library, or approved by who has left staff
    else:
        fields = ResourceFields(private=False)
        library.edit(session, row.resource, fields, seen=row.version, person=by, profile=profile, now=now)
        reviewing.publish(session, [row.resource], by=by, profile=profile, now=now)
        row.state = PUBLISHED
    _redraw(session, row, now)


def _why_not(session: Session, request: RequestRow, row: SharedAnswerRow) -> str:
    """Why its answer may not be shared any more; empty when it may."""
    if request.confidential or not request.may_share:
        return "consent was taken back"
    removed = last_event(session, request.id, "remove_details")
    is_since = removed is not None and removed.at >= _draft(session, row).updated_at
    return "client details were removed from its request" if is_since else ""


def find(session: Session, request_id: int) -> SharedAnswer | None:
    row = find_row(session, SharedAnswerRow, request_id=request_id)
    return _value(session, row) if row is not None else None


def _value(session: Session, row: SharedAnswerRow) -> SharedAnswer:
    draft = _draft(session, row)
    author, approver = (people.name_of(session, user) if user else "" for user in (row.by, row.approved_by))
    return SharedAnswer(row.state, row.version, draft.title, draft.summary, draft.topics, author, approver)


def check(found: RequestRow | RequestFacts) -> None:
    """Raise why this request's answer is not to be shared: also before a form opens."""
    if not found.may_share or found.confidential:
        raise Conflict("The requester hasn't agreed to share the answer.")
    if found.delivered_at is None:
        raise Conflict("This request is open again. Share its answer once it is done.")


def _row(session: Session, request_id: int, person: Person) -> SharedAnswerRow:
    lock_request(session, request_id, person)
    row = find_row(session, SharedAnswerRow, request_id=request_id)
    if row is None:
        raise missing()
    return row


def _check_waiting(row: SharedAnswerRow, seen: int) -> None:
    if row.state != WAITING:
        raise Conflict("Somebody approved this already.")
    if row.version != seen:
        raise Conflict("Somebody changed this after you saw it. Please read it again.")


def _draft(session: Session, row: SharedAnswerRow) -> Resource:
    found = library.find(session, row.resource)
    assert found is not None  # it goes with the row, and once published it is retired at most
    return found


def _take_back(session: Session, row: SharedAnswerRow, now: datetime, why: str = "") -> None:
    if row.state == PUBLISHED:
        library.retire(session, [row.resource], by="consent", now=now, why=why)
    else:
        library.remove(session, [row.resource])
    session.delete(row)
    session.flush()
    delivery.unsay(session, subject(row.request_id), kind=CARD)
    delivery.refresh(session, subject(row.request_id), kind=OFFER, now=now)


def _redraw(session: Session, row: SharedAnswerRow, now: datetime) -> None:
    session.flush()
    for kind in (CARD, OFFER):
        delivery.refresh(session, subject(row.request_id), kind=kind, now=now)
