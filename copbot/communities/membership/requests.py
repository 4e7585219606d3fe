"""Membership requests under way: asked of Slack until it answers, and what their people are told meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from copbot.communities import tables
from copbot.communities.tables import MembershipRequest
from copbot.delivery import service as delivery
from copbot.jobs import service as jobs
from copbot.program.settings.service import choice, choose
from copbot.store import Session

WISH = "communities.wish"
KICK_REFUSED = "communities_kick_refused"
KICK_REFUSED_FOR = timedelta(days=7)
"""An administrator may allow it meanwhile."""
RETRY_AFTER = timedelta(minutes=3)
NOTIFY_AFTER = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=1)


def enqueue(session: Session, row: MembershipRequest, *, now: datetime, retry: bool = False) -> None:
    """Ask for the job that carries the request out."""
    key = f"{WISH}:{row.id}:{row.version}"
    key = f"{key}:{now.isoformat()}" if retry else key
    args = {"wish": row.id, "version": row.version}
    jobs.enqueue(session, WISH, key=key, by=row.user, args=args, now=now)


def retry(session: Session, *, now: datetime) -> int:
    """Requests that Slack has left unanswered are asked anew; how many there were.

    After `NOTIFY_AFTER` people are told that it takes longer, after `GIVE_UP_AFTER` that it did not work.
    """
    unanswered = tables.wishes_since(session, now - RETRY_AFTER)
    for row in unanswered:
        if now - row.at >= GIVE_UP_AFTER:
            row.state, row.code = "refused", "no_answer"
            notify(session, row, now=now)
            continue
        if now - row.at >= NOTIFY_AFTER and row.state == "asked":
            row.state = "waiting"
            notify(session, row, now=now)
        enqueue(session, row, now=now, retry=True)
    return len(unanswered)


def notify(session: Session, row: MembershipRequest, *, now: datetime) -> None:
    """One message for each request, redrawn when its state changes."""
    session.flush()
    about, key = f"wish:{row.id}", f"community.wish:{row.id}:{row.version}"
    delivery.refresh(session, about, now=now)
    delivery.say(session, "community.wish", about, to=row.user, key=key, now=now)


def note_kick_refused(session: Session, *, now: datetime) -> None:
    choose(session, KICK_REFUSED, now.isoformat(), by="slack", now=now)


def kick_refused(session: Session, now: datetime) -> bool:
    """Whether Slack has lately refused to let this app take somebody out of a channel."""
    seen = str(choice(session, KICK_REFUSED, ""))
    return bool(seen) and now - datetime.fromisoformat(seen) < KICK_REFUSED_FOR
