"""Messages of a reply: to the requester, and in staff's thread."""

from __future__ import annotations

from dataclasses import dataclass

from copbot.assistance import rules as requests
from copbot.assistance.views import facts
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.workflow.service import REMOVED
from copbot.conversations.replies import screens, service, tables
from copbot.conversations.replies.rules import StaffReply
from copbot.conversations.rules import OPEN
from copbot.conversations.tables import ConversationEntryRow
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

GONE = Nothing("the reply was undone")


@dataclass(frozen=True)
class _Said:
    facts: RequestFacts
    reply: StaffReply
    wrote: str
    """Who of the requester's side wrote last, as the reader reads it."""
    last: str


def _said(session: Session, subject: Subject, look: Look) -> _Said | None:
    entry = session.get(ConversationEntryRow, subject.number)
    if entry is None or entry.state != OPEN:
        return None
    found = facts.notice(session, entry.request_id, look.now)
    if found is None:
        return None
    by = people.person_of(session, entry.person_id).name
    written = [(found.asked_at, found.requester.id, found.need)]
    written += [(each.at, each.by.id, each.why) for each in found.additions if each.by and each.at < entry.at]
    last = tables.last_words(session, entry.request_id, entry.id)
    written += [(last.at, last.person_id, last.text)] if last is not None else []
    _, writer, text = max(written)
    is_own = writer == found.reader_id(look.to)
    wrote = "You" if is_own else people.person_of(session, writer).name
    return _Said(found, StaffReply(entry.uid, by, entry.text, entry.at), wrote, text)


def reply(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    said = _said(session, subject, look)
    if said is None or (said.reply.text == REMOVED and not look.posted):
        return GONE
    return screens.reply(said.facts, said.reply, said.wrote, said.last)


def sent(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    said = _said(session, subject, look)
    if said is None:
        return GONE
    is_out, name = said.reply.is_out(look.now), said.facts.requester.name
    return screens.sent(said.reply, name, look.profile, is_out=is_out)


def _label(session: Session, subject: Subject) -> str:
    entry = session.get(ConversationEntryRow, subject.number)
    return "" if entry is None else requests.label(entry.request_id)


NOTICES: Notices = {service.TO_REQUESTER: reply, service.TO_STAFF: sent}
READERS: Kinds = {service.TO_REQUESTER: ANYBODY, service.TO_STAFF: Readers(Audience.STAFF, _label)}
