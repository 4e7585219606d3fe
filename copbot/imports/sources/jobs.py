"""Job: look at the feeds and calendars that are due, politely and one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from copbot.fetch.rules import NotFetched
from copbot.imports.files.jobs import BATCH
from copbot.imports.readers.values import Unreadable
from copbot.imports.sources import service
from copbot.imports.sources.service import POLL
from copbot.imports.sources.values import Source, Taken
from copbot.jobs.work import Job, Work
from copbot.resources.library.values import IncomingResource

if TYPE_CHECKING:
    from copbot.fetch.web import Fetched

_ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "calendar": "text/calendar, */*;q=0.5",
}


def poll(work: Work) -> dict[str, Any]:
    """Every source that is due. One that cannot be read is looked at later and holds up no other."""
    with work.store.reading() as session:
        sources = service.due(session, now=work.clock.now())
    counts = {"looked_at": 0, "created": 0, "failed": 0}
    for number, source in enumerate(sources):
        taken = look(work, source)
        counts["looked_at"] += 1
        counts["failed"] += taken is None
        counts["created"] += taken.created if taken else 0
        work.progress(number + 1, len(sources))
    return counts


def look(work: Work, source: Source) -> Taken | None:
    """Look at one source; what it brought, None when it could not be read."""
    try:
        got = _fetched(work, source)
        if got.status == 304:
            with work.store.writing() as session:
                service.unchanged(session, source.uid, now=work.clock.now())
            return Taken()
        if got.status != 200:
            _failed(work, source, _words(got.status), got.retry_after)
            return None
        return _take(work, source, got)
    except (NotFetched, Unreadable) as error:
        _failed(work, source, error.words)
        return None


def _fetched(work: Work, source: Source) -> Fetched:
    from copbot.fetch.web import Web

    web = Web(work.wiring.fetch_allow if work.wiring else ())
    return web.fetch(
        source.url, accept=_ACCEPT[source.kind], etag=source.etag, last_modified=source.last_modified
    )


def _take(work: Work, source: Source, got: Fetched) -> Taken:
    """A few rows a transaction. Cut off between two, the next reading puts the same rows again, which changes nothing."""
    from copbot.imports.readers import bounded

    now = work.clock.now()
    if source.kind == "calendar":
        calendar = bounded.read_calendar(got.body, now=now, zone=work.profile.time_zone)
        with work.store.reading() as session:
            incoming = service.happening(session, source, calendar, work.profile)
        taken = _put(work, source, incoming)
        with work.store.writing() as session:
            if not calendar.problems:
                names = {each.identity.external_id for each in incoming if each.identity}
                taken += service.retire_missing(session, source, names, now=now)
            trouble = " ".join(calendar.problems[:3])
            service.read(session, source.uid, now=now, trouble=trouble, **_next_time(got))
        return taken
    feed = bounded.read_feed(got.body, url=got.url, content_type=got.content_type)
    with work.store.reading() as session:
        plan, incoming = service.planned(session, source, feed)
    taken = _put(work, source, incoming)
    with work.store.writing() as session:
        taken += service.see(session, source, feed, plan, now=now)
        service.read(session, source.uid, now=now, **_next_time(got))
    return taken


def _put(work: Work, source: Source, incoming: Sequence[IncomingResource]) -> Taken:
    taken = Taken()
    for start in range(0, len(incoming), BATCH):
        with work.store.writing() as session:
            some, now = incoming[start : start + BATCH], work.clock.now()
            taken += service.put(session, source, some, now=now, profile=work.profile)
    return taken


def _next_time(got: Fetched) -> Mapping[str, str]:
    return {"etag": got.etag, "last_modified": got.last_modified, "moved_to": got.moved_to}


def _failed(work: Work, source: Source, words: str, retry_after: str = "") -> None:
    with work.store.writing() as session:
        service.failed(session, source.uid, words, now=work.clock.now(), retry_after=retry_after)


def _words(status: int) -> str:
    if status in (404, 410):
        return "There is nothing at this address anymore."
    if status in (401, 403):
        return "The site does not let us read this address."
    return f"The site answered with an error ({status})."


JOBS = (Job(POLL, poll, every=timedelta(minutes=10), slow=True),)
