"""What the register shows in Home: read the values, hand them to the screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from copbot.assistance.upkeep import facts as about
from copbot.assistance.views import home_screens
from copbot.assistance.views import lists as views_lists
from copbot.delivery import sections as delivery
from copbot.slack.answers import Block
from copbot.slack.entrances import Call


def own_requests(call: Call) -> Sequence[Block]:
    found = views_lists.own(call.session, call.person, call.now)
    empty = "" if call.person.is_staff else home_screens.NOTHING_ASKED
    return home_screens.own_requests(found, call.profile, call.now, reader=call.person.id, empty=empty)


def queue(call: Call) -> Sequence[Block]:
    found = views_lists.queue(call.session, call.person, call.now)
    return home_screens.queue(found, call.profile, reader=call.person.id)


def undelivered(call: Call) -> Sequence[Block]:
    """Messages that did not arrive, with the request and the person that each is about."""
    return delivery.dead_letters(call, names=partial(about.names, person=call.person))


def load(call: Call) -> Sequence[Block]:
    return home_screens.load(views_lists.load(call.session, call.profile, call.now))
