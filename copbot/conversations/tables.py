"""What both sides wrote about a request, and staff's saved answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from copbot.assistance import rules as states
from copbot.assistance.tables import ASKED_HERE, ColleagueRow, RequestRow, is_in, is_requesters
from copbot.conversations.rules import DELETED, OPEN, REQUESTER, STAFF
from copbot.people.tables import PersonRow
from copbot.signs import plain_signs
from copbot.store import Base, KeepForever, Moment, RequestWords, Session, find_row, new_uid


class ConversationEntryRow(Base):
    """One thing that was written: by the requester in Slack, or by staff in the form.

    `text` is empty in every state but `open`. An edit counts when its version is greater than `source_version`.
    """

    __tablename__ = "conversation_entries"
    __table_args__ = (
        UniqueConstraint("channel", "ts"),
        Index("ix_conversation_entries_request_id_id", "request_id", "id"),
        Index("ix_conversation_entries_person_id_at", "person_id", "at"),
    )
    __retention__ = KeepForever("goes with its request")
    __request_words__ = RequestWords(
        ("text",), lambda ident: ConversationEntryRow.request_id == ident, about="said"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Names the entry in buttons.
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    side: Mapped[str] = mapped_column(String(12))
    # Where the person's own message stands; nowhere for what was typed in a form.
    channel: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text, default="", server_default="")
    # When Slack says it was last edited (`edited.ts`); empty: never.
    source_version: Mapped[str] = mapped_column(String(32), default="", server_default="")
    state: Mapped[str] = mapped_column(String(12))
    # Files that their author said hold nothing about people served.
    files: Mapped[int] = mapped_column(default=0, server_default="0")
    # The entry in whose copy this one is shown; none: its own.
    shown_in: Mapped[int | None] = mapped_column(ForeignKey("conversation_entries.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class SavedAnswerRow(Base):
    """An answer that staff use again."""

    __tablename__ = "saved_answers"
    __retention__ = KeepForever("until staff delete it")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # The name casefolded: two that differ in capitals alone are one.
    folded_name: Mapped[str] = mapped_column(String(160), unique=True)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
    uses: Mapped[int] = mapped_column(default=0, server_default="0")


Entry = ConversationEntryRow


# -- what both sides wrote


def at_place(session: Session, channel: str, ts: str) -> Entry | None:
    """The entry whose message stands there."""
    return find_row(session, Entry, channel=channel, ts=ts)


def request_at(session: Session, channel: str, ts: str) -> int | None:
    """The request that this message is an entry of."""
    where = (Entry.channel == channel, Entry.ts == ts)
    return session.scalars(select(Entry.request_id).where(*where)).one_or_none()


def open_ids(session: Session, person_id: int) -> list[int]:
    """What somebody asked for and that is open: what waits for their answer first, then the newest."""
    where, later = (
        (is_requesters(person_id), is_in(states.OPEN)),
        RequestRow.state != states.WAITING_REQUESTER,
    )
    return list(session.scalars(select(RequestRow.id).where(*where).order_by(later, RequestRow.id.desc())))


def last_ended(session: Session, person_id: int) -> RequestRow | None:
    """The one of their requests that ended last."""
    ended = func.coalesce(RequestRow.closed_at, RequestRow.delivered_at)
    query = select(RequestRow).where(is_requesters(person_id), is_in(states.ENDED))
    return session.scalars(query.order_by(ended.desc(), RequestRow.id.desc()).limit(1)).first()


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


def all_of(session: Session, request_id: int) -> Sequence[tuple[Entry, str]]:
    """Everything written about the request, oldest first, with the writers' names."""
    query = select(Entry, PersonRow.name).join(PersonRow, PersonRow.id == Entry.person_id)
    found = session.execute(query.where(Entry.request_id == request_id).order_by(Entry.id))
    return [(row, name) for row, name in found]


def last_words(session: Session, request_id: int, before: int) -> Entry | None:
    """Of what the requester's side had written by the time of this entry, the newest by its own time."""
    theirs = (Entry.request_id == request_id, Entry.side == REQUESTER, Entry.state == OPEN, Entry.id < before)
    newest = (Entry.at.desc(), Entry.id.desc())
    return session.scalars(select(Entry).where(*theirs).order_by(*newest).limit(1)).first()


# -- saved answers


def saved_like(session: Session, typed: str, most: int) -> Sequence[SavedAnswerRow]:
    """Answers with every word in their name or text, however their apostrophes are written; those used most first."""
    query = select(SavedAnswerRow)
    for word in plain_signs(typed).replace("'", " ").split():
        named = SavedAnswerRow.folded_name.contains(word.casefold(), autoescape=True)
        query = query.where(or_(named, SavedAnswerRow.text.icontains(word, autoescape=True)))
    return session.scalars(
        query.order_by(SavedAnswerRow.uses.desc(), SavedAnswerRow.name, SavedAnswerRow.id).limit(most)
    ).all()


def saved_by_name(session: Session) -> Sequence[SavedAnswerRow]:
    return session.scalars(select(SavedAnswerRow).order_by(SavedAnswerRow.folded_name)).all()
