"""The offer to share an answer, and staff's card, loaded for their screens."""

from __future__ import annotations

from copbot.assistance.views import facts
from copbot.delivery.readers import Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.followup.answers import screens, service
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def offer(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = facts.notice(session, subject.number, look.now)
    if found is None or found.confidential or not found.may_share or found.delivered_at is None:
        return Nothing("it is not to be shared")
    return screens.offer(found, service.find(session, found.id))


def card(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found, answer = facts.notice(session, subject.number, look.now), service.find(session, subject.number)
    return (
        Nothing("it is gone")
        if found is None or answer is None
        else screens.card(found, answer, look.profile)
    )


NOTICES: Notices = {service.OFFER: offer, service.CARD: card}
READERS: Kinds = dict.fromkeys(NOTICES, Readers(Audience.STAFF, lambda _session, _subject: "A shared answer"))
