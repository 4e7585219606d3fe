"""Values for messages about clocks: which requests they list."""

from __future__ import annotations

from datetime import datetime

from copbot.assistance import tables
from copbot.assistance.reminders import tables as queries
from copbot.assistance.reminders.service import LATE, STILL_LATE
from copbot.assistance.views.facts import RequestSummary, lines_of
from copbot.delivery.subject import Subject
from copbot.store import Session

Lists = dict[str, tuple[RequestSummary, ...]]


def late(session: Session, subject: Subject, now: datetime) -> Lists:
    """What had run out at the subject's moment, by event: all of it, or what one person had."""
    whom = None if subject.ident == "all" else subject.number
    return _lists(session, (STILL_LATE, *(each.verb for each in LATE)), subject, whom, now)


def today(session: Session, subject: Subject, now: datetime) -> tuple[RequestSummary, ...]:
    """What fell due on the subject's day for the person it names."""
    return _lists(session, ("due_today",), subject, subject.number, now).get("due_today", ())


def _lists(
    session: Session, verbs: tuple[str, ...], subject: Subject, whom: int | None, now: datetime
) -> Lists:
    told = queries.told_at(session, verbs, datetime.fromisoformat(subject.detail), whom)
    found = {verb: told[verb] for verb in verbs if verb in told}
    return {verb: lines_of(session, _listed(session, ids), now) for verb, ids in found.items()}


def _listed(session: Session, ids: list[int]) -> list[tables.RequestWithPeople]:
    return tables.listed(session, (tables.is_one_of(ids),), newest=False, most=len(ids))
