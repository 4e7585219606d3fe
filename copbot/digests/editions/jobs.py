"""Job: editions are composed a day ahead, written down when their time has come, corrected after they were posted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copbot.delivery import service as delivery
from copbot.digests.editions import composing, placing, service, tables
from copbot.jobs.slack_calls import all_of
from copbot.jobs.work import Job, Work
from copbot.program.settings.edits import effective
from copbot.slack.errors import Refused, SlackError

COMPOSE = "digests.compose"
_CORRECTED = "digests_corrected"
_EVERY = timedelta(minutes=10)


def compose(work: Work) -> dict[str, Any]:
    """All digests, one transaction each."""
    now = work.clock.now()
    with work.store.writing() as session:
        profile = effective(session, work.profile)
        settled = service.settle(session, profile=profile, now=now)
        placing.follow_communities(session, now=now)
        digests = [each.id for each in tables.all_digests(session) if each.active]
    made = 0
    for number, ident in enumerate(digests):
        with work.store.writing() as session:
            made += len(composing.compose_due(session, ident, profile=profile, now=now))
        work.progress(number + 1, len(digests))
    with work.store.writing() as session:
        corrected = service.correct(session, _CORRECTED, now=now)
        placing.tell_nowhere(session, profile=profile, now=now)
        channels = tables.channels_to_read(session) if made else []
    read_members(work, *channels)
    return {**settled, "composed": made, "corrected": corrected}


def join(work: Work) -> dict[str, Any]:
    """Enter a channel that is to get the digest; where only its members can let the app in, the lead is told so."""
    channel, lead = str(work.args["channel"]), str(work.args["lead"])
    try:
        work.gateway.call("conversations.join", channel=channel)
    except Refused:
        try:
            info = work.gateway.call("conversations.info", channel=channel).get("channel") or {}
        except Refused:
            info = {}
        if not info.get("is_member"):
            with work.store.writing() as session:
                subject, now = f"channel:{channel}", work.clock.now()
                key = f"{placing.NOT_IN}:{channel}:{now.date()}"
                delivery.say(session, placing.NOT_IN, subject, to=lead, key=key, now=now)
            return {"joined": False}
    return {"joined": True, "members": read_members(work, channel)}


def read_members(work: Work, *channels: str) -> int:
    """Who is in these channels, so that a member's own digest leaves out what they got there; how many were read.

    A channel that cannot be read keeps what is known of it.
    """
    count = 0
    for channel in channels:
        try:
            users = list(all_of(work, "conversations.members", "members", of=str, channel=channel))
        except SlackError:
            continue
        with work.store.writing() as session:
            tables.set_members(session, channel, users)
        count += len(users)
    return count


JOBS = (Job(placing.JOIN, join), Job(COMPOSE, compose, every=_EVERY))
