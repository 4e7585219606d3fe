"""The whole conversation about a request: messages, questions and answers of both sides in their order."""

from __future__ import annotations

from datetime import datetime

from copbot.assistance.rules import TELL_AFTER
from copbot.assistance.views.facts import RequestFacts
from copbot.conversations.replies import tables
from copbot.conversations.replies.rules import Line
from copbot.conversations.rules import DELETED, HELD, OPEN, STAFF
from copbot.conversations.tables import ConversationEntryRow
from copbot.store import Session

_DID = {
    "ask": "asked",
    "answer": "answered",
    "add_words": "added",
    "reopen": "reopened it",
    "done": "marked it done",
    "close": "closed it",
}
_SLOW = ("done", "close")
"""What the requester hears a minute later, so that it can be undone unheard."""
_NOT_SHOWN = "This text isn't shown here because it may hold details of people who are served."


def lines(session: Session, facts: RequestFacts, now: datetime, *, staff: bool) -> list[Line]:
    """Oldest first; for the requester without what can still be undone unheard."""
    found = [(facts.asked_at, 0, Line(facts.asked_at, facts.requester.name, "asked for help", facts.need))]
    written = tables.all_of(session, facts.id)
    said = {(entry.person_id, entry.at) for entry, _ in written}
    for event in facts.events:
        is_new = event.verb in _SLOW and now < event.at + TELL_AFTER
        if event.verb not in _DID or not event.why or event.by is None or (is_new and not staff):
            continue
        if (event.by.id, event.at) not in said:  # an answer that was written in Slack is an entry as well
            found.append((event.at, 1, Line(event.at, event.by.name, _DID[event.verb], event.why)))
    found += [
        (entry.at, 2, _line(entry, name))
        for entry, name in written
        if entry.state not in (DELETED, HELD)
        and (staff or entry.side != STAFF or now >= entry.at + TELL_AFTER)
    ]
    return [line for _, _, line in sorted(found, key=lambda each: each[:2])]


def _line(entry: ConversationEntryRow, name: str) -> Line:
    did = "replied" if entry.side == STAFF else "wrote"
    is_shown = entry.state == OPEN
    return Line(entry.at, name, did, entry.text if is_shown else "", "" if is_shown else _NOT_SHOWN)
