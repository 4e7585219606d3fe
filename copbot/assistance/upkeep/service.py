"""What nobody presses a button for: owners and requesters who left, news that did not arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from copbot.assistance import rules, tables
from copbot.assistance.tables import RequestRow
from copbot.assistance.upkeep import tables as queries
from copbot.assistance.workflow.transitions import (
    leads_or_channel,
    move_by_clock,
    redraw,
    released_subject,
    subject,
    write_event,
)
from copbot.delivery import service as delivery
from copbot.delivery.service import DeadLetter
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.store import Session, hold

if TYPE_CHECKING:
    from copbot.program.profile import Profile

GONE, BACK = "requester_gone", "requester_back"
NEWS = "request.told"
BATCH = 50


def release_left(session: Session, *, now: datetime, profile: Profile) -> int:
    """Requests whose owner is no longer on staff are unassigned again, and leads are told once per owner.

    Returns how many; call again until it is none.
    """
    released: dict[int, int] = {}
    for ident in queries.ids_without_their_owner(session, rules.OPEN, BATCH):
        row = hold(session, RequestRow, ident)
        owner = people.person_of(session, row.owner_id) if row.owner_id else None
        if owner is None or owner.is_staff:
            continue  # moved while we waited
        told = row.requester_id != owner.id
        of = {"owner_id": None, "assigned_at": None}
        if move_by_clock(
            session, row, "release", profile=profile, now=now, whom=owner, told=told, changes=of
        ):
            released[owner.id] = released.get(owner.id, 0) + 1
    _tell_leads(session, released, now)
    return sum(released.values())


def _tell_leads(session: Session, owners: Iterable[int], now: datetime) -> None:
    for owner in owners:
        about = released_subject(owner, now)
        for reader in leads_or_channel(session):
            key = f"request.released:{about}:{reader}"
            delivery.say(session, "request.released", about, to=reader, key=key, now=now, urgent=True)


def mark_gone(session: Session, *, now: datetime) -> int:
    """Requests say when their requester's account is deactivated, and when it is back. Returns how many changed."""
    states = (*rules.OPEN, rules.DELIVERED)
    changed = 0
    for is_gone in (True, False):
        found = queries.ids_of_accounts(session, states, is_gone=is_gone, gone=GONE, back=BACK, most=BATCH)
        for ident in found:
            row = hold(session, RequestRow, ident)
            write_event(session, row, GONE if is_gone else BACK, None, now, came=row.state)
            redraw(session, row, now)
        changed += len(found)
    return changed


def _of_event(session: Session, about: Subject) -> int | None:
    event = tables.event_around(session, about.number)
    return None if event is None else event.event.request_id


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
