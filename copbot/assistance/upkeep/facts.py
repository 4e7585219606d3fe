"""Values for messages about who left, and what a message is about in staff's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from copbot.assistance import rules, tables
from copbot.assistance.upkeep import tables as queries
from copbot.assistance.views.facts import RequestSummary, lines_of
from copbot.assistance.workflow.participants import may_see
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Session


def released(
    session: Session, subject: Subject, now: datetime
) -> tuple[str, tuple[RequestSummary, ...], int]:
    """The name of somebody who left the staff, the requests that went back to unassigned then, and how many others.

    Of what is confidential only the number is said.
    """
    at = datetime.fromisoformat(subject.detail)
    ids = queries.requests_of_events(session, "release", subject.number, at)
    where = (tables.is_one_of(ids), tables.is_readable_by(0, is_lead=False))
    found = tables.listed(session, where, newest=False, most=len(ids) or 1)
    name = people.person_of(session, subject.number).name
    return name, lines_of(session, found, now), len(set(ids)) - len(found)


def names(session: Session, subjects: Iterable[str], *, person: Person) -> Mapping[str, str | None]:
    """What staff call the request that a message is about: `TA-1042, Kim`; None for one they may not see.

    Other subjects are left out.
    """
    found: dict[str, str | None] = {}
    for about in subjects:
        ident = _request_of(session, Subject(about))
        request = tables.around(session, ident) if ident else None
        if request is not None:
            named = f"{rules.label(request.request.id)}, {request.requester.name}"
            found[about] = named if may_see(session, request.request, person) else None
    return found


def _request_of(session: Session, about: Subject) -> int:
    """The request that a message is about; 0 where it is about none."""
    if about.kind != "event":
        return about.number if about.kind == "request" else 0
    event = tables.event_around(session, about.number)
    return event.event.request_id if event is not None else 0
