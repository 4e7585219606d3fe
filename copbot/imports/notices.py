"""This room's messages: a feed that shows many new entries at once, a dead link, a dropped file, a file sent."""

from __future__ import annotations

from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.errors import NotFound
from copbot.imports.drops import screens as drop_screens
from copbot.imports.drops import service as drops
from copbot.imports.exports import service as exports
from copbot.imports.links import screens as link_screens
from copbot.imports.links import service as links
from copbot.imports.sources import screens as source_screens
from copbot.imports.sources import service as sources
from copbot.people import service as people
from copbot.resources.library import service as library
from copbot.slack.answers import FileMessage, Message, Nothing
from copbot.slack.text import counted
from copbot.store import Session


def held(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    try:
        return source_screens.held(sources.find(session, Subject(subject).ident))
    except NotFound:
        return Nothing("no longer followed")


def dead_link(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = library.find(session, Subject(subject).ident)
    if found is None:
        return Nothing("it is gone")
    since = links.missing_since(session, found.id)
    if not look.posted and (since is None or found.state != "published"):
        return Nothing("taken care of")
    return link_screens.dead_link(found, since)


def dropped(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    found = drops.find(session, Subject(subject).ident)
    return drop_screens.drop_message(found) if found is not None else Nothing("too old")


def library_file(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    person = people.identify(session, Subject(subject).ident)
    if person is None or not person.is_staff:
        return Nothing("no longer staff")
    content, count = exports.spreadsheet(session, look.profile)
    words = f"{counted(count, 'published resource')}. Edit the file and send it back here to change them."
    return FileMessage(words, name=f"resources-{look.profile.today(look.now)}.csv", content=content)


def _staff(name: str) -> Readers:
    return Readers(Audience.STAFF, lambda _session, _subject: name)


NOTICES: Notices = {
    sources.HELD: held,
    links.DEAD_LINK: dead_link,
    drops.DROP: dropped,
    exports.FILE: library_file,
}
READERS: Kinds = {
    sources.HELD: _staff("New entries of a feed"),
    links.DEAD_LINK: _staff("A link in the library"),
    drops.DROP: _staff("A file to import"),
    exports.FILE: ANYBODY,  # what every member can find, and only to who asked
}
