"""This room's messages: load what they are about, hand it to the screen."""

from __future__ import annotations

from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.joining import screens, service
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def card(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = service.invitation(session, subject.ident)
    return Nothing("it is gone") if found is None else screens.card(found, look.profile)


def welcome(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = service.newcomer(session, subject.number)
    if found is None or not found.is_here:
        return Nothing("they have left again")
    return screens.welcome(found, look.profile)


NOTICES: Notices = {"joining.card": card, "joining.welcome": welcome}

READERS: Kinds = {
    "joining.card": Readers(Audience.STAFF, lambda _session, _subject: "Somebody would like to join"),
    "joining.welcome": ANYBODY,
}
