"""What people can do with communities: see them, get in and out, propose one, have the channels put in order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from copbot.communities import membership, rules, tables
from copbot.communities.rules import Searched, State
from copbot.communities.tables import CommunityRow, ProposalRow, RunRow, WishRow
from copbot.communities.values import Begun, Community, Own, Proposal, Run, Wish
from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Page, Session, hold, insert_once, new_uid

PAGE = 10
WISH = membership.WISH
PLAN, APPLY, RECONCILE = "communities.plan", "communities.apply", "communities.reconcile"
SLUG = 60
LONGEST_PURPOSE = 1000
_NO_STAFF = (
    "There is no staff yet to read it. Send it again when an administrator has chosen the staff channel."
)


# -- seeing


def listed(session: Session, user: str, after: int | None = None) -> Page[Community]:
    """Open communities by name, ten at a time; `after` is how many were shown before."""
    rows = [row for row in tables.every_community(session) if row.state != State.ARCHIVED]
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
    return tuple(Own(row.id, _name(row), row.purpose, row.channel or "") for row in rows[:PAGE]), len(
        rows
    ) > PAGE


def begun(session: Session) -> Begun:
    """For the set-up: asks the database once."""
    return Begun(*tables.begun(session))


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
    rows = [row for row in tables.every_community(session) if row.state != State.ARCHIVED]
    if not words.strip():
        here = next((row.id for row in rows if channel and row.channel == channel), None)
        if here is None:
            raise NotFound(
                "Which community? Type its name after the command, or use the command in its channel."
            )
        return one(session, here, user)
    found = rules.best_match(words, [Searched(row.id, (row.name, row.slug)) for row in rows])
    if len(found) == 1:
        return one(session, found[0], user)
    if not found:
        raise NotFound("There is no community with that name.")
    names = ", ".join(f"#{row.name}" for row in rows if row.id in found[:5])
    raise NotFound(f"Several match: {names}. Please type the whole name.")


def of_channel(session: Session, channel: str) -> int | None:
    """The community whose channel this is."""
    row = tables.by_channel(session, channel) if channel else None
    return None if row is None else row.id


def names(session: Session) -> dict[int, str]:
    """Every community's channel name by its id."""
    return {row.id: row.name for row in tables.every_community(session)}


def about_topics(session: Session, topics: Sequence[str], user: str, most: int = 3) -> tuple[Community, ...]:
    """Open communities on these topics, the nearest first; without topics the largest."""
    counts, mine = tables.member_counts(session), tables.communities_of(session, user)
    rows = [row for row in tables.every_community(session) if row.state == State.ACTIVE and not row.private]
    wanted = set(topics)
    if wanted:
        rows = [row for row in rows if wanted & set(row.topics)]
    rows.sort(key=lambda row: (-len(wanted & set(row.topics)), -counts.get(row.id, 0), row.name))
    return tuple(_value(session, row, counts.get(row.id, 0), row.id in mine) for row in rows[:most])


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


# -- in and out


def join(session: Session, ident: int, *, person: Person, now: datetime) -> Community:
    """Ask Slack to let this person into the community's channel. Raises `Conflict`, `NotAllowed`."""
    found = one(session, ident, person.user)
    if found.state == State.ARCHIVED or not found.channel:
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
    if found.mine and membership.kick_refused(session, now):
        return found
    _wish(session, ident, person.user, wants_in=False, now=now)
    return replace(found, wished=False)


def wish(session: Session, ident: int) -> Wish | None:
    row = session.get(WishRow, ident)
    if row is None:
        return None
    found = one(session, row.community_id, row.user)
    return Wish(found, row.user, row.wants_in, row.state, row.code)


def fulfilled(
    session: Session, community: int, users: Collection[str], *, is_in: bool, now: datetime
) -> None:
    """Slack says that these people are in (or out) now: whatever they wished about it is settled."""
    for row in tables.wishes_open(session, community, users, wants_in=is_in):
        row.state, row.code = "done", ""
        delivery.refresh(session, f"wish:{row.id}", now=now)


def refused(session: Session, ident: int, version: int, code: str, *, now: datetime) -> None:
    """Slack would not do it: the person reads what they can do."""
    row = hold(session, WishRow, ident)
    if row.version != version or row.state == "done":
        return
    row.state, row.code = "refused", code
    if not row.wants_in and code == "restricted_action":
        membership.note_kick_refused(session, now=now)
    membership.notify(session, row, now=now)


