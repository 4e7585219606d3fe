"""A member's digest as a message."""

from __future__ import annotations

from copbot.delivery.readers import ANYBODY, Kinds
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.digests import rules as slots
from copbot.digests.editions.rules import STOPPED as HELD_BACK
from copbot.digests.subscriptions import screens, service
from copbot.digests.subscriptions.rules import GONE, STOPPED
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def personal(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = service.personal(session, subject.ident, look.now)
    if found is None:
        return Nothing("it is gone")
    if not service.is_out(session, subject.ident):
        if found.stopped_by_lead:
            return Nothing(HELD_BACK)
        if found.subscription.state in (STOPPED, GONE):
            return Nothing("stopped")
        if slots.timing(found.slot_at, look.now) == "late":
            return Nothing(service.TOO_LATE)
    if not any(item.shown for item in found.items) and not found.extras.news:
        return Nothing("nothing new")
    return screens.personal(found, look.profile)


READERS: Kinds = {service.PERSONAL: ANYBODY}
NOTICES: Notices = {service.PERSONAL: personal}
