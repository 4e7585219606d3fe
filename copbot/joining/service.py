"""What can be done about newcomers: expect them, let staff settle it, notice that they came, welcome them once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from copbot.communities import service as communities
from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput
from copbot.joining import rules, tables
from copbot.joining.tables import ArrivalRow, InvitationRow
from copbot.joining.values import Invitation, Newcomer
from copbot.people import service as people
from copbot.people.profiles import service as profiles
from copbot.program.profile import Profile
from copbot.program.settings.service import choice
from copbot.slack.person import Person
from copbot.store import Session, find_row, hold, hold_row, insert_once

BASELINE = "joining_baseline"
"""The choice that says whether everybody who was here before this app has been noted."""


def invite(
    session: Session,
    *,
    email: str,
    agency: str,
    areas: Sequence[str],
    topics: Sequence[str],
    person: Person,
    now: datetime,
) -> Invitation:
    """Staff get a card about somebody who would like to join. Raises `InvalidInput`."""
    key = rules.email_key(email)
    if not key:
        raise InvalidInput.at("email", "That is not an email address. Write it like name@example.org.")
    if tables.open_invitation(session, key) is not None:
        raise InvalidInput.at("email", "There is already a card for this address in the staff channel.")
    named = people.agency_named(session, agency) if agency.strip() else None
    row = InvitationRow(
        email=key,
        agency_id=named.id if named is not None else None,
        areas=list(areas),
        topics=list(topics),
        state=rules.NEW,
        asked_by=person.user,
        at=now,
    )
    session.add(row)
    session.flush()
    to = people.notice_channel(session) or person.user
    key = f"joining.card:{row.id}"
    delivery.say(session, "joining.card", f"invitation:{row.uid}", to=to, key=key, now=now)
    return _value(session, row)


def settle(session: Session, uid: str, *, state: str, person: Person, now: datetime) -> Invitation:
    """Staff have invited them in Slack, or will not now. Raises `Conflict` when it is settled."""
    row = hold_row(session, InvitationRow, "That card no longer exists.", uid=uid)
    if not rules.may_become(row.state, state):
        raise Conflict("Somebody has already handled this card.")
    row.state, row.decided_by = state, person.user
    if state == rules.NOT_NOW:
        row.email = ""
    session.flush()
    delivery.refresh(session, f"invitation:{uid}", now=now)
    return _value(session, row)


def invitation(session: Session, uid: str) -> Invitation | None:
    row = find_row(session, InvitationRow, uid=uid)
    return None if row is None else _value(session, row)


def take_page(
    session: Session, seen: Sequence[Mapping[str, Any]], *, team: str, profile: Profile, now: datetime
) -> int:
    """One page of the workspace's people: whoever is new is welcomed, unless they were here first. How many."""
    able = [user for user in seen if rules.is_newcomer(user, team)]
    known = tables.arrived(session, [str(user["id"]) for user in able])
    is_first, expecting, count = not choice(session, BASELINE), tables.any_open(session), 0
    for user in able:
        if str(user["id"]) in known:
            if expecting:
                _meet(session, user, profile=profile, now=now)
        elif is_first:
            insert_once(session, ArrivalRow, user=str(user["id"]), was_here=True, at=now)
        else:
            count += arrive(session, user, team=team, profile=profile, now=now)
    return count


def arrive(session: Session, user: Mapping[str, Any], *, team: str, profile: Profile, now: datetime) -> bool:
    """Somebody has come: noted once, matched with who was expected, welcomed once. False: known, or no newcomer."""
    if not rules.is_newcomer(user, team):
        return False
    made = insert_once(session, ArrivalRow, user=str(user["id"]), was_here=False, at=now)
    if made is None:
        return False
    people.learn(session, [user], home_team=team, now=now, zone=profile.time_zone)
    met = _meet(session, user, profile=profile, now=now)
    if met is not None:
        hold(session, ArrivalRow, made).invitation_id = met
    to, about = str(user["id"]), f"arrival:{made}"
    key = f"joining.welcome:{to}"
    delivery.say(session, "joining.welcome", about, to=to, key=key, now=now, unasked=True)
    return True


def newcomer(session: Session, ident: int) -> Newcomer | None:
    row = session.get(ArrivalRow, ident)
    person = people.identify(session, row.user) if row is not None else None
    if row is None or person is None:
        return None
    met = session.get(InvitationRow, row.invitation_id) if row.invitation_id else None
    topics = tuple(met.topics) if met is not None else profiles.profile_of(session, person.id).topics
    return Newcomer(
        name=person.name,
        is_guest=person.is_guest,
        is_here=person.refused is None,
        invited=met is not None,
        communities=communities.about_topics(session, topics, row.user),
    )


def _meet(session: Session, user: Mapping[str, Any], *, profile: Profile, now: datetime) -> int | None:
    """The invitation of somebody who was expected: its card closes, what it says fills their profile."""
    email = rules.email_key(str((user.get("profile") or {}).get("email") or ""))
    row = tables.open_invitation(session, email) if email else None
    if row is None:
        return None
    row.state, row.joined_user, row.email = rules.JOINED, str(user["id"]), ""
    session.flush()
    person = people.identify(session, str(user["id"]))
    if person is not None and person.refused is None:
        before = profiles.profile_of(session, person.id)
        profiles.describe(
            session,
            person,
            profile=profile,
            now=now,
            agency_id=row.agency_id if before.agency is None else None,
            areas=[area for area in row.areas if profile.area(area)] if not before.areas else None,
            topics=[topic for topic in row.topics if profile.topic(topic)] if not before.topics else None,
        )
    delivery.refresh(session, f"invitation:{row.uid}", now=now)
    return row.id


def _value(session: Session, row: InvitationRow) -> Invitation:
    agency = people.agency_known(session, row.agency_id) if row.agency_id is not None else None
    return Invitation(
        uid=row.uid,
        email=row.email,
        agency=agency.name if agency is not None else "",
        areas=tuple(row.areas),
        topics=tuple(row.topics),
        state=row.state,
        decided_by=row.decided_by,
        joined_user=row.joined_user,
    )
