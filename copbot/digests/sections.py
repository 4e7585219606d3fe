"""What digests show in Home: everybody's own, for leads where the program's goes, and the set-up's step."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.delivery import service as delivery
from copbot.digests.editions import placing
from copbot.digests.editions.screens import messages
from copbot.digests.editions.tables import PROGRAM
from copbot.digests.subscriptions import screens, service
from copbot.slack.answers import Block
from copbot.slack.entrances import Call
from copbot.slack.steps import SetupStep


def own(call: Call) -> Sequence[Block]:
    """A member's own digest. Guests get none."""
    if call.person.is_guest:
        return ()
    silenced = delivery.is_silenced(call.session, call.person.user)
    found = service.find(call.session, call.person, call.now)
    blocks = list(screens.about(found, call.profile, silenced=silenced))
    if call.person.is_lead:
        digests = placing.all_digests(call.session, call.profile, call.now)
        blocks += messages.overview(digests, call.profile)
    return blocks


def where_to(call: Call) -> SetupStep:
    """The set-up's step: a channel for the program's digest, or the word that there is to be none."""
    digest = placing.find(call.session, PROGRAM, call.profile, call.now)
    return messages.where_step(digest, nowhere=placing.nowhere_wanted(call.session))
