"""The form in which leads say what the program has been up to."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.communities.values import News
from copbot.slack.answers import View
from copbot.slack.blocks import button, context, field, form, text_input, words
from copbot.slack.text import spoken

OPEN_NEWS, NEWS, REMOVE_NEWS = "community.open_news", "community.news", "community.remove_news"


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
