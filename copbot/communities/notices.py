"""This room's messages: load what they are about, hand it to the screen."""

from __future__ import annotations

from collections.abc import Callable

from copbot.communities import service
from copbot.communities.activity import service as activity
from copbot.communities.channels import service as channels
from copbot.communities.membership import service as membership
from copbot.communities.proposals import service as proposals
from copbot.communities.rules import CommunityState
from copbot.communities.screens import channel, lists
from copbot.communities.tables import CommunityRow
from copbot.communities.values import Community, Proposal
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices, Render
from copbot.delivery.subject import Subject
from copbot.program.profile import Profile
from copbot.program.settings.service import choice
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

GONE = Nothing("it is gone")


def _of_community(draw: Callable[[Community, Look], Message], *states: CommunityState) -> Render:
    """A message about a community; shown only while it stands in one of these states, if any are named."""

    def render(session: Session, subject: Subject, look: Look) -> Message | Nothing:
        if session.get(CommunityRow, subject.number) is None:
            return GONE
        found = service.one(session, subject.number)
        return Nothing("over") if states and found.state not in states else draw(found, look)

    return render


def quiet(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    row = session.get(CommunityRow, subject.number)
    if row is None or row.state != CommunityState.ACTIVE:
        return Nothing("over")
    return channel.quiet(service.one(session, row.id), activity.quiet_days(session))


def noticed(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    row = session.get(CommunityRow, subject.number)
    return GONE if row is None else channel.noticed(service.one(session, row.id), subject.detail)


def question(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    found = activity.question(session, subject.number)
    if found is None:
        return GONE
    each = service.one(session, found[0])
    where = str(choice(session, "workspace_url", ""))
    link = f"{where}archives/{each.channel}/p{found[1].replace('.', '')}" if where else ""
    return channel.question(each, subject.number, link, settled=found[2])


def run(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    found = channels.run(session, subject.number)
    return GONE if found is None else channel.run(found, service.names(session))


def trouble(_session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    return channel.trouble(subject.ident)


def wish(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    found = membership.wish(session, subject.number)
    return GONE if found is None or found.state == "asked" else lists.wish(found)


def _of_proposal(draw: Callable[[Proposal, Profile], Message]) -> Render:
    def render(session: Session, subject: Subject, look: Look) -> Message | Nothing:
        found = proposals.proposal(session, subject.ident)
        return GONE if found is None else draw(found, look.profile)

    return render


NOTICES: Notices = {
    "community.welcome": _of_community(
        lambda each, look: channel.welcome(each, look.profile), CommunityState.ACTIVE, CommunityState.CLOSING
    ),
    "community.quiet": quiet,
    "community.closing": _of_community(
        lambda each, look: channel.closing(each, each.closes_at, look.profile), CommunityState.CLOSING
    ),
    "community.archived": _of_community(lambda each, _look: channel.archived(each), CommunityState.ARCHIVED),
    "community.revive": _of_community(lambda each, _look: channel.revive(each)),
    "community.noticed": noticed,
    "community.question": question,
    "community.run": run,
    "community.trouble": trouble,
    "community.wish": wish,
    "community.proposal": _of_proposal(lists.proposal_card),
    "community.decided": _of_proposal(lists.decided),
}

READERS: Kinds = {
    "community.welcome": ANYBODY,
    "community.quiet": ANYBODY,
    "community.closing": ANYBODY,
    "community.archived": ANYBODY,
    "community.revive": ANYBODY,
    "community.noticed": ANYBODY,
    "community.question": ANYBODY,
    "community.run": ANYBODY,
    "community.trouble": ANYBODY,
    "community.wish": ANYBODY,
    "community.proposal": Readers(Audience.LEADS, lambda _session, _subject: "A proposal for a community"),
    "community.decided": ANYBODY,
}
