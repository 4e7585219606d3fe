"""The private channel of the leads, read together with the staff channel: nobody but leads may be in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from copbot.jobs.slack_calls import all_of, ask_slack
from copbot.jobs.work import Work
from copbot.people import rules
from copbot.people import service as people
from copbot.program.settings.service import choose
from copbot.slack.errors import Refused, SlackError
from copbot.store import Session

PAGE = 200


@dataclass(frozen=True)
class LeadsChannel:
    """As Slack shows it: its id (empty: none is chosen), why it is unfit, and who is in it."""

    id: str = ""
    problem: str = ""
    members: frozenset[str] = frozenset()


def look(work: Work, channel: str) -> LeadsChannel:
    """What cannot be read is unfit until it can be."""
    if not channel:
        return LeadsChannel()
    try:
        info = ask_slack(work, "conversations.info", channel=channel).get("channel")
        if not isinstance(info, dict) or not rules.channel_is_told(info):
            return LeadsChannel(channel, "unread")
        trouble = rules.channel_trouble(info)
        if trouble or info.get("is_archived") is True or info.get("is_member") is False:
            return LeadsChannel(channel, trouble or "not_member")
        found = all_of(work, "conversations.members", "members", size=PAGE, of=str, channel=channel)
        return LeadsChannel(channel, "", frozenset(found) - {work.gateway.bot_user})
    except SlackError as error:
        return LeadsChannel(channel, "not_found" if isinstance(error, Refused) else "unread")


def record(session: Session, found: LeadsChannel, *, now: datetime) -> None:
    """Taken over for the channel that is chosen now, by who leads now."""
    if not found.id or people.leads_channel(session).id != found.id:
        return
    others = found.members - {each.user for each in people.leads(session)}
    problem = found.problem or ("others" if others else "")
    choose(session, "leads_channel_problem", problem, by="staff re-read", now=now)
