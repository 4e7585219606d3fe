"""What the About pages show in Home to those who may change them."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.communities import about
from copbot.communities.about_page import review_is_due
from copbot.communities.about_rows import today
from copbot.communities.screens import about_forms
from copbot.slack.answers import Block
from copbot.slack.entrances import Call


def to_see(call: Call) -> Sequence[Block]:
    """Pages to read again, and those that the file has otherwise."""
    every = about.everything(call.session, call.profile)
    day = today(call.profile, call.now)
    due = sum(review_is_due(each.page, day) for each in every)
    return about_forms.to_see(due, sum(each.differs for each in every))
