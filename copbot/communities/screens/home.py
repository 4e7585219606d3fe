"""The communities' section of Home, and the form in which leads say what the program has been up to."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.communities.screens.channel import APPLY
from copbot.communities.screens.lists import ABOUT, MORE, OPEN_PROPOSE, SHOW, place_of
from copbot.communities.values import News, Own, SetupCounts
from copbot.slack.answers import Block, View
from copbot.slack.blocks import actions, button, context, field, form, section, summary, text_input, words
from copbot.slack.steps import SetupStep
from copbot.slack.text import counted, spoken

OPEN_NEWS, NEWS, REMOVE_NEWS = "community.open_news", "community.news", "community.remove_news"
NOTHING_YET = "You haven't joined a community yet."
MORE_THAN_THESE = "These are the first ten. The list shows all of them."


def own(found: Sequence[Own], *, more: bool, shares_news: bool = False) -> list[Block]:
    """What somebody is in, each with the way to read about it and to leave it; the list; the About pages."""
    title = "*Your communities*" + ("" if found else f"\n{NOTHING_YET}")
    blocks = [section(title), *(_line(each) for each in found)]
    if more:
        blocks.append(context(MORE_THAN_THESE))
    ends = [button("All communities", MORE, "0"), button("About us", ABOUT, "about")]
    return [*blocks, actions([*ends, button("Share news", OPEN_NEWS)] if shares_news else ends)]


def _line(each: Own) -> Block:
    return summary(f"*{place_of(each)}*", each.purpose, accessory=button("Show", SHOW, str(each.id)))


def first_step(found: SetupCounts, *, has_staff: bool) -> SetupStep:
    """The set-up's step: propose the first one, have staff make it, have the channels of a list made."""
    title, propose = "Communities", button("Propose one", OPEN_PROPOSE)
    many = counted(found.open, "community", "communities")
    if found.with_channel:
        told = f"{many}. People find the list in Home and join there."
        return SetupStep(title, told, True, button("See the list", MORE, "0"))
    if found.open:
        press = button("Set up the channels", APPLY, style="primary")
        return SetupStep(title, f"{many}, with no channels yet.", False, press)
    told = "Each community is a channel on one subject, with a lead."
    if found.proposed:
        waits = counted(found.proposed, "proposal")
        note = f"{waits} waiting: staff press “Create channel” on the card in the staff channel."
        return SetupStep(title, told, False, propose, note=note)
    if not has_staff:
        note = "First choose the staff channel: staff approve new communities."
        return SetupStep(title, told, False, note=note)
    note = "Propose the first one. Staff get a card to approve it."
    return SetupStep(title, told, False, propose, note=note)


def news_form(shown: Sequence[News], longest: int, zone: str, note: str = "") -> View:
    """A field for a new one; below, the last ones with a button to remove each."""
    hint = "No names or details of people you serve."
    wanted = text_input("text", long=True, most=longest)
    blocks = [words(note)] if note else []
    where = "Everyone reads this on the About page “What we have been up to” and in the next digest."
    blocks += [context(where), field("text", "What has the program been up to?", wanted, hint=hint)]
    for each in shown:
        remove = button("Remove", REMOVE_NEWS, each.uid)
        blocks.append(words(f"{spoken(each.at, zone)}: {each.text}", accessory=remove))
    return form(NEWS, "Share news", blocks, submit="Share")
