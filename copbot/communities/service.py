"""What people can do with communities: see them, get in and out, propose one, have the channels put in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copbot.communities import rules, tables
from copbot.communities.rules import CommunityState
from copbot.communities.tables import CommunityRow
from copbot.communities.values import Community, Own
from copbot.delivery import service as delivery
from copbot.errors import NotFound
from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Page, Session, find_row

PAGE = 10


def listed(session: Session, user: str, after: int | None = None) -> Page[Community]:
    """Open communities by name, ten at a time; `after` is how many were shown before."""
    rows = [row for row in tables.every_community(session) if row.state != CommunityState.ARCHIVED]
    start = after or 0
    shown = rows[start : start + PAGE]
    more = start + PAGE if len(rows) > start + PAGE else None
    counts, mine = tables.member_counts(session), tables.communities_of(session, user)
    wished = tables.wishes_of(session, user)
    found = (_value(session, row, counts.get(row.id, 0), row.id in mine, wished.get(row.id)) for row in shown)
    return Page(tuple(found), more)


def own(session: Session, user: str) -> tuple[tuple[Own, ...], bool]:
    """The first ten communities that somebody is in, and whether there are more: asks the database once."""
    rows = tables.own_communities(session, user, PAGE + 1)
    shown = tuple(Own(row.id, _name(row), row.purpose, row.channel or "") for row in rows[:PAGE])
    return shown, len(rows) > PAGE


def one(session: Session, ident: int, user: str = "") -> Community:
    """Raises `NotFound`."""
    row = session.get(CommunityRow, ident)
    if row is None:
        raise NotFound("That community no longer exists.")
    members = tables.members_of(session, ident)
    wished = tables.wishes_of(session, user).get(ident) if user else None
    return _value(session, row, len(members), user in members, wished)


def named(session: Session, words: str, *, channel: str = "", user: str = "") -> Community:
    """The community these words mean; without words, the one of this channel. Raises `NotFound`."""
    rows = [row for row in tables.every_community(session) if row.state != CommunityState.ARCHIVED]
    if not words.strip():
        here = next((row.id for row in rows if channel and row.channel == channel), None)
        if here is None:
            how = "Type its name after the command, or use the command in its channel."
            raise NotFound(f"Which community? {how}")
        return one(session, here, user)
    found = rules.best_match(words, {row.id: (row.name, row.slug) for row in rows})
    if len(found) == 1:
        return one(session, found[0], user)
    if not found:
        raise NotFound("There is no community with that name.")
    names = ", ".join(f"#{row.name}" for row in rows if row.id in found[:5])
    raise NotFound(f"Several match: {names}. Please type the whole name.")


def of_channel(session: Session, channel: str) -> int | None:
    """The community whose channel this is."""
    row = find_row(session, CommunityRow, channel=channel) if channel else None
    return None if row is None else row.id


def names(session: Session) -> dict[int, str]:
    """Every community's channel name by its id."""
    return {row.id: row.name for row in tables.every_community(session)}


def about_topics(session: Session, topics: Sequence[str], user: str, most: int = 3) -> tuple[Community, ...]:
    """Open communities on these topics, the nearest first; without topics the largest."""
    counts, mine = tables.member_counts(session), tables.communities_of(session, user)
    wanted = set(topics)
    rows = [
        row
        for row in tables.every_community(session)
        if row.state == CommunityState.ACTIVE and not row.private and (not wanted or wanted & set(row.topics))
    ]
    rows.sort(key=lambda row: (-len(wanted & set(row.topics)), -counts.get(row.id, 0), row.name))
    return tuple(_value(session, row, counts.get(row.id, 0), row.id in mine) for row in rows[:most])


def channels_about(session: Session, topics: Sequence[str]) -> tuple[str, ...]:
    """The channels of active communities on any of these topics; one without topics of its own is on all."""
    rows, wanted = tables.every_community(session), set(topics)
    active = (row for row in rows if row.state == CommunityState.ACTIVE)
    about = (row.channel for row in active if not row.topics or wanted & set(row.topics))
    return tuple(channel for channel in about if channel)


def carers(session: Session, ident: int, admins: Sequence[str] = ()) -> tuple[str, ...]:
    """Whom to tell about a community: its lead; without one, staff's leads; without those, administrators."""
    row = session.get(CommunityRow, ident)
    lead = people.identify(session, row.lead) if row is not None and row.lead else None
    if lead is not None and lead.refused is None:
        return (lead.user,)
    leads = tuple(each.user for each in people.leads(session))
    return leads or people.admins(session, admins)


def may_care(person: Person, lead: str) -> bool:
    """Whether somebody may decide about a community: its lead, a lead of staff, an administrator."""
    return person.is_lead or person.is_admin or (bool(lead) and person.user == lead)


def redraw_proposal(session: Session, community: int, *, now: datetime) -> None:
    """What has become of a proposed community is read by its proposer and on staff's card."""
    row = tables.proposal_of(session, community)
    if row is not None:
        delivery.refresh(session, f"proposal:{row.uid}", now=now)


def _value(
    session: Session, row: CommunityRow, members: int, mine: bool, wished: bool | None = None
) -> Community:
    lead = people.identify(session, row.lead) if row.lead else None
    return Community(
        id=row.id,
        name=_name(row),
        purpose=row.purpose,
        topics=tuple(row.topics),
        lead=row.lead,
        lead_name=lead.name if lead is not None else "",
        welcome=row.welcome,
        rhythm=row.rhythm,
        private=row.private,
        state=CommunityState(row.state),
        channel=row.channel or "",
        trouble=row.trouble,
        members=members,
        mine=mine,
        wished=None if wished is mine else wished,
        closes_at=row.closes_at,
    )


def _name(row: CommunityRow) -> str:
    return row.seen_name if row.channel and row.seen_name else row.name
