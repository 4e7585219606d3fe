"""Who may read messages about what was written in a confidential request."""

from __future__ import annotations

from copbot.assistance.workflow import participants
from copbot.conversations.tables import ConversationEntryRow
from copbot.delivery.subject import Subject
from copbot.store import Session


def closed_to(session: Session, subject: Subject) -> frozenset[str] | None:
    """The only users and channels that may read a message about this; None for what is not confidential."""
    if subject.kind == "said":
        entry = session.get(ConversationEntryRow, subject.number)
        if entry is None:
            return None
        subject = Subject(f"request:{entry.request_id}")
    return participants.closed_to(session, subject)
