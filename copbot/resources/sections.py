"""What the library shows in Home."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.people.profiles import service as profiles
from copbot.resources.guide import screens as guides
from copbot.resources.library import service
from copbot.resources.library.screens import review
from copbot.resources.search import screens as search
from copbot.slack.answers import Block
from copbot.slack.blocks import actions, button, section
from copbot.slack.entrances import Call
from copbot.slack.steps import SetupStep
from copbot.slack.text import counted, escape

FIRST = 10
"""Resources with which a search begins to find something."""


def library(call: Call, more: Sequence[Block] = ()) -> Sequence[Block]:
    """The ways in: search, the guide of one's own county, what is saved; for staff what waits for review.

    `more` are buttons of rooms above, at the end.
    """
    buttons = [button("Find resources", search.FIND), button("Resource guide", guides.OPEN, _county(call))]
    buttons += [button("Your saved", search.SAVED), button("Suggest a resource", search.ADD)]
    waiting = service.drafts(call.session) if call.person.is_staff else 0
    if waiting:
        buttons.append(button(f"Review ({waiting})", review.OPEN_REVIEW, style="primary"))
    return [section("*Resources*"), actions([*buttons, *more])]


def first_ten(call: Call) -> SetupStep:
    """The set-up's step: a library with something in it."""
    number = service.count_published(call.session)
    command = escape(f"{call.profile.commands.resources} add")
    enough = "" if number >= FIRST else " Ten are enough to start."
    words = f"{counted(number, 'resource')} in the library.{enough}"
    note = f"Type `{command}`, or drop a spreadsheet saved as CSV into this app's Messages."
    return SetupStep(
        "The first ten resources", words, number >= FIRST, button("Add a resource", search.ADD), note=note
    )


def _county(call: Call) -> str:
    """The person's area, when they have said one; else the guide asks."""
    areas = profiles.profile_of(call.session, call.person.id).areas
    return areas[0] if areas and call.profile.area(areas[0]) else ""
