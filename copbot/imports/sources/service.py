"""What can be done with feeds and calendars: follow one, take in what it shows, decide about many at once, stop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.fetch.rules import NotFetched, target
from copbot.imports.files.rules import event_fields
from copbot.imports.readers.values import Calendar, Entry, Feed
from copbot.imports.sources import rules, tables
from copbot.imports.sources.rules import Decision, SourceKind, next_look
from copbot.imports.sources.tables import SourceRow
from copbot.imports.sources.values import Source, Taken
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library import intake
from copbot.resources.library import service as library
from copbot.resources.library.rules import external_key
from copbot.resources.library.values import Identity, Incoming, ResourceFields
from copbot.store import Page, Session, hold, journal

POLL = "imports.poll"
HELD = "imports.held"
PAGE = 10
_GONE = "This feed or calendar is no longer followed."
BY = "feed"
"""In whose name what a source shows is published: nobody's."""
NO_LONGER_THERE = "no longer in its calendar"


class AlreadyFollowed(InvalidInput):
    """The address is followed already."""


def follow(
    session: Session,
    url: str,
    kind: SourceKind,
    *,
    title: str = "",
    topics: Sequence[str] = (),
    areas: Sequence[str] = (),
    publish: bool = False,
    by: str,
    now: datetime,
) -> Source:
    """Follow a feed or calendar from now on. Raises `InvalidInput`; `AlreadyFollowed` when it is."""
    url = _address(url)
    key = external_key(url)
    if tables.by_key(session, key) is not None:
        words = "This address is followed already."
        raise AlreadyFollowed(words, {"url": words})
    details = {"title": title[:200], "topics": list(topics), "areas": list(areas), "publish": publish}
    row = tables.add(
        session,
        {"kind": kind, "key": key, "url": url, **details, "added_by": by, "added_at": now, "next_at": now},
    )
    journal.record(session, at=now, actor=by, entrance="imports", subject=f"source:{row.uid}", why="followed")
    return _value(row)


def stop(session: Session, uid: str, *, by: str, now: datetime) -> Source:
    """Follow it no longer. What it brought stays in the library."""
    row = _row(session, uid)
    source = _value(row)
    tables.remove(session, row.id)
    delivery.refresh(session, f"source:{uid}", now=now)
    journal.record(session, at=now, actor=by, entrance="imports", subject=f"source:{uid}", why="stopped")
    return source


def decide(session: Session, uid: str, decision: Decision, *, by: str, now: datetime) -> Source:
    """Take in the entries that were held, or leave them out; either is done at the next reading, which is due now."""
    row = _row(session, uid)
    if not row.held:
        raise Conflict("Somebody has decided about these entries already.")
    row.decision, row.held, row.next_at, row.etag, row.last_modified = decision, 0, now, "", ""
    delivery.refresh(session, f"source:{uid}", now=now)
    journal.record(session, at=now, actor=by, entrance="imports", subject=f"source:{uid}", why=decision)
    return _value(row)


def find(session: Session, uid: str) -> Source:
    """The source. Raises `NotFound` once it is no longer followed."""
    row = tables.by_uid(session, uid)
    if row is None:
        raise NotFound(_GONE)
    return _value(row)


def listed(session: Session, after: int = 0) -> Page[Source]:
    """All sources, ten at a time."""
    rows = tables.page(session, after, PAGE + 1)
    shown = tuple(_value(row) for row in rows[:PAGE])
    return Page(shown, shown[-1].id if len(rows) > PAGE else None)


def counted(session: Session) -> tuple[int, int, int]:
    """How many are followed, how many of them wait for a decision, how many could not be read the last time."""
    return tables.counted(session)


def due(session: Session, *, now: datetime, most: int = 50) -> tuple[Source, ...]:
    """The sources to look at now."""
    return tuple(_value(row) for row in tables.due(session, now, most))


def take_feed(session: Session, source: Source, feed: Feed, *, now: datetime, profile: Profile) -> Taken:
    """Take in what is new in a feed."""
    row = _row(session, source.uid)
    known = tables.marks(session, row.id)
    decision = cast("Decision", row.decision)
    plan = rules.plan(feed.entries, known, first=row.read_at is None, decision=decision)
    tables.see(session, row.id, plan.marks, known, now)
    asks = plan.held > 0 and row.held == 0
    row.title, row.held, row.decision = row.title or feed.title, plan.held, ""
    incoming = [
        Incoming(_of_entry(entry, row), _name(row, entry.guid or entry.url or entry.title))
        for entry in plan.take
    ]
    if asks:
        _ask(session, row, now)
    return _take(session, row, incoming, Taken(held=plan.held, asks=asks), now=now, profile=profile)


