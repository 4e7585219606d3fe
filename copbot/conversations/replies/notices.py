"""Messages of a reply: to the requester, and in staff's thread."""

from __future__ import annotations

from copbot.assistance import rules as requests
from copbot.assistance.views import facts
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.workflow.service import REMOVED
from copbot.conversations.replies import screens, service, tables
from copbot.conversations.replies.rules import StaffReply
from copbot.conversations.rules import OPEN
from copbot.conversations.rules import subject as about
from copbot.conversations.tables import ConversationEntryRow
from copbot.delivery import service as delivery
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

GONE = Nothing("the reply was undone")


def reply(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    said = _said(session, subject, look)
    if said is None or (said[2].text == REMOVED and not look.posted):
        return GONE
    entry, found, written = said
    wrote, text = _last_words(session, found, entry, look.to)
    return screens.reply(found, written, wrote, text)


def sent(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    said = _said(session, subject, look)
    if said is None:
        return GONE
    entry, found, written = said
    if written.text == REMOVED and delivery.posted(session, service.TO_REQUESTER, about(entry.id)) is None:
        return GONE  # it never went out
    return screens.sent(written, found.requester.name, look.profile, is_out=written.is_out(look.now))


def _said(
    session: Session, subject: Subject, look: Look
) -> tuple[ConversationEntryRow, RequestFacts, StaffReply] | None:
    entry = session.get(ConversationEntryRow, subject.number)
    found = facts.notice(session, entry.request_id, look.now) if entry else None
    if entry is None or found is None or entry.state != OPEN:
        return None
    by = people.person_of(session, entry.person_id).name
    return entry, found, StaffReply(entry.uid, by, entry.text, entry.at)


def _last_words(
    session: Session, found: RequestFacts, entry: ConversationEntryRow, to: str
) -> tuple[str, str]:
    """Who of the requester's side wrote last before the reply, as the reader knows them, and what."""
    written = [(found.asked_at, found.requester.id, found.need)]
    written += [(each.at, each.by.id, each.why) for each in found.additions if each.by and each.at < entry.at]
    last = tables.last_words(session, entry.request_id, entry.id)
    written += [(last.at, last.person_id, last.text)] if last is not None else []
    _, writer, text = max(written)
    name = "You" if writer == found.reader_id(to) else people.person_of(session, writer).name
    return name, text


def _label(session: Session, subject: Subject) -> str:
    entry = session.get(ConversationEntryRow, subject.number)
    return "" if entry is None else requests.label(entry.request_id)


NOTICES: Notices = {service.TO_REQUESTER: reply, service.TO_STAFF: sent}
READERS: Kinds = {service.TO_REQUESTER: ANYBODY, service.TO_STAFF: Readers(Audience.STAFF, _label)}
