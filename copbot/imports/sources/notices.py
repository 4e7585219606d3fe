"""The message about a feed that shows many new entries at once."""

from __future__ import annotations

from copbot.delivery.readers import Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.errors import NotFound
from copbot.imports.sources import screens, service
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def held(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    try:
        return screens.held(service.find(session, Subject(subject).ident))
    except NotFound:
        return Nothing("no longer followed")


NOTICES: Notices = {service.HELD: held}
READERS: Kinds = {service.HELD: Readers(Audience.STAFF, lambda _session, _subject: "New entries of a feed")}
