"""What digests show in Home: everybody's own, and for leads where the program's goes."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.digests.editions import placing
from copbot.digests.editions.screens import messages
from copbot.digests.subscriptions import screens, service
from copbot.slack.answers import Block
from copbot.slack.entrances import Call


def own(call: Call) -> Sequence[Block]:
    """A member's own digest. Guests get none."""
    if call.person.is_guest:
        return ()
    blocks = list(screens.about(service.find(call.session, call.person, call.now), call.profile))
    if call.person.is_lead:
        digests = placing.all_digests(call.session, call.profile, call.now)
        blocks += messages.overview(digests, call.profile)
    return blocks
