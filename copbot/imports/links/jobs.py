"""Job: look whether addresses lead somewhere, at most one a second at one host."""

from __future__ import annotations

import time
from typing import Any

from copbot.fetch.rules import NotFetched, target
from copbot.imports.links import service
from copbot.imports.links.rules import Result, result_of
from copbot.jobs.work import Job, Work

CHECK, ASK = "imports.links", "imports.dead_links"
AT_ONCE = 200
"""Links of one run, so that a night is enough for a large library and no run is endless."""
_PACE = 1.0
"""Seconds between two requests to one host."""


def check(work: Work) -> dict[str, Any]:
    """Look at the links that are due, hosts in turn."""
    with work.store.writing() as session:
        service.enlist(session, now=work.clock.now())
    with work.store.reading() as session:
        due = service.due(session, now=work.clock.now(), most=AT_ONCE)
    counts = {"ok": 0, "not_checked": 0, "missing": 0}
    last: dict[str, float] = {}
    for number, (resource_id, host, url) in enumerate(due):
        time.sleep(max(0.0, last.get(host, -_PACE) + _PACE - time.monotonic()))
        result = look(work, url)
        last[host] = time.monotonic()
        counts[result] += 1
        with work.store.writing() as session:
            service.found(session, resource_id, result, now=work.clock.now())
        work.progress(number + 1, len(due))
    return counts


def ask(work: Work) -> dict[str, Any]:
    """Ask the owners of links that are dead: in the morning, not while links are looked at."""
    with work.store.writing() as session:
        return {"asked": service.ask_owners(session, now=work.clock.now())}


def look(work: Work, url: str) -> Result:
    """What one request says of an address. An address that the guard refuses is not checked, never dead."""
    from copbot.fetch.web import Web

    web = Web(work.wiring.fetch_allow if work.wiring else ())
    try:
        return result_of(web.fetch(target(url).url, body=False).status)
    except NotFetched as error:
        return result_of(code=error.code)


JOBS = (Job(CHECK, check, at="03:00", slow=True), Job(ASK, ask, at="08:00"))
