"""What leads see in Home of what came of requests."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.followup import screens, service
from copbot.slack.answers import Block
from copbot.slack.entrances import Call


def came_of_it(call: Call) -> Sequence[Block]:
    return screens.overview(service.came_of_it(call.session))
