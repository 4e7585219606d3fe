"""What the About pages show in Home to those who may change them."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.about import lead_screens
from copbot.about import pages as about_pages
from copbot.about.values import review_is_due
from copbot.slack.answers import Block
from copbot.slack.entrances import Call


def to_see(call: Call) -> Sequence[Block]:
    """Pages to read again, and those that the file has otherwise."""
    every = about_pages.everything(call.session, call.profile)
    day = call.profile.today(call.now)
    due = sum(review_is_due(each.page, day) for each in every)
    return lead_screens.to_see(due, sum(each.differs for each in every))
