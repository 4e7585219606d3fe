"""Jobs: let people in and out, watch over life in the channels, archive and bring back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from copbot.communities import service, tables
from copbot.communities.activity import service as activity
from copbot.communities.channels import jobs as channels
from copbot.communities.channels import service as channels_service
from copbot.communities.channels.steps import invite
from copbot.communities.membership import service as membership
from copbot.communities.rules import Post
from copbot.communities.tables import UNDER_WAY
from copbot.communities.values import MembershipWish
from copbot.jobs.slack_calls import all_of, ask_slack
from copbot.jobs.work import Job, Work
from copbot.people.upkeep.jobs import redraws_names
from copbot.program.settings.service import choose
from copbot.slack.errors import Refused
from copbot.store import Session

WATCH, RETRY = "communities.watch", "communities.retry"
LOOKS_BACK = timedelta(days=21)
"""Answers and reactions come late: the weeks of the last three are counted anew each time."""
_SPOKEN = {"", "file_share", "thread_broadcast", "me_message"}
_NOT_IN = {"not_in_channel", "user_not_in_channel", "user_not_found"}


def change_membership(work: Work) -> dict[str, Any]:
    """Somebody asked to get into a channel, or out of it. Slack's no is told to them, with what they can do."""
    ident, version = int(work.args["wish"]), int(work.args["version"])
    with work.store.reading() as session:
        found = membership.wish(session, ident)
    if found is None or found.state not in UNDER_WAY:
        return {"done": False}
    try:
        _let_in(work, found) if found.wants_in else _let_out(work, found)
    except Refused as error:
        with work.store.writing() as session:
            membership.refused(session, ident, version, error.code, now=work.clock.now())
        return {"refused": error.code}
    with work.store.writing() as session:
        take = channels_service.entered if found.wants_in else channels_service.left
        take(session, found.community.id, found.user, now=work.clock.now())
    return {"done": True}


def retry(work: Work) -> dict[str, Any]:
    """Membership requests that a trouble of Slack's left open."""
    with work.store.writing() as session:
        return {"asked": membership.retry(session, now=work.clock.now())}


def _let_in(work: Work, found: MembershipWish) -> None:
    channel = found.community.channel
    try:
        invite(work, channel, found.user)
    except Refused as error:
        if error.code != "not_in_channel":
            raise
        ask_slack(work, "conversations.join", channel=channel)
        invite(work, channel, found.user)


def _let_out(work: Work, found: MembershipWish) -> None:
    try:
        ask_slack(work, "conversations.kick", channel=found.community.channel, user=found.user)
    except Refused as error:
        if error.code not in _NOT_IN or found.community.mine:
            raise


def read(work: Work) -> dict[str, Any]:
    """What was said in each channel, as numbers."""
    with work.store.reading() as session:
        known = [each for each in channels_service.known(session) if each.channel]
    since = work.clock.now() - LOOKS_BACK
    since -= timedelta(days=since.weekday(), hours=since.hour, minutes=since.minute, seconds=since.second)
    for number, each in enumerate(known):
        try:
            oldest = f"{since.timestamp():.6f}"
            told = all_of(work, "conversations.history", "messages", channel=each.channel, oldest=oldest)
            posts = [_post(message) for message in told if _is_spoken(message)]
        except Refused:
            continue  # archived, gone, or we are not in it: the reconcile job knows more
        with work.store.writing() as session:
            activity.take_posts(session, each.id, posts, profile=work.profile)
        work.progress(number + 1, len(known))
    return {"read": len(known)}


def watch(work: Work) -> dict[str, Any]:
    """Whoever cares for a community hears that it is quiet, and of questions that nobody has answered by this morning."""
    read(work)
    now, admins = work.clock.now(), work.wiring.admins if work.wiring else ()
    with work.store.writing() as session:
        choose(session, "workspace_url", work.gateway.workspace_url, by="slack", now=now)
        quiet = activity.tell_quiet(session, now=now, admins=admins)
        late = activity.tell_unanswered(session, now=now, admins=admins)
    return {"quiet": quiet, "unanswered": late}


def _is_spoken(message: Mapping[str, Any]) -> bool:
    return str(message.get("subtype") or "") in _SPOKEN and not message.get("bot_id")


def _post(message: Mapping[str, Any]) -> Post:
    ts = str(message.get("ts") or "0")
    others = set(message.get("reply_users") or ()) - {message.get("user")}
    answers = int(message.get("reply_count") or 0)
    if "reply_users" in message and not others:
        answers = 0  # only the asker went on
    return Post(
        ts=ts,
        at=datetime.fromtimestamp(float(ts), UTC),
        asks="?" in str(message.get("text") or ""),
        answers=answers,
        reactions=sum(int(each.get("count") or 0) for each in message.get("reactions") or ()),
    )


def close(work: Work) -> dict[str, Any]:
    """Archive the channels whose week of warning is over."""
    now, count = work.clock.now(), 0
    with work.store.reading() as session:
        due = [(row.id, row.channel) for row in tables.closing_due(session, now)]
    for ident, channel in due:
        try:
            if channel:  # one that was undone at once may have none
                ask_slack(work, "conversations.archive", channel=channel)
        except Refused as error:
            if error.code != "already_archived":
                with work.store.writing() as session:
                    channels_service.note_troubles(session, {ident: error.code}, now=now)
                continue
        with work.store.writing() as session:
            activity.closed(session, ident, now=now)
        count += 1
    return {"archived": count}


def revive(work: Work) -> dict[str, Any]:
    """Slack lets hardly any app unarchive: where it does not, an administrator is told what to press."""
    ident = int(work.args["community"])
    with work.store.reading() as session:
        found = service.one(session, ident)
    try:
        ask_slack(work, "conversations.unarchive", channel=found.channel)
    except Refused as error:
        if error.code != "not_archived":
            with work.store.writing() as session:
                admins = work.wiring.admins if work.wiring else ()
                told = activity.ask_to_unarchive(session, ident, now=work.clock.now(), admins=admins)
            return {"asked": told}
    now = work.clock.now()
    with work.store.writing() as session:
        channels_service.reconcile_asked(session, f"revived:{ident}:{now.isoformat()}", now=now)
    return {"asked": 0}


def _naming(session: Session, user: str) -> list[str]:
    """What messages that name somebody as a community's lead or as a proposer are about."""
    led = [channels_service.subject(row.id) for row in tables.every_community(session) if row.lead == user]
    return [*led, *(f"proposal:{uid}" for uid in tables.proposals_by(session, user))]


JOBS = (
    redraws_names("communities.renamed", None, _naming),
    *channels.JOBS,
    Job(membership.WISH, change_membership),
    Job(RETRY, retry, every=timedelta(minutes=5)),
    Job("communities.read", read, every=timedelta(hours=6), slow=True),
    Job(WATCH, watch, at="08:00", slow=True),
    Job(channels_service.CLOSE, close, every=timedelta(hours=1)),
    Job(activity.REVIVE, revive),
)
