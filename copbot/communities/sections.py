"""What the communities show in Home: read the values, hand them to the screen."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.communities import service, tables
from copbot.communities.screens import home
from copbot.people import service as people
from copbot.slack.answers import Block
from copbot.slack.entrances import Call
from copbot.slack.steps import SetupStep


def own(call: Call) -> Sequence[Block]:
    found, more = service.own(call.session, call.person.user)
    return home.own(found, more=more, shares_news=call.person.is_lead)


def first_one(call: Call) -> SetupStep:
    """The set-up's step; without staff nobody could read a proposal."""
    found = tables.begun(call.session)
    has_staff = bool(found.open) or people.notice_channel(call.session) is not None
    return home.first_step(found, has_staff=has_staff)
