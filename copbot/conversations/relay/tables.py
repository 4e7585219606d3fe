"""Queries about what requesters wrote, and whose request it may be about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from copbot.assistance import rules as states
from copbot.assistance.tables import ASKED_HERE, ColleagueRow, EventRow, RequestRow, is_in, is_requesters
from copbot.conversations.rules import DELETED, REQUESTER, STAFF
from copbot.conversations.tables import ConversationEntryRow
from copbot.store import Session, insert_once, new_uid

Entry = ConversationEntryRow


def at_place(session: Session, channel: str, ts: str) -> Entry | None:
    """The entry whose message stands there."""
    return session.scalars(select(Entry).where(Entry.channel == channel, Entry.ts == ts)).one_or_none()


def request_at(session: Session, channel: str, ts: str) -> int | None:
    """The request that this message is an entry of."""
    where = (Entry.channel == channel, Entry.ts == ts)
    return session.scalars(select(Entry.request_id).where(*where)).one_or_none()


def by_uid(session: Session, uid: str) -> Entry | None:
    return session.scalars(select(Entry).where(Entry.uid == uid)).one_or_none()


def insert(session: Session, **values: object) -> bool:
    """False: an entry stands there already."""
    return insert_once(session, Entry, uid=new_uid(), side=REQUESTER, **values) is not None


def open_ids(session: Session, person_id: int) -> list[int]:
    """What somebody asked for and that is open, the newest first."""
    where = (is_requesters(person_id), is_in(states.OPEN))
    return list(session.scalars(select(RequestRow.id).where(*where).order_by(RequestRow.id.desc())))


def last_ended(session: Session, person_id: int) -> RequestRow | None:
    """The one of their requests that ended last."""
    ended = func.coalesce(RequestRow.closed_at, RequestRow.delivered_at)
    query = select(RequestRow).where(is_requesters(person_id), is_in(states.ENDED))
    return session.scalars(query.order_by(ended.desc(), RequestRow.id.desc()).limit(1)).first()


def request_of_event(session: Session, event_id: int) -> int | None:
    return session.scalars(select(EventRow.request_id).where(EventRow.id == event_id)).one_or_none()


def request_of_entry(session: Session, entry_id: int) -> int | None:
    return session.scalars(select(Entry.request_id).where(Entry.id == entry_id)).one_or_none()


def group(session: Session, entry_id: int) -> Sequence[Entry]:
    """The entry and those that are shown in its copy, in the order they were written."""
    where = (Entry.id == entry_id) | (Entry.shown_in == entry_id)
    return session.scalars(select(Entry).where(where).order_by(Entry.at, Entry.id)).all()


def heads(session: Session, request_id: int) -> Sequence[Entry]:
    """Of a request, what was written and has a copy of its own, in the order it was written."""
    where = (Entry.request_id == request_id, Entry.shown_in.is_(None))
    return session.scalars(select(Entry).where(*where).order_by(Entry.at, Entry.id)).all()


def written_between(session: Session, person_id: int, begin: datetime, end: datetime) -> Sequence[Entry]:
    where = (Entry.person_id == person_id, Entry.side == REQUESTER, Entry.at >= begin, Entry.at < end)
    return session.scalars(select(Entry).where(*where).order_by(Entry.id)).all()


def has_written(session: Session, request_id: int, person_id: int) -> bool:
    where = (Entry.request_id == request_id, Entry.person_id == person_id, Entry.side == REQUESTER)
    return session.scalars(select(Entry.id).where(*where).limit(1)).first() is not None


def standing_in(session: Session, channel: str, since: datetime) -> Sequence[Entry]:
    """Entries whose messages stood in this conversation and were written since then."""
    where = (Entry.channel == channel, Entry.at >= since, Entry.state != DELETED)
    return session.scalars(select(Entry).where(*where).order_by(Entry.at, Entry.id)).all()


def replies_after(session: Session, entry: Entry) -> Sequence[int]:
    """Staff's replies that were written after this entry."""
    where = (Entry.request_id == entry.request_id, Entry.side == STAFF, Entry.id > entry.id)
    return session.scalars(select(Entry.id).where(*where).order_by(Entry.id)).all()


def people_to_read(session: Session) -> dict[int, datetime]:
    """Whoever is on the requester's side of a request that is not closed, and when the oldest of these was asked."""
    asked = select(RequestRow.requester_id, RequestRow.asked_at)
    shared = select(ColleagueRow.person_id, RequestRow.asked_at).join(
        ColleagueRow, ColleagueRow.request_id == RequestRow.id
    )
    found: dict[int, datetime] = {}
    for query in (asked, shared):
        for person, at in session.execute(query.where(RequestRow.state != states.CLOSED, ASKED_HERE)):
            found[person] = min(at, found.get(person, at))
    return dict(sorted(found.items()))


def requests_written_about(session: Session, after: int, most: int) -> Sequence[int]:
    """Requests that are not closed and about which something was written, by id."""
    where = (RequestRow.state != states.CLOSED, RequestRow.id > after)
    query = select(RequestRow.id).join(Entry, Entry.request_id == RequestRow.id).where(*where).distinct()
    return session.scalars(query.order_by(RequestRow.id).limit(most)).all()
