"""Queries of what both sides wrote about a request."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from copbot.conversations.rules import OPEN, REQUESTER
from copbot.conversations.tables import ConversationEntryRow
from copbot.people.tables import PersonRow
from copbot.store import Session

Entry = ConversationEntryRow


def by_form(session: Session, form_key: str) -> ConversationEntryRow | None:
    return session.scalars(select(Entry).where(Entry.form_key == form_key)).one_or_none()


def all_of(session: Session, request_id: int) -> Sequence[tuple[ConversationEntryRow, str]]:
    """Everything written about the request, oldest first, with the writers' names."""
    query = select(Entry, PersonRow.name).join(PersonRow, PersonRow.id == Entry.person_id)
    found = session.execute(query.where(Entry.request_id == request_id).order_by(Entry.id))
    return [(row, name) for row, name in found]


def last_words(session: Session, request_id: int, before: int) -> ConversationEntryRow | None:
    """Of what the requester's side had written by the time of this entry, the newest by its own time."""
    theirs = (Entry.request_id == request_id, Entry.side == REQUESTER, Entry.state == OPEN, Entry.id < before)
    newest = (Entry.at.desc(), Entry.id.desc())
    return session.scalars(select(Entry).where(*theirs).order_by(*newest).limit(1)).first()
