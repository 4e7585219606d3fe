"""Proposing a community, and staff's answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, count

from copbot.communities import rules, tables
from copbot.communities.channels.service import ask_run
from copbot.communities.rules import CommunityState
from copbot.communities.tables import CommunityRow, ProposalRow
from copbot.communities.values import Proposal
from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput, check_fields
from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Session, find_row, hold_row, new_uid

LONGEST_PURPOSE = 1000
LONGEST_SLUG = 60
_NO_STAFF = (
    "There is no staff yet to read it. Send it again when an administrator has chosen the staff channel."
)


def propose(
    session: Session,
    *,
    name: str,
    purpose: str,
    topics: Sequence[str],
    leads_it: bool,
    person: Person,
    now: datetime,
) -> Proposal:
    """Staff read the proposal and decide. Raises `InvalidInput`, also while there is nobody to read it."""
    made = rules.channel_name(name)
    needed = "" if purpose.strip() else "Say in a sentence or two what it is for."
    check_fields({"name": _name_trouble(session, made), "purpose": needed})
    to = people.notice_channel(session)
    staff = () if to else people.staff_list(session)
    # Without a channel to post to: the leads, or else all of staff.
    readers = [to] if to else [each.user for each in staff if each.is_lead] or [each.user for each in staff]
    if not readers:
        raise InvalidInput.at("name", _NO_STAFF)
    row = ProposalRow(
        uid=new_uid(),
        name=made,
        purpose=purpose.strip()[:LONGEST_PURPOSE],
        topics=list(topics),
        leads_it=leads_it,
        by_user=person.user,
        state="open",
        at=now,
    )
    session.add(row)
    session.flush()
    for user in readers:
        key = f"community.proposal:{row.id}:{user}"
        delivery.say(session, "community.proposal", f"proposal:{row.uid}", to=user, key=key, now=now)
    return _proposal(session, row)


def decide(session: Session, uid: str, *, yes: bool, person: Person, now: datetime) -> Proposal:
    """Staff make the community, or say no; its proposer is told. Raises `Conflict` when that is decided."""
    row = hold_row(session, ProposalRow, "That proposal no longer exists.", uid=uid)
    if row.state != "open":
        raise Conflict("Somebody has already decided this.")
    if yes:
        if wrong := _name_trouble(session, row.name):
            raise Conflict(wrong)
        row.community_id = _make(session, row, now)
        ask_run(session, "apply", person=person, now=now, community=row.community_id)
    row.state, row.decided_by = ("made" if yes else "declined"), person.user
    session.flush()
    delivery.refresh(session, f"proposal:{uid}", now=now)
    key = f"community.decided:{row.id}"
    delivery.say(session, "community.decided", f"proposal:{uid}", to=row.by_user, key=key, now=now)
    return _proposal(session, row)


def proposal(session: Session, uid: str) -> Proposal | None:
    row = find_row(session, ProposalRow, uid=uid)
    return None if row is None else _proposal(session, row)


def _make(session: Session, row: ProposalRow, now: datetime) -> int:
    taken, short = {each.slug for each in tables.every_community(session)}, row.name[: LONGEST_SLUG - 5]
    slugs = chain([short], (f"{short}-{number}" for number in count(2)))
    made = CommunityRow(
        slug=next(slug for slug in slugs if slug not in taken),
        name=row.name,
        purpose=row.purpose,
        topics=list(row.topics),
        lead=row.by_user if row.leads_it else "",
        state=CommunityState.ACTIVE,
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made.id


def _name_trouble(session: Session, name: str) -> str:
    if not name:
        return "A channel name needs letters or numbers, such as peer-support."
    for row in tables.every_community(session):
        is_taken = row.channel or row.state != CommunityState.ARCHIVED
        if is_taken and name in (row.name, row.seen_name):
            return f"There is already a community called #{name}. Choose another name."
    return ""


def _proposal(session: Session, row: ProposalRow) -> Proposal:
    by = people.identify(session, row.by_user)
    made = session.get(CommunityRow, row.community_id) if row.community_id else None
    return Proposal(
        uid=row.uid,
        name=row.name,
        purpose=row.purpose,
        topics=tuple(row.topics),
        leads_it=row.leads_it,
        by_user=row.by_user,
        by_name=by.name if by is not None else "somebody",
        state=row.state,
        decided_by=row.decided_by,
        community=made.id if made is not None else 0,
        channel=(made.channel or "") if made is not None else "",
        trouble=made.trouble if made is not None else "",
        can_undo=made is not None and made.state == CommunityState.ACTIVE and made.last_post_at is None,
    )
