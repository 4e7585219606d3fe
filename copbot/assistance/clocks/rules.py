"""The clocks of a request in business time: started, paused, restarted; who is warned and reminded when."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from copbot.assistance.rules import REOPEN_WITHIN
from copbot.program.calendar.hours import (
    BusinessHours,
    add_business_days,
    add_business_hours,
    business_minutes_between,
)
from copbot.program.deadlines import delivery_due, first_reply_due, triage_due

if TYPE_CHECKING:
    from copbot.program.profile import Profile

NUDGES = (3, 8)
NO_ANSWER = 15
"""Business days after a question: when the requester is reminded of it, and when the request is closed."""
BETWEEN_NUDGE_AND_END = 3
"""Business days that a reminder leaves at least: whoever was reminded late is not closed at once."""
WARN_BEFORE, RING_AGAIN_AFTER = 60, 60
"""Business minutes around the time an urgent request is due."""
STALE = timedelta(days=14)
"""What has been late for longer is no news: it is written down and told to nobody."""


@dataclass(frozen=True)
class RequestClocks:
    """When each clock runs out, in UTC; None for one that an older release did not start.

    `paused_at`: since when they stand still, because somebody outside the staff is waited for.
    """

    first_reply_due: datetime
    triage_due: datetime | None
    delivery_due: datetime | None
    paused_at: datetime | None = None


NAMES = tuple(each.name for each in fields(RequestClocks))


def clocks_of(row: Any) -> RequestClocks:
    return RequestClocks(**{name: getattr(row, name) for name in NAMES})


def started(profile: Profile, at: datetime, urgent: bool) -> RequestClocks:
    return RequestClocks(
        first_reply_due(profile, at, urgent), triage_due(profile, at), delivery_due(profile, at), None
    )


def resumed(clocks: RequestClocks, hours: BusinessHours, now: datetime) -> RequestClocks:
    """The pause ends: what had not run out when it began is due later by its business time, by today's hours."""
    since = clocks.paused_at
    if since is None:
        return clocks
    waited = business_minutes_between(hours, since, now) / 60

    def moved(due: datetime | None) -> datetime | None:
        return add_business_hours(hours, due, waited) if due is not None and due > since and waited else due

    first = moved(clocks.first_reply_due)
    assert first is not None
    return RequestClocks(first, moved(clocks.triage_due), moved(clocks.delivery_due), None)


def reopened(
    clocks: RequestClocks, profile: Profile, now: datetime, *, urgent: bool, answered: bool
) -> RequestClocks:
    """Delivery starts anew; so does the first reply, unless there has been one."""
    fresh = started(profile, now, urgent)
    first = clocks.first_reply_due if answered else fresh.first_reply_due
    return replace(clocks, first_reply_due=first, delivery_due=fresh.delivery_due, paused_at=None)


def warns(hours: BusinessHours, due: datetime, now: datetime) -> bool:
    """Whether the last business hour before the time has begun."""
    return now < due and business_minutes_between(hours, now, due) <= WARN_BEFORE


def rings_again(hours: BusinessHours, due: datetime, now: datetime) -> bool:
    return business_minutes_between(hours, due, now) >= RING_AGAIN_AFTER


def after_question(
    hours: BusinessHours, asked_at: datetime, nudged_at: datetime | None, now: datetime
) -> Literal["nudge", "no_answer"] | None:
    """What is due about a question without an answer. Two reminders that fell due at once are one."""
    if nudged_at is not None and now >= max(
        add_business_days(hours, asked_at, NO_ANSWER),
        add_business_days(hours, nudged_at, BETWEEN_NUDGE_AND_END),
    ):
        return "no_answer"
    passed = [at for days in NUDGES if (at := add_business_days(hours, asked_at, days)) <= now]
    if passed and (nudged_at is None or nudged_at < passed[-1]):
        return "nudge"
    return None


def is_soon_after(ended_at: datetime | None, now: datetime) -> bool:
    """Whether whoever asked may still reopen what ended then; False for what has not ended."""
    return ended_at is not None and now - ended_at <= REOPEN_WITHIN
