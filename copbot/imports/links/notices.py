"""The message about a dead link."""

from __future__ import annotations

from copbot.delivery.readers import Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.imports.links import screens, service
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def dead_link(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    found = service.dead_link(session, Subject(subject).ident)
    return screens.dead_link(found) if found is not None else Nothing("it is gone")


NOTICES: Notices = {service.DEAD_LINK: dead_link}
READERS: Kinds = {
    service.DEAD_LINK: Readers(Audience.STAFF, lambda _session, _subject: "A link in the library")
}
