"""Values for messages about clocks: which requests they list."""

from __future__ import annotations

from datetime import datetime

from copbot.assistance import tables
from copbot.assistance.reminders import tables as queries
from copbot.assistance.reminders.service import ALL, LATE, STAFF, STILL_LATE
from copbot.assistance.views.facts import RequestSummary, lines_of
from copbot.delivery.subject import Subject
from copbot.store import Session

Lists = dict[str, tuple[RequestSummary, ...]]


def late(session: Session, subject: Subject, now: datetime) -> Lists:
    """What had run out at the subject's moment, by event: all of it, or what one person had."""
    whom = None if subject.ident in (ALL, STAFF) else subject.number
    return _lists(session, (STILL_LATE, *(each.verb for each in LATE)), subject, whom, now)


def today(session: Session, subject: Subject, now: datetime) -> tuple[RequestSummary, ...]:
    """What fell due on the subject's day for the person it names."""
    return _lists(session, ("due_today",), subject, subject.number, now).get("due_today", ())


def _lists(
    session: Session, verbs: tuple[str, ...], subject: Subject, whom: int | None, now: datetime
) -> Lists:
    told = queries.told_at(session, verbs, datetime.fromisoformat(subject.detail), whom)
    found = {verb: told[verb] for verb in verbs if verb in told}
    theirs = tables.is_readable_by(whom or 0, is_lead=subject.ident == ALL)
    lists = {verb: _listed(session, ids, theirs) for verb, ids in found.items()}
    return {verb: lines_of(session, listed, now) for verb, listed in lists.items() if listed}


def _listed(session: Session, ids: list[int], theirs: tables.Where) -> list[tables.RequestWithPeople]:
    return tables.listed(session, (tables.is_one_of(ids), theirs), newest=False, most=len(ids))
