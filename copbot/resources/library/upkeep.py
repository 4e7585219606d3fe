"""What has to be looked at again: services each quarter, events that are over."""

from __future__ import annotations

from datetime import date, datetime

from copbot.people import service as people
from copbot.resources.library import service, tables
from copbot.resources.library.values import Resource
from copbot.store import Session

SHOWN = 8
"""Services in one message: each takes two blocks, and a message holds fifty."""


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def subject_of(owner: str, quarter: date) -> str:
    return f"owner:{owner}:{quarter.isoformat()}"


def owners_to_ask(session: Session, quarter: date) -> list[str]:
    """Staff who look after a published service that nobody has reviewed since the quarter began."""
    staff = {each.user for each in people.staff_list(session)}
    return sorted(staff & tables.owners_of_unreviewed(session, quarter))


def unreviewed(session: Session, owner: str, quarter: date) -> tuple[tuple[Resource, ...], int]:
    """The first of an owner's services to confirm, and how many more there are."""
    rows = tables.unreviewed(session, owner, quarter)
    return tuple(service.value_of(row) for row in rows[:SHOWN]), max(0, len(rows) - SHOWN)


def retire_past(session: Session, *, before: datetime, now: datetime, most: int) -> int:
    """Retire published events that ended before this moment; how many."""
    uids = tables.past_events(session, before, most)
    return service.retire(session, uids, by="", now=now, why="It is over")
