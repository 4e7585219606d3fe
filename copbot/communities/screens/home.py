"""The communities' section of Home."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.communities.screens.channel import APPLY
from copbot.communities.screens.lists import ABOUT, MORE, OPEN_PROPOSE, SHOW
from copbot.communities.screens.news import OPEN_NEWS
from copbot.communities.values import Own, SetupCounts
from copbot.slack.answers import Block
from copbot.slack.blocks import actions, button, context, section, summary
from copbot.slack.steps import SetupStep
from copbot.slack.text import counted, escape

NOTHING_YET = "You haven't joined a community yet."
MORE_THAN_THESE = "These are the first ten. The list shows all of them."


def own(found: Sequence[Own], *, more: bool, shares_news: bool = False) -> list[Block]:
    """What somebody is in, each with the way to read about it and to leave it; the list; the About pages."""
    title = "*Your communities*" if found else f"*Your communities*\n{NOTHING_YET}"
    blocks = [section(title), *(_line(each) for each in found)]
    if more:
        blocks.append(context(MORE_THAN_THESE))
    ends = [button("All communities", MORE, "0"), button("About us", ABOUT, "about")]
    return [*blocks, actions([*ends, button("Share news", OPEN_NEWS)] if shares_news else ends)]


def _line(each: Own) -> Block:
    place = f"<#{each.channel}>" if each.channel else f"#{escape(each.name)}"
    return summary(f"*{place}*", each.purpose, accessory=button("Show", SHOW, str(each.id)))


def first_step(found: SetupCounts, *, has_staff: bool) -> SetupStep:
    """The set-up's step: propose the first one, have staff make it, have the channels of a list made."""
    title, propose = "Communities", button("Propose one", OPEN_PROPOSE)
    if found.with_channel:
        words = (
            f"{counted(found.open, 'community', 'communities')}. People find the list in Home and join there."
        )
        return SetupStep(title, words, True, button("See the list", MORE, "0"))
    if found.open:
        words = f"{counted(found.open, 'community', 'communities')}, with no channels yet."
        return SetupStep(title, words, False, button("Set up the channels", APPLY, style="primary"))
    words = "Each community is a channel on one subject, with a lead."
    if found.proposed:
        waits = counted(found.proposed, "proposal")
        note = f"{waits} waiting: staff press “Create channel” on the card in the staff channel."
        return SetupStep(title, words, False, propose, note=note)
    if not has_staff:
        return SetupStep(
            title, words, False, note="First choose the staff channel: staff approve new communities."
        )
    return SetupStep(
        title, words, False, propose, note="Propose the first one. Staff get a card to approve it."
    )
