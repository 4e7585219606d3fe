"""What Home shows of messages that did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copbot.delivery.words import delivery_words
from copbot.slack.answers import Block
from copbot.slack.blocks import button, context, section
from copbot.slack.text import escape

RETRY = "delivery.retry"


@dataclass(frozen=True)
class Letter:
    """A message that could not be delivered: what it was, and Slack's code for why."""

    id: int
    kind: str
    code: str


def dead_letters(letters: Sequence[Letter], *, more: bool) -> list[Block]:
    """Messages Slack would not take: why, and a button to try again."""
    if not letters:
        return []
    blocks = [section("*Messages that could not be delivered*")]
    for each in letters:
        again = button("Try again", RETRY, str(each.id))
        blocks.append(section(escape(delivery_words(each.kind, each.code)), accessory=again))
    return [*blocks, context("There are more; they show here when these have gone.")] if more else blocks
