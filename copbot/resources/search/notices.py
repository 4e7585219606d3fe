"""Staff's message about what the library lacks."""

from __future__ import annotations

from datetime import date

from copbot.delivery.readers import ANYBODY, Kinds
from copbot.delivery.render import Look, Notices
from copbot.resources.search import gaps, screens
from copbot.slack.answers import Message, Nothing
from copbot.slack.blocks import message
from copbot.store import Session


def gap(session: Session, subject: str, look: Look) -> Message | Nothing:
    _, month, topic, area = subject.split(":")
    number = gaps.told(session, date.fromisoformat(f"{month}-01"), topic, area)
    if not number:
        return Nothing("nobody told")
    return message(
        "Nothing in the library for this yet", screens.gap_notice(topic, area, number, look.profile)
    )


NOTICES: Notices = {"resources.gap": gap}

READERS: Kinds = {"resources.gap": ANYBODY}
