"""Keeping house: what no longer matters is forgotten after thirty days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copbot.errands import service
from copbot.errands.work import Errand, Work
from copbot.slack import tables as claims


def tidy(work: Work) -> dict[str, Any]:
    """Ended errands, and the claims of deliveries that Slack can no longer repeat."""
    with work.store.writing() as session:
        forgotten = service.tidy(session, now=work.clock.now())
        claims.tidy(session, work.clock.now())
    return {"errands": forgotten}


ERRANDS = (Errand("errands.tidy", tidy, every=timedelta(days=1)),)
