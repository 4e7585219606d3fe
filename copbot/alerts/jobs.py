"""Jobs: messages for everybody an alert or a correction is for, in batches; and the end of alerts whose day is over."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from copbot.alerts import service, tables
from copbot.alerts.service import DigestReaders
from copbot.jobs.work import Job, Work
from copbot.people.upkeep.jobs import redraws_names
from copbot.program.settings.edits import effective

BATCH = 100
"""Messages of one transaction."""


def send(readers: DigestReaders, work: Work) -> dict[str, Any]:
    uid, number, now = str(work.args["alert"]), int(work.args["correction"]), work.clock.now()
    with work.store.reading() as session:
        places = service.targets(session, uid, number, readers, effective(session, work.profile))
    for start in range(0, len(places), BATCH):
        with work.store.writing() as session:
            service.say_to(session, uid, number, places[start : start + BATCH], now=now)
        work.progress(min(start + BATCH, len(places)), len(places))
    with work.store.writing() as session:
        service.update_copies(session, uid, now=now)
    return {"messages": len(places)}


def close(work: Work) -> dict[str, Any]:
    with work.store.writing() as session:
        return {"closed": service.close_ended(session, now=work.clock.now())}


def jobs(readers: DigestReaders) -> tuple[Job, ...]:
    return (
        Job(service.SEND, partial(send, readers)),
        Job("alerts.close", close, every=timedelta(minutes=10)),
        redraws_names("alerts.renamed", service.CARD, tables.naming),
    )
