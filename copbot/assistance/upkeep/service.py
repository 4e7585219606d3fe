"""What nobody presses a button for: owners and requesters who left, replies that are late, news that did not arrive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from copbot.assistance import rules, tables
from copbot.assistance.tables import RequestRow
from copbot.assistance.upkeep import tables as queries
from copbot.assistance.workflow.transitions import (
    facts_of,
    redraw,
    redraw_told,
    released_subject,
    subject,
    tell_requester,
    write_event,
)
from copbot.delivery import service as delivery
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.program.settings.service import choice, choose
from copbot.store import Session, hold

GONE, BACK = "requester_gone", "requester_back"
LATE_SEEN = "late_replies_shown_until"
NEWS = "request.told"
BATCH = 50


def release_left(session: Session, *, now: datetime) -> int:
    """Requests whose owner is no longer on staff are unassigned again, and leads are told once per owner.

    Returns how many; call again until it is none.
    """
    released: dict[int, int] = {}
    for ident in queries.ids_without_their_owner(session, rules.OPEN, BATCH):
        row = hold(session, RequestRow, ident)
        owner = people.person_of(session, row.owner_id) if row.owner_id else None
        if owner is None or owner.is_staff:
            continue  # moved while we waited
        step = rules.move("release", facts_of(row, owner), frozenset({"clock"}), now)
        if isinstance(step, rules.Refusal):
            continue
        came, row.state, row.came_from = row.state, step.to, ""
        row.owner_id, row.assigned_at, row.version = None, None, row.version + 1
        told = row.requester_id != owner.id
        event = write_event(session, row, "release", None, now, came=came, whom=owner, told=told)
        session.flush()
        redraw(session, row, now)
        redraw_told(session, row, came, now)
        if told:
            tell_requester(session, row, event, now)
        released[owner.id] = released.get(owner.id, 0) + 1
    _tell_leads(session, released, now)
    return sum(released.values())


def _tell_leads(session: Session, owners: Iterable[int], now: datetime) -> None:
    """Where there is no lead, the staff channel hears of it."""
    channel = people.notice_channel(session)
    readers = [lead.user for lead in people.leads(session)] or ([channel] if channel else [])
    for owner in owners:
        about = released_subject(owner, now)
        for reader in readers:
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


def show_late(session: Session, *, now: datetime) -> int:
    """Notices and receipts of requests that have become late since this was last done say so."""
    seen = choice(session, LATE_SEEN)
    since = datetime.fromisoformat(seen) if seen else now - timedelta(days=1)
    found = queries.ids_due_between(session, (*rules.UNOWNED, rules.ASSIGNED), since, now)
    for ident in found:
        delivery.refresh(session, subject(ident), now=now)
    if found:
        choose(session, LATE_SEEN, now.isoformat(), by="requests", now=now)
    return len(found)


def tell_undelivered(session: Session, *, now: datetime) -> int:
    """Whoever has a request hears, once for each, of news that did not reach its requester."""
    told, after = 0, None
    while True:
        page = delivery.dead_letters(session, after)
        news = {each.id: each.subject for each in page.items if each.kind == NEWS}
        told += sum(_tell_owner(session, ident, about, now) for ident, about in news.items())
        if page.next is None:
            return told
        after = page.next


def _tell_owner(session: Session, letter: int, about: str, now: datetime) -> bool:
    event = tables.event_around(session, Subject(about).number)
    row = session.get(RequestRow, event.event.request_id) if event is not None else None
    owner = people.person_of(session, row.owner_id) if row is not None and row.owner_id else None
    if row is None or owner is None or not owner.is_staff:
        return False
    key = f"request.unreached:{letter}"
    delivery.say(session, "request.unreached", subject(row.id), to=owner.user, key=key, now=now, urgent=True)
    return True
