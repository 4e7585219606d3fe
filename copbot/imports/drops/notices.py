"""The message about a dropped file."""

from __future__ import annotations

from copbot.delivery.readers import Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.imports.drops import screens, service
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def dropped(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    found = service.find(session, Subject(subject).ident)
    return screens.drop_message(found) if found is not None else Nothing("too old")


NOTICES: Notices = {service.DROP: dropped}
READERS: Kinds = {service.DROP: Readers(Audience.STAFF, lambda _session, _subject: "A file to import")}