def take_calendar(
    session: Session, source: Source, calendar: Calendar, *, now: datetime, profile: Profile
) -> Taken:
    """Take in a calendar's events; coming ones that it no longer names are retired."""
    row = _row(session, source.uid)
    zone = ZoneInfo(profile.time_zone)
    row.title = row.title or calendar.title
    kept: dict[str, Any] = {"source": row.title, "topics": row.topics, "areas": row.areas}
    incoming = [
        Incoming(event_fields(one, zone, **kept), _name(row, f"{one.uid}|{one.starts.isoformat()}"))
        for one in calendar.happenings
    ]
    gone: tuple[str, ...] = ()
    if not calendar.problems:
        names = {each.identity.external_id for each in incoming if each.identity}
        gone = intake.coming_from(session, row.kind, row.key, but=names, now=now)
    retired = library.retire(session, gone, by=BY, now=now, why=NO_LONGER_THERE)
    return _take(session, row, incoming, Taken(retired=retired), now=now, profile=profile)


def unchanged(session: Session, uid: str, *, now: datetime) -> None:
    """It was looked at, and nothing has changed."""
    _well(_row(session, uid), now)


def read(
    session: Session,
    uid: str,
    *,
    now: datetime,
    etag: str,
    last_modified: str,
    moved_to: str,
    trouble: str = "",
) -> None:
    """It was read; by what to ask for changes the next time. `trouble` names what in it could not be taken."""
    row = _row(session, uid)
    row.etag, row.last_modified, row.url = etag, last_modified, moved_to or row.url
    _well(row, now)
    row.trouble = trouble[:300]


def failed(session: Session, uid: str, words: str, *, now: datetime, retry_after: str = "") -> int:
    """It could not be read; how often in a row by now."""
    row = _row(session, uid)
    row.failures += 1
    row.trouble = words[:300]
    row.next_at = next_look(_kind(row), now, row.failures, retry_after)
    return row.failures


def _take(
    session: Session,
    row: SourceRow,
    incoming: Sequence[Incoming],
    taken: Taken,
    *,
    now: datetime,
    profile: Profile,
) -> Taken:
    outcomes = intake.put_many(session, incoming, by=BY, now=now, profile=profile, publish=row.publish)
    effects = [outcome.effect for outcome in outcomes]
    created, updated, refused = (effects.count(name) for name in ("created", "updated", "refused"))
    return Taken(created, updated, refused, taken.retired, taken.held, taken.asks)


def _ask(session: Session, row: SourceRow, now: datetime) -> None:
    """Whoever follows it decides about many new entries; the leads, when that person is no longer staff."""
    staff = {each.user for each in people.staff_list(session)}
    asked = [row.added_by] if row.added_by in staff else [each.user for each in people.leads(session)]
    for user in asked:
        key = f"{HELD}:{row.uid}:{user}:{now.isoformat()}"
        delivery.say(session, HELD, f"source:{row.uid}", to=user, key=key, now=now)


def _address(url: str) -> str:
    try:
        return target(url).url
    except NotFetched as error:
        raise InvalidInput(error.words, {"url": error.words}) from None


def _of_entry(entry: Entry, row: SourceRow) -> ResourceFields:
    return ResourceFields(
        kind="link" if entry.url else "answer",
        title=entry.title,
        summary=entry.summary or (entry.title if not entry.url else ""),
        url=entry.url,
        topics=tuple(row.topics),
        areas=tuple(row.areas),
        source=row.title,
    )


def _name(row: SourceRow, external_id: str) -> Identity:
    return Identity(_kind(row), row.key, external_id)


def _well(row: SourceRow, now: datetime) -> None:
    row.failures, row.trouble, row.read_at, row.next_at = 0, "", now, next_look(_kind(row), now, 0)


def _row(session: Session, uid: str) -> SourceRow:
    row = tables.by_uid(session, uid)
    if row is None:
        raise NotFound(_GONE)
    return hold(session, SourceRow, row.id)


def _kind(row: SourceRow) -> SourceKind:
    return "calendar" if row.kind == "calendar" else "feed"


def _value(row: SourceRow) -> Source:
    said = {name: getattr(row, name) for name in Source.__dataclass_fields__}
    return Source(**{**said, "topics": tuple(row.topics), "areas": tuple(row.areas)})
