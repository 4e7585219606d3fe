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
    """A message that could not be delivered: what it was, Slack's code for why, whom it was for, what it is about."""

    id: int
    kind: str
    code: str
    to: str = ""
    about: str = ""


def dead_letters(letters: Sequence[Letter], *, more: bool) -> list[Block]:
    """Messages Slack would not take: why, and a button to try again."""
    if not letters:
        return []
    blocks = [section("*Not delivered*")]
    for each in letters:
        again = button("Try again", RETRY, str(each.id))
        said = escape(delivery_words(each.kind, each.code, each.about))
        blocks.append(section(f"{said}\n{_for(each.to)}" if each.to else said, accessory=again))
    return [*blocks, context("There are more. They show here once these are gone.")] if more else blocks


def _for(to: str) -> str:
    """The reader's own Slack knows the name, also of somebody whose account is deactivated."""
    return f"For <@{to}>" if to[:1] in ("U", "W") else f"In <#{to}>"
