"""Getting in and out of a community's channel, as a person asks and as Slack answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from copbot.communities import tables
from copbot.communities.membership import requests
from copbot.communities.rules import CommunityState
from copbot.communities.service import may_care, one
from copbot.communities.tables import MembershipRequest
from copbot.communities.values import Community, MembershipWish
from copbot.delivery import service as delivery
from copbot.errors import Conflict, NotAllowed
from copbot.slack.person import Person
from copbot.store import Session, hold, insert_once

WISH = requests.WISH


# -- in and out


def join(session: Session, ident: int, *, person: Person, now: datetime) -> Community:
    """Ask Slack to let this person into the community's channel. Raises `Conflict`, `NotAllowed`."""
    found = one(session, ident, person.user)
    if found.state == CommunityState.ARCHIVED or not found.channel:
        raise Conflict(f"#{found.name} has no channel yet. Try again later.")
    if person.is_guest and not found.mine:
        raise NotAllowed(
            f"In Slack, only an administrator can add guests. Ask staff to add you to #{found.name}."
        )
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
    if found.mine and requests.kick_refused(session, now):
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
        requests.note_kick_refused(session, now=now)
    requests.notify(session, row, now=now)


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
    requests.enqueue(session, row, now=now)
