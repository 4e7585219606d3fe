"""The room's messages: load what a message is about, hand it to its screen."""

from __future__ import annotations

from copbot.assistance import rules as states
from copbot.assistance.clocks.rules import is_soon_after
from copbot.assistance.tables import RequestRow, around, last_event, topics_of
from copbot.assistance.views import facts
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.views.staff_screens import pressed
from copbot.assistance.workflow.service import REMOVED
from copbot.conversations import copies, relay, replies, screens, tables
from copbot.conversations.rules import CLOCKS_DIFFER, DELETED, HELD, OPEN, POINTER, StaffReply
from copbot.conversations.rules import subject as about
from copbot.conversations.screens import SaidText
from copbot.conversations.tables import Entry
from copbot.delivery import service as delivery
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def relayed(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    group = [each for each in tables.group(session, subject.number) if each.state in (OPEN, POINTER)]
    # Files of which nobody has said yet what is in them, and no words, are nothing to show.
    shown = [each for each in group if each.text or each.files or each.state == POINTER]
    found = around(session, shown[0].request_id) if shown else None
    if found is None:
        return Nothing("nothing to show")
    author = people.person_of(session, shown[0].person_id)
    owner = people.person_of(session, found.owner.id) if found.owner else None
    mentioned = owner.user if owner and owner.is_staff and owner.id != author.id else ""
    said = [SaidText(each.text, bool(each.source_version), each.files) for each in shown]
    label, value = states.label(found.request.id), pressed(found.request.uid, found.request.version)
    return screens.copy(label, value, said, author=author, owner=mentioned)


def held(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    entry = session.get(Entry, subject.number)
    if entry is not None and entry.state == HELD:
        return screens.held(entry.uid)
    is_pointer = entry is not None and entry.state == POINTER
    return screens.pointed() if is_pointer else Nothing("passed on")


def files(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    entry = session.get(Entry, subject.number)
    if entry is None or entry.files or entry.state == DELETED:
        return Nothing("said")
    return screens.ask_files(entry.uid)


def failed(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    request = tables.request_of_entry(session, subject.number)
    if request is None or delivery.posted(session, copies.RELAYED, subject) is not None:
        return Nothing("arrived")
    return screens.failed(states.label(request), look.profile)


def which(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    channel, ts, ended = (*subject.detail.split(":"), "")[:3]
    entry = tables.at_place(session, channel, ts)
    if entry is not None:
        again = last_event(session, entry.request_id, "reopen")
        since = entry.at - CLOCKS_DIFFER
        is_reopened = again is not None and again.person_id == subject.number and again.at > since
        chosen = screens.chosen(states.label(entry.request_id), is_reopened=is_reopened)
        return Nothing("deleted") if entry.state == DELETED else chosen
    last = session.get(RequestRow, int(ended)) if ended else None
    is_soon = last is not None and is_soon_after(last.closed_at, look.now)
    found = [] if ended else tables.open_ids(session, subject.number)
    ids = [last.id] if last is not None and is_soon else found[: relay.MOST_CHOICES]
    topics, label = topics_of(session, ids), look.profile.topic_label
    rows = (session.get_one(RequestRow, each) for each in ids)
    choices = [
        (
            row.id,
            row.uid,
            ", ".join(map(label, topics.get(row.id, ()))),
            row.state == states.WAITING_REQUESTER,
        )
        for row in rows
    ]
    return screens.ask_which(choices, channel, ts, reopens=is_soon)


def _label(session: Session, subject: Subject) -> str:
    request = tables.request_of_entry(session, subject.number)
    return "" if request is None else states.label(request)


# -- replies

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
    if written.text == REMOVED and delivery.posted(session, replies.TO_REQUESTER, about(entry.id)) is None:
        return GONE  # it never went out
    return screens.sent(written, found.requester.name, look.profile, is_out=written.is_out(look.now))


def _said(session: Session, subject: Subject, look: Look) -> tuple[Entry, RequestFacts, StaffReply] | None:
    entry = session.get(Entry, subject.number)
    found = facts.notice(session, entry.request_id, look.now) if entry else None
    if entry is None or found is None or entry.state != OPEN:
        return None
    return entry, found, replies.value(session, entry)


def _last_words(session: Session, found: RequestFacts, entry: Entry, to: str) -> tuple[str, str]:
    """Who of the requester's side wrote last before the reply, as the reader knows them, and what."""
    written = [(found.asked_at, found.requester.id, found.need)]
    written += [(each.at, each.by.id, each.why) for each in found.additions if each.by and each.at < entry.at]
    last = tables.last_words(session, entry.request_id, entry.id)
    written += [(last.at, last.person_id, last.text)] if last is not None else []
    _, writer, text = max(written)
    name = "You" if writer == found.reader_id(to) else people.person_of(session, writer).name
    return name, text


NOTICES: Notices = {
    copies.RELAYED: relayed,
    copies.FAILED: failed,
    relay.HELD_BACK: held,
    relay.FILES: files,
    relay.WHICH: which,
    replies.TO_REQUESTER: reply,
    replies.TO_STAFF: sent,
}
READERS: Kinds = {
    **dict.fromkeys(NOTICES, ANYBODY),
    **dict.fromkeys((copies.RELAYED, replies.TO_STAFF), Readers(Audience.STAFF, _label)),
}
