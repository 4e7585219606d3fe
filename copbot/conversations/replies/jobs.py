"""Job: whoever has a request hears of replies that did not arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copbot.conversations.replies import service
from copbot.jobs.work import Job, Work


def tell(work: Work) -> dict[str, Any]:
    with work.store.writing() as session:
        return {"told": service.tell_undelivered(session, now=work.clock.now())}


JOBS = (Job("conversations.unreached", tell, every=timedelta(minutes=10)),)
