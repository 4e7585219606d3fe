"""What delivery shows in Home."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.delivery import screens, service
from copbot.delivery.screens import Letter
from copbot.slack.answers import Block
from copbot.slack.entrances import Call

SHOWN = 5


def dead_letters(call: Call) -> Sequence[Block]:
    page = service.dead_letters(call.session)
    letters = [Letter(each.id, each.kind, each.code, each.to) for each in page.items[:SHOWN]]
    return screens.dead_letters(letters, more=len(page.items) > SHOWN)
