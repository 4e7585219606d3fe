"""The relay's messages: load what a message is about, hand it to its screen."""

from __future__ import annotations

from copbot.assistance import rules as states
from copbot.assistance.clocks.rules import is_soon_after
from copbot.assistance.tables import RequestRow, around, last_event, topics_of
from copbot.conversations.relay import copies, rules, screens, service, tables
from copbot.conversations.relay.screens import Copy, RequestChoice, SaidText
from copbot.conversations.relay.tables import Entry
from copbot.conversations.rules import DELETED, HELD, OPEN, POINTER
from copbot.delivery import service as delivery
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def relayed(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    group = tables.group(session, subject.number)
    shown = [each for each in group if each.state in (OPEN, POINTER) and _shows(each)]
    found = around(session, shown[0].request_id) if shown else None
    if found is None:
        return Nothing("nothing to show")
    author = people.person_of(session, shown[0].person_id)
    owner = people.person_of(session, found.owner.id) if found.owner else None
    mentioned = owner is not None and owner.is_staff and owner.id != author.id
    return screens.copy(
        Copy(
            label=states.label(found.request.id),
            uid=found.request.uid,
            version=found.request.version,
            author=author.name,
            owner=owner.user if owner is not None and mentioned else "",
            said=tuple(SaidText(each.text, bool(each.source_version), each.files) for each in shown),
        )
    )


def _shows(entry: Entry) -> bool:
    """Files of which nobody has said yet what is in them, and no words, are nothing to show."""
    return bool(entry.text or entry.files) or entry.state == POINTER


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
        since = entry.at - rules.CLOCKS_DIFFER
        is_reopened = again is not None and again.person_id == subject.number and again.at > since
        chosen = screens.chosen(states.label(entry.request_id), is_reopened=is_reopened)
        return Nothing("deleted") if entry.state == DELETED else chosen
    last = session.get(RequestRow, int(ended)) if ended else None
    is_soon = last is not None and is_soon_after(last.closed_at, look.now)
    found = [] if ended else tables.open_ids(session, subject.number)
    ids = [last.id] if last is not None and is_soon else found
    choices = _choices(session, ids[: service.MOST_CHOICES], look.profile)
    return screens.ask_which(choices, channel, ts, reopens=is_soon)


def _choices(session: Session, ids: list[int], profile: Profile) -> list[RequestChoice]:
    topics = topics_of(session, ids)
    rows = (session.get_one(RequestRow, each) for each in ids)
    return [
        RequestChoice(
            row.id, row.uid, states.label(row.id), ", ".join(map(profile.topic_label, topics.get(row.id, ())))
        )
        for row in rows
    ]


def _label(session: Session, subject: Subject) -> str:
    request = tables.request_of_entry(session, subject.number)
    return "" if request is None else states.label(request)


READERS: Kinds = {
    copies.RELAYED: Readers(Audience.STAFF, _label),
    service.HELD_BACK: ANYBODY,
    service.FILES: ANYBODY,
    service.WHICH: ANYBODY,
    copies.FAILED: ANYBODY,
}

NOTICES: Notices = {
    copies.RELAYED: relayed,
    service.HELD_BACK: held,
    service.FILES: files,
    service.WHICH: which,
    copies.FAILED: failed,
}
