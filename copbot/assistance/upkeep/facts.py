"""Values for messages about who left, and what a message is about in staff's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from copbot.assistance import rules, tables
from copbot.assistance.upkeep import tables as queries
from copbot.assistance.views.facts import RequestSummary, lines_of
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.store import Session


def released(session: Session, subject: Subject, now: datetime) -> tuple[str, tuple[RequestSummary, ...]]:
    """The name of somebody who left the staff, and the requests that went back to unassigned then."""
    at = datetime.fromisoformat(subject.detail)
    ids = queries.requests_of_events(session, "release", subject.number, at)
    found = tables.listed(session, (tables.is_one_of(ids),), newest=False, most=len(ids) or 1)
    return people.person_of(session, subject.number).name, lines_of(session, found, now)


def names(session: Session, subjects: Iterable[str]) -> Mapping[str, str]:
    """What staff call the request that a message is about: `TA-1042, Kim`. Other subjects are left out."""
    found: dict[str, str] = {}
    for about in subjects:
        ident = _request_of(session, Subject(about))
        request = tables.around(session, ident) if ident else None
        if request is not None:
            found[about] = f"{rules.label(request.request.id)}, {request.requester.name}"
    return found


def _request_of(session: Session, about: Subject) -> int:
    """The request that a message is about; 0 where it is about none."""
    if about.kind != "event":
        return about.number if about.kind == "request" else 0
    event = tables.event_around(session, about.number)
    return event.event.request_id if event is not None else 0
