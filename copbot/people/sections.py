"""What this room shows in Home."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.people.agencies import screens as agency_screens
from copbot.people.profiles import screens as profile_screens
from copbot.people.profiles import service as profiles
from copbot.people.staff import screens as staff_screens
from copbot.people.staff import service as staffing
from copbot.slack.answers import Block
from copbot.slack.entrances import Call


def about_you(call: Call) -> Sequence[Block]:
    found = profiles.profile_of(call.session, call.person.id)
    return profile_screens.about_you(found, call.profile)


def your_work(call: Call) -> Sequence[Block]:
    """For staff: what reaches them, and the way to the agencies."""
    found = staffing.staff_facts(call.session, call.person.id, profile=call.profile, now=call.now)
    return [*staff_screens.your_work(found, call.profile), agency_screens.line()]
