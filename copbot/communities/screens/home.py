"""The communities' section of Home."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.communities.screens.lists import ABOUT, MORE, SHOW
from copbot.communities.values import Own
from copbot.slack.answers import Block
from copbot.slack.blocks import actions, button, context, section
from copbot.slack.text import cut, escape

NOTHING_YET = "You are in none yet. The list shows those there are; each has a button to join."
MORE_THAN_THESE = "You are in more than these: the list has them all."


def own(found: Sequence[Own], *, more: bool) -> list[Block]:
    """What somebody is in, each with the way to read about it and to leave it; the list; the About pages."""
    blocks: list[Block] = [section("*Your communities*")]
    blocks += [section(_line(each), accessory=button("Show", SHOW, str(each.id))) for each in found]
    if more or not found:
        blocks.append(context(MORE_THAN_THESE if more else NOTHING_YET))
    return [*blocks, actions([button("All communities", MORE, "0"), button("About us", ABOUT, "about")])]


def _line(each: Own) -> str:
    place = f"<#{each.channel}>" if each.channel else f"#{escape(each.name)}"
    return "\n".join(filter(None, (f"*{place}*", escape(cut(each.purpose, 150)))))
