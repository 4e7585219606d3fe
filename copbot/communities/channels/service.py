"""The channels: what is wanted, what was seen, what Slack's side did meanwhile; having them compared and put in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from copbot.communities import rules, service, tables
from copbot.communities.membership import service as membership
from copbot.communities.rules import BookmarkLink, Change, CommunityState, Known, Wanted, WantedChannel
from copbot.communities.tables import CommunityRow, RunRow
from copbot.communities.values import Run
from copbot.delivery import service as delivery
from copbot.errors import Conflict
from copbot.jobs import service as jobs
from copbot.program.profile import Profile
from copbot.slack.person import Person
from copbot.store import Session, hold

PLAN, APPLY, RECONCILE = "communities.plan", "communities.apply", "communities.reconcile"
CLOSE = "communities.close"
WELCOME = rules.WELCOME


def subject(ident: int) -> str:
    return f"community:{ident}"


# -- asked for


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
    jobs.enqueue(session, name, key=f"{name}:{row.id}", by=person.user, args=args, now=now)
    key = f"community.run:{row.id}"
    delivery.say(session, "community.run", f"run:{row.id}", to=person.user, key=key, now=now)
    return row.id


def reconcile_asked(session: Session, hint: str, *, now: datetime) -> None:
    """Slack hinted that something has happened to a channel."""
    jobs.enqueue(session, RECONCILE, key=f"{RECONCILE}:event:{hint or now.isoformat()}", now=now)


def run(session: Session, ident: int) -> Run | None:
    row = session.get(RunRow, ident)
    if row is None:
        return None
    return Run(row.id, row.kind, row.state, row.done, row.of, dict(row.result), row.by_user)


# -- what is wanted


def wanted(
    session: Session,
    profile: Profile,
    links: Sequence[BookmarkLink],
    app_links: str = "",
    *,
    only: int | None = None,
) -> list[Wanted]:
    """Every open community as its channel should be; where `only` one is asked for, welcomes of no other.

    One whose end has been decided gets no channel any more.
    """
    return [
        Wanted(
            id=row.id,
            name=row.name,
            # What it is about, and its rhythm.
            topic=rules.words_for_slack(
                " · ".join(filter(None, (", ".join(map(profile.topic_label, row.topics)), row.rhythm)))
            ),
            purpose=rules.words_for_slack(row.purpose),
            private=row.private,
            channel=row.channel or "",
            lead=row.lead,
            links=tuple(links),
            app_links=app_links,
            welcome=welcome_at(session, row) if only in (None, row.id) else "",
        )
        for row in tables.every_community(session)
        if row.state == CommunityState.ACTIVE or (row.state == CommunityState.CLOSING and row.channel)
    ]


def welcome_at(session: Session, row: CommunityRow) -> str:
    """Where the pinned welcome stands in the channel that it is now; empty: it does not stand there."""
    found = delivery.posted(session, WELCOME, subject(row.id))
    return found.ts if found is not None and found.channel == row.channel else ""


# -- what was carried out


def say_welcome(session: Session, ident: int, *, now: datetime) -> None:
    """Once for each channel the community has had; one that Slack refused is tried again."""
    row = session.get_one(CommunityRow, ident)
    key = f"{WELCOME}:{ident}:{row.bindings}"
    said = delivery.say(session, WELCOME, subject(ident), to=str(row.channel), key=key, now=now)
    with suppress(Conflict):
        delivery.retry_dead(session, said, now=now)


def bind(session: Session, ident: int, channel: WantedChannel, *, now: datetime) -> None:
    """This is the community's channel from now on; whoever proposed it reads so.

    Where it was undone while the channel was being made, the channel is archived.
    """
    row = hold(session, CommunityRow, ident)
    if row.channel != channel.id:
        delivery.unsay(session, subject(ident), kind=WELCOME)
        row.bindings += 1
    row.channel, row.seen_name, row.seen_private = channel.id, channel.name, channel.private
    if row.state != CommunityState.ACTIVE and not row.closes_at:
        row.state, row.closes_at = CommunityState.CLOSING, now
        jobs.enqueue(session, CLOSE, key=f"{CLOSE}:made:{ident}:{now.isoformat()}", by=row.closed_by, now=now)
    service.redraw_proposal(session, ident, now=now)


def note_troubles(session: Session, codes: Mapping[int, str], *, now: datetime) -> None:
    """What keeps each of these communities from being set up: Slack's code or a problem's; empty: nothing."""
    for row in tables.every_community(session):
        if row.trouble != codes.get(row.id, row.trouble):
            hold(session, CommunityRow, row.id).trouble = codes[row.id]
            service.redraw_proposal(session, row.id, now=now)


# -- what Slack's side did meanwhile


def known(session: Session) -> list[Known]:
    return [
        Known(row.id, row.channel or "", row.name, row.seen_name, row.private, row.seen_private, row.state)
        for row in tables.every_community(session)
    ]


def take_over(
    session: Session, changes: Iterable[Change], *, now: datetime, admins: Sequence[str] = ()
) -> int:
    """What was done in Slack stands: our records follow, and who cares for the community is told. How many."""
    count = 0
    for change in changes:
        row = hold(session, CommunityRow, change.community)
        _follow(session, row, change, now)
        session.flush()
        about = f"{subject(row.id)}:{change.what}"
        for user in service.carers(session, row.id, admins):
            key = f"community.noticed:{row.id}:{change.what}:{change.detail}:{now.isoformat()}:{user}"
            delivery.say(session, "community.noticed", about, to=user, key=key[:200], now=now, unasked=True)
        count += 1
    return count


def _follow(session: Session, row: CommunityRow, change: Change, now: datetime) -> None:
    match change.what:
        case "renamed":
            # A wish for another name that was never carried out stays a wish.
            row.name = change.detail if row.name == row.seen_name else row.name
            row.seen_name = change.detail
        case "private" | "public":
            row.private = row.seen_private = change.what == "private"
        case "archived":
            row.state, row.closes_at, row.quiet_notified_at = CommunityState.ARCHIVED, None, None
        case "unarchived":
            row.state, row.closes_at, row.closed_by = CommunityState.ACTIVE, None, ""
            # Whoever brings it back is not told at once how quiet it was.
            row.quiet_notified_at, row.last_post_at = None, now
        case "gone":
            row.channel, row.seen_name = None, ""
            tables.remove_members(session, row.id)


def take_members(
    session: Session, ident: int, *, joined: Collection[str] = (), left: Collection[str] = (), now: datetime
) -> tuple[int, int]:
    """Some who are in the channel now, and some who are not any more; how many are new, and how many gone.

    The caller hands over few at a time: everybody who saves waits for this transaction.
    """
    more = tables.add_members(session, ident, joined)
    membership.fulfilled(session, ident, joined, is_in=True, now=now)
    tables.remove_members(session, ident, left)
    membership.fulfilled(session, ident, left, is_in=False, now=now)
    return more, len(left)


def entered(session: Session, ident: int, user: str, *, now: datetime) -> bool:
    more, _ = take_members(session, ident, joined=[user], now=now)
    return bool(more)


def left(session: Session, ident: int, user: str, *, now: datetime) -> None:
    take_members(session, ident, left=[user], now=now)
