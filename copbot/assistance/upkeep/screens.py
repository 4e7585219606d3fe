"""What leads read when somebody has left the staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from copbot.assistance.views.staff_screens import entry
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message
from copbot.slack.blocks import context, message, words
from copbot.slack.text import counted

if TYPE_CHECKING:
    from copbot.assistance.views.facts import RequestSummary

_SHOWN = 10


def released(facts: Sequence[RequestSummary], name: str, profile: Profile, confidential: int = 0) -> Message:
    """To leads: who left the staff with requests still open. They are unassigned again."""
    many = counted(len(facts) + confidential, "open request", "open requests")
    text = f"{name} is no longer on staff and had {many}"
    blocks: list[Block] = [words(f"{text}. Please see that somebody takes each.")]
    for each in facts[:_SHOWN]:
        blocks += entry(each, profile)
    if len(facts) > _SHOWN or confidential:
        blocks.append(context("The others are in Home, under Unassigned."))
    return message(text, blocks)
