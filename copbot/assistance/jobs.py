"""Errands: announce what was held, and close what has stayed done and quiet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copbot.assistance import service
from copbot.assistance.asking import announce_held
from copbot.errands.work import Errand, Work
from copbot.people import service as people
from copbot.people.jobs import STAFF_REREAD

ANNOUNCE, CLOSE_QUIET = "assistance.announce", "assistance.close_quiet"


def announce(work: Work) -> dict[str, Any]:
    """Notices for open requests that have none in the staff channel."""
    said = 0
    while True:
        with work.store.writing() as session:
            channel = people.notice_channel(session)
            count = announce_held(session, channel=channel, now=work.clock.now()) if channel else 0
        said += count
        work.progress(said, said + bool(count))
        if not count:
            return {"said": said, "held": channel is None}


def close_quiet(work: Work) -> dict[str, Any]:
    """Requests done for fourteen days without a word are closed as completed."""
    closed = 0
    while True:
        with work.store.writing() as session:
            count = service.close_quiet(session, now=work.clock.now())
        closed += count
        work.progress(closed, closed + bool(count))
        if not count:
            return {"closed": closed}


ERRANDS = (
    Errand(ANNOUNCE, announce, every=timedelta(minutes=10), after=STAFF_REREAD),
    Errand(CLOSE_QUIET, close_quiet, every=timedelta(hours=6)),
)
