"""The second look: what one of staff wrote for everybody goes out once somebody else has read it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from copbot.errors import NotAllowed

ENOUGH = 3
"""With fewer staff than this there may be nobody else to ask."""
HOLD = timedelta(minutes=10)


def second_look(*, author: str, approver: str, staff: int, now: datetime) -> datetime:
    """From when something may go out that one of so many staff approves.

    Somebody else's approval counts at once. Nobody approves what they wrote; only where there are fewer than three
    staff do they, and then it waits ten minutes. Raises `NotAllowed`.
    """
    if author != approver:
        return now
    if staff >= ENOUGH:
        raise NotAllowed("You wrote this, so somebody else has to approve it.")
    return now + HOLD
