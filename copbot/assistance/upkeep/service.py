"""Requests of somebody who left, is away or has too much, and news that did not arrive; a request at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from copbot.assistance import rules, tables
from copbot.assistance.rules import subject
from copbot.assistance.tables import EventRow, RequestRow
from copbot.assistance.upkeep import tables as queries
from copbot.assistance.views.lists import candidates
from copbot.assistance.workflow.participants import settle
from copbot.assistance.workflow.service import hand_over
from copbot.assistance.workflow.transitions import (
    leads_or_channel,
    move_by_clock,
    redraw,
    released_subject,
    tell_staff,
    write_event,
)
from copbot.delivery import service as delivery
from copbot.delivery.service import DeadLetter
from copbot.delivery.subject import Subject
from copbot.errors import Conflict, InvalidInput
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.routing import service as routing
from copbot.routing.rules import cover_for
from copbot.slack.person import Person
from copbot.store import Session, hold

if TYPE_CHECKING:
    from copbot.program.profile import Profile

GONE, BACK = "requester_gone", "requester_back"
NEWS = "request.told"
MOVE_ALL = "assistance.move_all"
"""The job in which a lead moves all that somebody has."""
BATCH = 50
_BEGUN = (rules.ASSIGNED, rules.IN_PROGRESS)


def release_left(session: Session, *, now: datetime, profile: Profile) -> int:
    """Requests whose owner is no longer on staff are unassigned again, and leads are told once per owner.

    Returns how many; call again until it is none.
    """
    released: Counter[int] = Counter()
    for ident in queries.ids_without_their_owner(session, rules.OPEN, BATCH):
        row = hold(session, RequestRow, ident)
        owner = people.person_of(session, row.owner_id) if row.owner_id else None
        if owner is None or owner.is_staff:
            continue  # moved while we waited
        told, nobody = row.requester_id != owner.id, {"owner_id": None, "assigned_at": None}
        event = move_by_clock(
            session, row, "release", profile=profile, now=now, whom=owner, told=told, columns=nobody
        )
        released[owner.id] += bool(event)
    for ident in filter(released.get, released):
        about = released_subject(ident, now)
        for reader in leads_or_channel(session):
            key = f"request.released:{about}:{reader}"
            delivery.say(session, "request.released", about, to=reader, key=key, now=now, urgent=True)
    return released.total()


def mark_gone(session: Session, *, now: datetime) -> int:
    """Requests say when their requester's account is deactivated, and when it is back. Returns how many changed."""
    states = (*rules.OPEN, rules.DELIVERED)
    changed = 0
    for is_gone in (True, False):
        found = queries.ids_of_accounts(session, states, is_gone=is_gone, gone=GONE, back=BACK, most=BATCH)
        for ident in found:
            row = hold(session, RequestRow, ident)
            write_event(session, row, GONE if is_gone else BACK, None, now)
            redraw(session, row, now)
        changed += len(found)
    return changed


def _of_event(session: Session, about: Subject) -> int | None:
    event = session.get(EventRow, about.number)
    return None if event is None else event.request_id


def tell_undelivered(
    session: Session,
    *,
    now: datetime,
    kind: str = NEWS,
    request_of: Callable[[Session, Subject], int | None] = _of_event,
) -> int:
    """Whoever has a request hears, once for each, of news that did not reach its requester."""
    told, after = 0, None
    while True:
        page = delivery.dead_letters(session, after)
        letters = [each for each in page.items if each.kind == kind]
        told += sum(_tell_owner(session, each, request_of(session, each.subject), now) for each in letters)
        if page.next is None:
            return told
        after = page.next


def _tell_owner(session: Session, letter: DeadLetter, request: int | None, now: datetime) -> bool:
    """Of colleagues who were not reached nothing is said: the requester was."""
    row = session.get(RequestRow, request) if request is not None else None
    owner = people.person_of(session, row.owner_id) if row is not None and row.owner_id else None
    if row is None or owner is None or not owner.is_staff:
        return False
    if people.person_of(session, row.requester_id).user != letter.to:
        return False
    key = f"request.unreached:{letter.id}"
    delivery.say(session, "request.unreached", subject(row.id), to=owner.user, key=key, now=now, urgent=True)
    return True


def cover_next(session: Session, *, profile: Profile, now: datetime) -> int:
    """With routing on, one urgent or late request of somebody away goes to their backup: 1, or 0 when there is none."""
    if not routing.is_on(session):
        return 0
    staff = {each.id: each for each in candidates(session, profile, now)}
    away = [each.id for each in staff.values() if each.away_until and each.backup]
    urgent = [each.id for each in profile.by_when if each.urgent]
    for ident in queries.pressing(session, away, _BEGUN, urgent, tables.is_late(now)) if away else ():
        row = hold(session, RequestRow, ident)
        owner = staff.get(row.owner_id or 0)
        backup = cover_for(owner, staff, confidential=row.confidential) if owner else None
        if owner is None or backup is None or backup.id == row.requester_id or not owner.away_until:
            continue
        since = staffing.away_since(session, owner.id, profile=profile, now=now)
        if since is not None and row.assigned_at is not None and row.assigned_at > since:
            continue  # they were given it, or took it, although they are away
        whom, why = people.person_of(session, backup.id), f"as backup: {owner.name} {owner.obstacle}"
        told, whose = row.requester_id != owner.id, {"owner_id": backup.id, "assigned_at": now}
        event = move_by_clock(
            session, row, "cover", profile=profile, now=now, whom=whom, told=told, why=why, columns=whose
        )
        if event:
            settle(session, row, now)
            tell_staff(session, "request.yours", whom, event, now)
            return 1
    return 0


def move_all(
    session: Session, *, owner: Person, to: Person, by: Person, key: str, now: datetime
) -> tuple[int, int]:
    """A lead has all that somebody has handed over. Raises `InvalidInput` at `to`.

    How many go, and how many confidential ones stay, which only a lead may get.
    """
    if to.id == owner.id:
        raise InvalidInput.at("to", "They have these already. Choose somebody else.")
    rows = [session.get_one(RequestRow, ident) for ident in queries.owned(session, owner.id, rules.OPEN)]
    kept = 0 if to.is_lead else sum(row.confidential for row in rows)
    args = {"owner": owner.id, "to": to.id, "by": by.id}
    jobs.enqueue(session, MOVE_ALL, key=f"{MOVE_ALL}:{key}", by=by.user, args=args, now=now)
    return len(rows) - kept, kept


def move_next(
    session: Session, *, owner_id: int, to: int, by_id: int, after: int, profile: Profile, now: datetime
) -> int:
    """The next of somebody's open requests after this id is handed over; its id, 0 when there are no more."""
    by, whom = people.person_of(session, by_id), people.person_of(session, to)
    found = queries.owned(session, owner_id, rules.OPEN, after)
    if not (found and by.is_lead and whom.is_staff):
        return 0
    if whom.is_lead or not hold(session, RequestRow, found[0]).confidential:
        try:
            hand_over(session, to=to, request_id=found[0], person=by, now=now, profile=profile)
        except (Conflict, InvalidInput):
            return found[0]  # somebody was faster
    return found[0]
