"""Suggesting a peer for a request, and what both say to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copbot.assistance import rules as states
from copbot.assistance.dose import service as dose
from copbot.assistance.tables import RequestRow
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.workflow.transitions import lock_request
from copbot.contacts.rules import ContactEntry
from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.followup import rules, tables
from copbot.followup.rules import NO, SIDES, YES, PeerMatch
from copbot.followup.tables import PeerMatchRow
from copbot.people import service as people
from copbot.people.profiles import service as profiles
from copbot.program.profile import Profile
from copbot.slack.entrances import NOT_THERE
from copbot.slack.person import Person
from copbot.store import Session, find_row, hold, insert_once, new_uid

ASKED, INTRODUCED, ENDED = "peers.asked", "peers.introduced", "peers.ended"


def candidates(
    session: Session, found: RequestFacts, profile: Profile, now: datetime
) -> Sequence[tuple[int, str]]:
    """Who agreed to be found and follows its topics, those in its areas first: ids and names.

    Raises `Conflict` where nobody is to be suggested.
    """
    if found.confidential or found.state not in states.OPEN:
        raise Conflict("A peer can be suggested only for an open request that isn't confidential.")
    near, all_ = (
        set(profiles.audience(session, profile=profile, topics=found.topics, areas=areas, agreed="found"))
        for areas in (found.areas, ())
    )
    all_ -= {found.requester.id, found.owner.id if found.owner else 0}
    free = tables.free_peers(session, all_, found.id, now - rules.OPEN_FOR)
    return sorted(free, key=lambda each: each[0] not in near)


def suggest(
    session: Session, *, found: RequestFacts, peer: int, person: Person, profile: Profile, now: datetime
) -> None:
    """Ask both. Raises `InvalidInput` for somebody who cannot be suggested (any more), `Conflict`."""
    lock_request(session, found.id, person)
    if peer not in {ident for ident, _ in candidates(session, found, profile, now)}:
        raise InvalidInput.at("peer", "This person can't be suggested anymore. Please choose somebody else.")
    values = {"uid": new_uid(), "request_id": found.id, "peer_id": peer, "by_id": person.id, "asked_at": now}
    ident = insert_once(session, PeerMatchRow, **values)
    until = now + rules.OPEN_FOR
    for side, user in zip(SIDES, (found.requester.user, people.person_of(session, peer).user), strict=True):
        subject = f"peer:{ident}:{side}"
        delivery.say(session, ASKED, subject, to=user, key=f"{ASKED}:{ident}:{side}", now=now)
        delivery.refresh(session, subject, now=now, at=until)
    key = f"{ENDED}:{ident}"
    delivery.say(session, ENDED, f"peer:{ident}", to=person.user, key=key, now=now, due_at=until)


def answer(session: Session, uid: str, *, says: str, person: Person, profile: Profile, now: datetime) -> None:
    """One side's answer, which can be changed until both have accepted; then both are introduced.

    Raises `NotFound` for anybody else, `Conflict` when it has ended.
    """
    known = find_row(session, PeerMatchRow, uid=uid)
    request = hold(session, RequestRow, known.request_id) if known else None
    sides = {request.requester_id: "requester", known.peer_id: "peer"} if known and request else {}
    if known is None or request is None or person.id not in sides:
        raise NotFound(NOT_THERE)
    row, side = hold(session, PeerMatchRow, known.id), sides[person.id]
    if not rules.is_open(row.asked_at, row.matched_at, now, over=_is_over(request)):
        raise Conflict(
            "This introduction has ended." if row.matched_at is None else "You have been introduced."
        )
    setattr(row, side, YES if says == YES else NO)
    if row.requester == row.peer == YES:
        row.matched_at = now
        _introduce(session, row, request.requester_id, profile, now)
    session.flush()
    for each in SIDES if row.matched_at else (side,):
        delivery.refresh(session, f"peer:{row.id}:{each}", kind=ASKED, now=now)


def _is_over(request: RequestRow) -> bool:
    return request.confidential or request.state == states.CLOSED


def redraw(session: Session, request_id: int, now: datetime) -> None:
    """Messages of suggestions for this request stand as it is now."""
    for ident in tables.matches_of(session, request_id):
        for each in (f"peer:{ident}", *(f"peer:{ident}:{side}" for side in (*SIDES, "staff"))):
            delivery.refresh(session, each, now=now)


def _introduce(
    session: Session, row: PeerMatchRow, requester_id: int, profile: Profile, now: datetime
) -> None:
    """Both, and whoever suggested it, are told; it counts as a contact of staff's."""
    told = [people.person_of(session, each) for each in (requester_id, row.peer_id, row.by_id)]
    by = told[-1]
    for side, whom in zip((*SIDES, "staff"), told if by.is_staff else told[:-1], strict=False):
        key = f"{INTRODUCED}:{row.id}:{side}"
        delivery.say(session, INTRODUCED, f"peer:{row.id}:{side}", to=whom.user, key=key, now=now)
    if by.is_staff:
        named = [each.id for each in profile.contact_categories if not each.unasked]
        category = "coordination" if "coordination" in named else named[0]
        entry, key = ContactEntry(profile.today(now), rules.MINUTES, category), f"peer:{row.uid}"
        dose.log(session, entry, request_id=row.request_id, person=by, key=key, profile=profile, now=now)


def find(session: Session, ident: int, side: str, now: datetime) -> PeerMatch | None:
    """The suggestion as that side's messages show it."""
    row = session.get(PeerMatchRow, ident)
    if row is None:
        return None
    over = _is_over(session.get_one(RequestRow, row.request_id))
    is_open = rules.is_open(row.asked_at, row.matched_at, now, over=over)
    is_matched = row.matched_at is not None
    peer, until = people.person_of(session, row.peer_id), row.asked_at + rules.OPEN_FOR
    says = getattr(row, side) if side in SIDES else ""
    return PeerMatch(row.uid, row.request_id, peer, is_open, is_matched, until, says)
