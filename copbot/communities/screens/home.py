"""The communities' section of Home."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.communities.screens.channel import APPLY
from copbot.communities.screens.lists import ABOUT, MORE, OPEN_PROPOSE, SHOW
from copbot.communities.values import Begun, Own
from copbot.slack.answers import Block
from copbot.slack.blocks import actions, button, context, section, summary
from copbot.slack.steps import Step
from copbot.slack.text import escape

NOTHING_YET = "You are in none yet. The list shows those there are; each has a button to join."
MORE_THAN_THESE = "You are in more than these: the list has them all."


def own(found: Sequence[Own], *, more: bool) -> list[Block]:
    """What somebody is in, each with the way to read about it and to leave it; the list; the About pages."""
    blocks: list[Block] = [section("*Your communities*")]
    blocks += [_line(each) for each in found]
    if more or not found:
        blocks.append(context(MORE_THAN_THESE if more else NOTHING_YET))
    return [*blocks, actions([button("All communities", MORE, "0"), button("About us", ABOUT, "about")])]


def _line(each: Own) -> Block:
    place = f"<#{each.channel}>" if each.channel else f"#{escape(each.name)}"
    return summary(f"*{place}*", each.purpose, accessory=button("Show", SHOW, str(each.id)))


def first_step(found: Begun, *, has_staff: bool) -> Step:
    """The set-up's step: propose the first one, have staff make it, have the channels of a list made."""
    title, propose = "Communities", button("Propose one", OPEN_PROPOSE)
    if found.with_channel:
        words = f"{_counted(found.open)}. People find the list here in Home, and join with one press."
        return Step(title, words, True, button("See the list", MORE, "0"))
    if found.open:
        words = (
            f"{_counted(found.open)}, without channels so far. I make them and tell you when they are there."
        )
        return Step(title, words, False, button("Make the channels", APPLY, style="primary"))
    words = "Each is a channel that people join because it concerns them, with somebody who looks after it."
    if found.proposed:
        waits = "One is proposed" if found.proposed == 1 else f"{found.proposed} are proposed"
        note = f"{waits}: staff press “Make it” on the card in the staff channel, and I make the channel."
        return Step(title, words, False, propose, note=note)
    if not has_staff:
        return Step(
            title, words, False, note="First choose the staff channel: staff say yes to each new one."
        )
    return Step(
        title, words, False, propose, note="Propose the first one. Staff get a card and say yes to it."
    )


def _counted(number: int) -> str:
    return "There is one" if number == 1 else f"There are {number}"
