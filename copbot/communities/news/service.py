"""Staff's news: said by leads, shown for a quarter on the About page and once in each digest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from copbot.communities import tables
from copbot.communities.tables import NewsRow
from copbot.communities.values import News
from copbot.errors import InvalidInput, NotFound
from copbot.slack.person import Person
from copbot.store import Session, hold

LONGEST = 500
SHOWN_FOR = timedelta(days=90)
MOST = 5


def share(session: Session, text: str, *, person: Person, now: datetime) -> News:
    """Raises `InvalidInput` for no words or too many."""
    words = " ".join(text.split())
    if not words or len(words) > LONGEST:
        raise InvalidInput.at(
            "text", f"Write up to {LONGEST} characters." if words else "Write a sentence or two."
        )
    row = NewsRow(text=words, by_user=person.user, at=now)
    session.add(row)
    session.flush()
    return _value(row)


def withdraw(session: Session, uid: str, *, now: datetime) -> None:
    """Its words are gone; what has shown them is drawn again. Raises `NotFound`."""
    found = tables.news_by_uids(session, [uid])
    if not found:
        raise NotFound("Somebody has removed that already.")
    row = hold(session, NewsRow, found[0].id)
    row.text, row.withdrawn_at = "", now
    session.flush()


def withdrawn(session: Session, since: datetime) -> frozenset[str]:
    """The uids of what was withdrawn since then."""
    return frozenset(tables.news_withdrawn(session, since))


def newest(session: Session, now: datetime, since: datetime | None = None) -> tuple[News, ...]:
    """The last five of the quarter, or since a moment; the newest first."""
    return tuple(_value(row) for row in tables.newest_news(session, since or now - SHOWN_FOR, MOST))


def named(session: Session, uids: Collection[str]) -> tuple[News, ...]:
    """Those of these that are still there, the oldest first."""
    return tuple(_value(row) for row in tables.news_by_uids(session, uids))


def _value(row: NewsRow) -> News:
    return News(row.uid, row.text, row.at)
