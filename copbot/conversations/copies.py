"""Staff's copies of what was written: one under each notice, wherever it stands, and its author told when it cannot."""

from __future__ import annotations

from datetime import datetime

from copbot.assistance.rules import subject as about_request
from copbot.conversations import tables
from copbot.conversations.rules import DELETED, STAFF, subject
from copbot.conversations.tables import Entry
from copbot.delivery import service as delivery
from copbot.people import service as people
from copbot.store import Session

RELAYED, SENT, FAILED = "conversation.relayed", "conversation.sent", "conversation.failed"
"""Kinds of messages: staff's copy of what the requester's side wrote, of what staff reply; to the author, that Slack
takes none."""
NOTICE = "request.notice"


def say_copies(session: Session, row: Entry, now: datetime) -> None:
    """A copy under each of staff's notices; said twice it is there once."""
    if row.shown_in is not None or (row.side == STAFF and row.state == DELETED):
        return
    kind = SENT if row.side == STAFF else RELAYED
    for place, root in delivery.roots(session, NOTICE, about_request(row.request_id)).items():
        key, about = f"{kind}:{row.id}:{root}", subject(row.id)
        delivery.say(session, kind, about, to=place, key=key, thread_of=root, now=now, urgent=True)


def redraw(session: Session, row: Entry, now: datetime) -> None:
    for ident in {row.id, row.shown_in or row.id}:
        delivery.refresh(session, subject(ident), now=now)


def redraw_replies(session: Session, row: Entry, now: datetime) -> None:
    """Replies of staff's that may quote it."""
    for each in tables.replies_after(session, row):
        delivery.refresh(session, subject(each), now=now)


def settle(session: Session, request_id: int, now: datetime) -> None:
    """Copies stand under every notice of a request, wherever these are now, and nowhere else; safe to repeat."""
    rows = tables.heads(session, request_id)
    places = delivery.roots(session, NOTICE, about_request(request_id))
    for root in places.values():
        delivery.rethread(session, root, now=now)
    for kind in (RELAYED, SENT):  # those left where no notice is any more
        delivery.unsay_but(session, [subject(row.id) for row in rows], at=places, kind=kind)
    for row in rows:
        say_copies(session, row, now)
        _tell_author(session, row, now)


def _tell_author(session: Session, row: Entry, now: datetime) -> None:
    """Slack refuses the copy: its author hears it once. The text is kept, and goes out when Slack takes it."""
    about = subject(row.id)
    if row.side == STAFF:
        return
    if delivery.posted(session, RELAYED, about) is not None:
        if delivery.places(session, FAILED, about):
            delivery.refresh(session, about, kind=FAILED, now=now)
    elif delivery.dead_letters_about(session, (about,), kind=RELAYED):
        user = people.person_of(session, row.person_id).user
        delivery.say(session, FAILED, about, to=user, key=f"{FAILED}:{row.id}", now=now, urgent=True)
