"""Keeping house: what no longer matters is forgotten after thirty days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copbot.delivery import service as delivery
from copbot.errands import service
from copbot.errands.work import Errand, Work
from copbot.slack import tables as claims


def tidy(work: Work) -> dict[str, Any]:
    """Ended errands, messages that ended and stand nowhere, and claims that Slack can no longer repeat."""
    now = work.clock.now()
    with work.store.writing() as session:
        ended = service.tidy(session, now=now)
        messages = delivery.tidy(session, now=now)
        claims.tidy(session, now)
    return {"errands": ended, "messages": messages}


ERRANDS = (Errand("errands.tidy", tidy, every=timedelta(days=1)),)
