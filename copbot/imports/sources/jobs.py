"""Job: look at the feeds and calendars that are due, politely and one after another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from copbot.fetch.rules import NotFetched
from copbot.imports.files.jobs import BATCH
from copbot.imports.readers.values import Unreadable
from copbot.imports.sources import service
from copbot.imports.sources.rules import Source
from copbot.imports.sources.service import POLL
from copbot.jobs.work import Job, Work
from copbot.resources.library.values import IncomingResource

if TYPE_CHECKING:
    from copbot.fetch.web import Fetched

_ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "calendar": "text/calendar, */*;q=0.5",
}
_WORDS = dict.fromkeys((404, 410), "There is nothing at this address anymore.") | dict.fromkeys(
    (401, 403), "The site does not let us read this address."
)


def poll(work: Work) -> dict[str, Any]:
    """Every source that is due. One that cannot be read is looked at later and holds up no other."""
    with work.store.reading() as session:
        sources = service.due(session, now=work.clock.now())
    counts = {"looked_at": 0, "created": 0, "failed": 0}
    for number, source in enumerate(sources, 1):
        created = _look(work, source)
        counts["looked_at"] += 1
        counts["failed"] += created is None
        counts["created"] += created or 0
        work.progress(number, len(sources))
    return counts


def _look(work: Work, source: Source) -> int | None:
    """Look at one source; how many resources it brought, None when it could not be read."""
    from copbot.fetch.web import Web

    web, retry_after = Web(work.wiring.fetch_allow if work.wiring else ()), ""
    try:
        got = web.fetch(
            source.url, accept=_ACCEPT[source.kind], etag=source.etag, last_modified=source.last_modified
        )
        if got.status == 304:
            with work.store.writing() as session:
                service.read(session, source.uid, None, now=work.clock.now())
            return 0
        if got.status == 200:
            return _take(work, source, got)
        words = _WORDS.get(got.status, f"The site answered with an error ({got.status}).")
        retry_after = got.retry_after
    except (NotFetched, Unreadable) as error:
        words = error.words
    with work.store.writing() as session:
        service.failed(session, source.uid, words, now=work.clock.now(), retry_after=retry_after)
    return None


def _take(work: Work, source: Source, got: Fetched) -> int:
    """A few rows a transaction. Cut off between two, the next reading puts the same rows again, which changes nothing."""
    from copbot.imports.readers import bounded

    now = work.clock.now()
    if source.kind == "calendar":
        calendar = bounded.read_calendar(got.body, now=now, zone=work.profile.time_zone)
        with work.store.reading() as session:
            incoming = service.happening(session, source, calendar, work.profile)
        created = _put(work, source, incoming)
        with work.store.writing() as session:
            if not calendar.problems:
                names = {each.identity.external_id for each in incoming if each.identity}
                service.retire_missing(session, source, names, now=now)
            service.read(session, source.uid, got, now=now, trouble=" ".join(calendar.problems[:3]))
        return created
    feed = bounded.read_feed(got.body, url=got.url, content_type=got.content_type)
    with work.store.reading() as session:
        plan, incoming = service.planned(session, source, feed)
    created = _put(work, source, incoming)
    with work.store.writing() as session:
        service.see(session, source, feed, plan, now=now)
        service.read(session, source.uid, got, now=now)
    return created


def _put(work: Work, source: Source, incoming: Sequence[IncomingResource]) -> int:
    created = 0
    for start in range(0, len(incoming), BATCH):
        with work.store.writing() as session:
            some, now = incoming[start : start + BATCH], work.clock.now()
            created += service.put(session, source, some, now=now, profile=work.profile)
    return created


JOBS = (Job(POLL, poll, every=timedelta(minutes=10), slow=True),)
