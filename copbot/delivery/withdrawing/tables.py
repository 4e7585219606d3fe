"""Messages of several subjects, by where they go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select

from copbot.delivery.tables import MessageRow, Where, about
from copbot.store import Session


def about_any(subjects: Sequence[str], kind: str, *, but_at: Collection[str]) -> Where:
    """Rows of these subjects that do not go to `but_at`, of one kind; of any (""), what is in their threads as well."""
    mine = MessageRow.subject.in_(subjects)
    roots = select(MessageRow.id).where(mine).correlate(None)
    theirs = and_(mine, MessageRow.kind == kind) if kind else or_(mine, MessageRow.thread_of.in_(roots))
    return and_(theirs, MessageRow.destination.not_in(but_at))


def to_one(subjects: Sequence[str], kinds: Collection[str], to: str) -> Where:
    where = (MessageRow.subject.in_(subjects), MessageRow.kind.in_(kinds), MessageRow.destination == to)
    return and_(*where)


def roots_of(session: Session, subject: str, kind: str) -> dict[str, int]:
    """Destination → row of the newest of these messages that goes there."""
    query = select(MessageRow).where(about(subject, kind), MessageRow.wanted).order_by(MessageRow.id)
    return {row.destination: row.id for row in session.scalars(query)}


def standing(session: Session, subject: str, kind: str) -> Sequence[MessageRow]:
    where = (about(subject, kind), MessageRow.wanted, MessageRow.ts.is_not(None))
    return session.scalars(select(MessageRow).where(*where).order_by(MessageRow.id)).all()


def strays(session: Session, root: int) -> Sequence[MessageRow]:
    """Replies that stand in a thread which is no longer this message's: it was posted anew meanwhile."""
    first = session.get(MessageRow, root, populate_existing=True)
    if first is None or first.ts is None:
        return ()
    elsewhere = MessageRow.thread_ts != (first.thread_ts or first.ts)
    where = (MessageRow.thread_of == root, MessageRow.wanted, MessageRow.ts.is_not(None), elsewhere)
    return session.scalars(select(MessageRow).where(*where).order_by(MessageRow.id)).all()


def destinations_of(session: Session, subject: str, kind: str) -> set[str]:
    return set(session.scalars(select(MessageRow.destination).where(about(subject, kind), MessageRow.wanted)))


def replies(session: Session, channel: str, ts: str, before: datetime) -> Sequence[str]:
    in_thread = (MessageRow.channel == channel, MessageRow.thread_ts == ts, MessageRow.wanted)
    query = select(MessageRow.ts).where(
        *in_thread, MessageRow.ts.is_not(None), MessageRow.settled_at < before
    )
    return [each for each in session.scalars(query) if each is not None]
