"""What this room plugs into the app."""

from __future__ import annotations

from copbot.assistance.workflow import participants
from copbot.conversations.jobs import JOBS
from copbot.conversations.listeners import ENTRANCES
from copbot.conversations.notices import NOTICES, READERS
from copbot.conversations.tables import Entry
from copbot.delivery.subject import Subject
from copbot.store import Session

__all__ = ["ENTRANCES", "JOBS", "NOTICES", "READERS", "closed_to"]


def closed_to(session: Session, subject: Subject) -> frozenset[str] | None:
    """The only users and channels that may read a message about this; None for what is not confidential."""
    if subject.kind == "said":
        entry = session.get(Entry, subject.number)
        if entry is None:
            return None
        subject = Subject(f"request:{entry.request_id}")
    return participants.closed_to(session, subject)
