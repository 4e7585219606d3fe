"""What the communities show in Home: read the values, hand them to the screen."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.communities import service
from copbot.communities.screens import home
from copbot.slack.answers import Block
from copbot.slack.entrances import Call


def own(call: Call) -> Sequence[Block]:
    found, more = service.own(call.session, call.person.user)
    return home.own(found, more=more)
