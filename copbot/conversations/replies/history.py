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
    found = [Line(facts.asked_at, facts.requester.name, "asked for help", facts.need)]
    for event in facts.events:
        is_new = event.verb in _SLOW and now < event.at + TELL_AFTER
        if event.verb in _DID and event.why and event.by is not None and (staff or not is_new):
            found.append(Line(event.at, event.by.name, _DID[event.verb], event.why))
    written = tables.all_of(session, facts.id)
    entries = [_line(entry, name) for entry, name in written if entry.state not in (DELETED, HELD)]
    found += [line for line in entries if staff or line.at <= now]
    return sorted(found, key=lambda each: each.at)


def _line(entry: ConversationEntryRow, name: str) -> Line:
    """A reply of staff's stands where it went out."""
    did, at = ("replied", entry.at + TELL_AFTER) if entry.side == STAFF else ("wrote", entry.at)
    is_shown = entry.state == OPEN
    return Line(at, name, did, entry.text if is_shown else "", "" if is_shown else _NOT_SHOWN)