def _wish(session: Session, community: int, user: str, *, wants_in: bool, now: datetime) -> None:
    row = tables.wish_of(session, community, user)
    if row is None:
        values = {"community_id": community, "user": user, "wants_in": wants_in, "state": "asked", "at": now}
        insert_once(session, WishRow, version=0, **values)
        row = tables.wish_of(session, community, user)
        assert row is not None  # it was just made, here or beside us
    row.wants_in, row.state, row.code, row.at, row.version = wants_in, "asked", "", now, row.version + 1
    session.flush()
    delivery.unsay(session, f"wish:{row.id}")
    membership.enqueue(session, row, now=now)


# -- proposing one


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
    wrong = _name_trouble(session, made)
    fields = {"name": wrong} if wrong else {}
    if not purpose.strip():
        fields["purpose"] = "Say in a sentence or two what it is for."
    if fields:
        raise InvalidInput(next(iter(fields.values())), fields)
    to = people.notice_channel(session)
    readers = (to,) if to else _without_channel(session)
    if not readers:
        raise InvalidInput(_NO_STAFF, {"name": _NO_STAFF})
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
    found = tables.proposal_by_uid(session, uid)
    if found is None:
        raise NotFound("That proposal no longer exists.")
    row = hold(session, ProposalRow, found.id)
    if row.state != "open":
        raise Conflict("That is already decided.")
    if yes:
        wrong = _name_trouble(session, row.name)
        if wrong:
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
    row = tables.proposal_by_uid(session, uid)
    return None if row is None else _proposal(session, row)


def redraw_proposal(session: Session, community: int, *, now: datetime) -> None:
    """What has become of a proposed community is read by its proposer and on staff's card."""
    row = tables.proposal_of(session, community)
    if row is not None:
        delivery.refresh(session, f"proposal:{row.uid}", now=now)


def _make(session: Session, row: ProposalRow, now: datetime) -> int:
    made = CommunityRow(
        slug=free_slug(session, row.name),
        name=row.name,
        purpose=row.purpose,
        topics=list(row.topics),
        lead=row.by_user if row.leads_it else "",
        state=State.ACTIVE,
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made.id


def free_slug(session: Session, name: str) -> str:
    """An id for the list, made of the name; another one when somebody has it."""
    short, number = name[: SLUG - 5], 1
    slug = short
    while tables.by_slug(session, slug) is not None:
        number += 1
        slug = f"{short}-{number}"
    return slug


def _name_trouble(session: Session, name: str) -> str:
    if not name:
        return "A channel name needs letters or numbers, such as peer-support."
    taken = (row for row in tables.every_community(session) if row.channel or row.state != State.ARCHIVED)
    if any(name in (row.name, row.seen_name) for row in taken):
        return f"There is already a community called #{name}. Choose another name."
    return ""


def _without_channel(session: Session) -> tuple[str, ...]:
    """Nobody's channel to post to: the leads, or else all of staff."""
    staff = people.staff_list(session)
    return tuple(each.user for each in staff if each.is_lead) or tuple(each.user for each in staff)


# -- the channels put in order


def ask_run(session: Session, kind: str, *, person: Person, now: datetime, community: int = 0) -> int:
    """Compare the channels with what is wanted (`plan`), or carry it out (`apply`). The asker is told.

    `community` is the id of the only one to carry it out for; 0: all of them.
    """
    about = {"community": community} if community else {}
    row = RunRow(kind=kind, by_user=person.user, state="asked", at=now, result=about)
    session.add(row)
    session.flush()
    name = APPLY if kind == "apply" else PLAN
    args = {"run": row.id, **about}
    jobs.ask(session, name, key=f"{name}:{row.id}", by=person.user, args=args, now=now)
    key = f"community.run:{row.id}"
    delivery.say(session, "community.run", f"run:{row.id}", to=person.user, key=key, now=now)
    return row.id


def restore_asked(session: Session, *, now: datetime) -> None:
    """A channel is back from the archive: its topic, bookmarks and welcome are seen to, without being asked."""
    jobs.ask(session, APPLY, key=f"{APPLY}:restore:{now.isoformat()}", now=now)


def reconcile_asked(session: Session, hint: str, *, now: datetime) -> None:
    """Slack hinted that something has happened to a channel."""
    jobs.ask(session, RECONCILE, key=f"{RECONCILE}:event:{hint or now.isoformat()}", now=now)


def run(session: Session, ident: int) -> Run | None:
    row = session.get(RunRow, ident)
    if row is None:
        return None
    return Run(row.id, row.kind, row.state, row.done, row.of, dict(row.result), row.by_user)


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
        state=State(row.state),
        channel=row.channel or "",
        trouble=row.trouble,
        members=members,
        mine=mine,
        wished=None if wished is mine else wished,
    )


def _name(row: CommunityRow) -> str:
    return row.seen_name if row.channel and row.seen_name else row.name


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
        can_undo=made is not None and made.state == State.ACTIVE and made.last_post_at is None,
    )
