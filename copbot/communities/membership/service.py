"""Getting in and out of a community's channel: as a person asks, while Slack does not answer, and as it answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from copbot.communities import tables
from copbot.communities.rules import CommunityState
from copbot.communities.service import may_care, one
from copbot.communities.tables import MembershipRequest
from copbot.communities.values import Community, MembershipWish
from copbot.delivery import service as delivery
from copbot.errors import Conflict, NotAllowed
from copbot.jobs import service as jobs
from copbot.program.settings.service import choice, choose
from copbot.slack.person import Person
from copbot.store import Session, hold, insert_once

WISH = "communities.wish"
KICK_REFUSED = "communities_kick_refused"
KICK_REFUSED_FOR = timedelta(days=7)
"""An administrator may allow it meanwhile."""
RETRY_AFTER = timedelta(minutes=3)
NOTIFY_AFTER = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=1)


def join(session: Session, ident: int, *, person: Person, now: datetime) -> Community:
    """Ask Slack to let this person into the community's channel. Raises `Conflict`, `NotAllowed`."""
    found = one(session, ident, person.user)
    if found.state == CommunityState.ARCHIVED or not found.channel:
        raise Conflict(f"#{found.name} has no channel yet. Try again later.")
    if person.is_guest and not found.mine:
        words = "In Slack, only an administrator can add guests."
        raise NotAllowed(f"{words} Ask staff to add you to #{found.name}.")
    if found.private and not may_care(person, found.lead):
        whom = found.lead_name or "staff"
        raise NotAllowed(f"#{found.name} is private. Ask {whom} to add you.")
    _wish(session, ident, person.user, wants_in=True, now=now)
    return found


def leave(session: Session, ident: int, *, person: Person, now: datetime) -> Community:
    """Ask Slack to take this person out of the community's channel.

    Where Slack has lately refused that to the app nothing is asked: `wished` is None then.
    """
    found = one(session, ident, person.user)
    if not found.channel:
        raise Conflict(f"#{found.name} has no channel, so there is nothing to leave.")
    refused_at = str(choice(session, KICK_REFUSED, ""))
    if found.mine and refused_at and now - datetime.fromisoformat(refused_at) < KICK_REFUSED_FOR:
        return found
    _wish(session, ident, person.user, wants_in=False, now=now)
    return replace(found, wished=False)


def wish(session: Session, ident: int) -> MembershipWish | None:
    row = session.get(MembershipRequest, ident)
    if row is None:
        return None
    found = one(session, row.community_id, row.user)
    return MembershipWish(found, row.user, row.wants_in, row.state, row.code)


def fulfilled(
    session: Session, community: int, users: Collection[str], *, is_in: bool, now: datetime
) -> None:
    """Slack says that these people are in (or out) now: whatever they wished about it is settled."""
    for row in tables.wishes_open(session, community, users, wants_in=is_in):
        row.state, row.code = "done", ""
        delivery.refresh(session, f"wish:{row.id}", now=now)


def refused(session: Session, ident: int, version: int, code: str, *, now: datetime) -> None:
    """Slack would not do it: the person reads what they can do."""
    row = hold(session, MembershipRequest, ident)
    if row.version != version or row.state == "done":
        return
    row.state, row.code = "refused", code
    if not row.wants_in and code == "restricted_action":
        choose(session, KICK_REFUSED, now.isoformat(), by="slack", now=now)
    _notify(session, row, now=now)


def retry(session: Session, *, now: datetime) -> int:
    """Requests that Slack has left unanswered are asked anew; how many there were.

    After `NOTIFY_AFTER` people are told that it takes longer, after `GIVE_UP_AFTER` that it did not work.
    """
    unanswered = tables.wishes_since(session, now - RETRY_AFTER)
    for row in unanswered:
        if now - row.at >= GIVE_UP_AFTER:
            row.state, row.code = "refused", "no_answer"
            _notify(session, row, now=now)
            continue
        if now - row.at >= NOTIFY_AFTER and row.state == "asked":
            row.state = "waiting"
            _notify(session, row, now=now)
        _enqueue(session, row, f"{WISH}:{row.id}:{row.version}:{now.isoformat()}", now=now)
    return len(unanswered)


def _enqueue(session: Session, row: MembershipRequest, key: str, *, now: datetime) -> None:
    args = {"wish": row.id, "version": row.version}
    jobs.enqueue(session, WISH, key=key, by=row.user, args=args, now=now)


def _notify(session: Session, row: MembershipRequest, *, now: datetime) -> None:
    """One message for each request, redrawn when its state changes."""
    session.flush()
    about, key = f"wish:{row.id}", f"community.wish:{row.id}:{row.version}"
    delivery.refresh(session, about, now=now)
    delivery.say(session, "community.wish", about, to=row.user, key=key, now=now)


def _wish(session: Session, community: int, user: str, *, wants_in: bool, now: datetime) -> None:
    row = tables.membership_request_of(session, community, user)
    if row is None:
        values = {"community_id": community, "user": user, "wants_in": wants_in, "state": "asked", "at": now}
        insert_once(session, MembershipRequest, version=0, **values)
        row = tables.membership_request_of(session, community, user)
        assert row is not None  # it was just made, here or beside us
    row.wants_in, row.state, row.code, row.at, row.version = wants_in, "asked", "", now, row.version + 1
    session.flush()
    delivery.unsay(session, f"wish:{row.id}")
    _enqueue(session, row, f"{WISH}:{row.id}:{row.version}", now=now)
