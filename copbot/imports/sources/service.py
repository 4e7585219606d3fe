"""What can be done with feeds and calendars: follow one, take in what it shows, decide about many at once, stop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.fetch.rules import NotFetched, target
from copbot.imports.files.rules import event_fields
from copbot.imports.readers.values import Entry, EventCalendar, Feed
from copbot.imports.sources import rules, tables
from copbot.imports.sources.rules import Decision, SourceKind, next_look
from copbot.imports.sources.tables import SourceRow
from copbot.imports.sources.values import Source, Taken
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library import intake
from copbot.resources.library import service as library
from copbot.resources.library.rules import external_key
from copbot.resources.library.values import Identity, IncomingResource, ResourceFields
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
        raise Conflict("Somebody has already decided about these entries.")
    row.decision, row.held, row.next_at, row.etag, row.last_modified = decision, 0, now, "", ""
    delivery.refresh(session, f"source:{uid}", now=now)
    journal.record(session, at=now, actor=by, entrance="imports", subject=f"source:{uid}", why=decision)
    return _value(row)


def find(session: Session, uid: str) -> Source:
    """The source. Raises `NotFound` once it is no longer followed."""
    return _value(_found(session, uid))


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


def planned(session: Session, source: Source, feed: Feed) -> tuple[rules.FeedPlan, list[IncomingResource]]:
    """What is to be done with a feed's entries, and the rows to put for it."""
    row = _found(session, source.uid)
    decision = cast("Decision", row.decision)
    known = tables.marks(session, row.id)
    plan = rules.plan(feed.entries, known, first=row.read_at is None, decision=decision)
    plan = replace(plan, decision=decision)
    title = row.title or feed.title
    return plan, [
        IncomingResource(_of_entry(entry, row, title), _name(row, entry.guid or entry.url or entry.title))
        for entry in plan.take
    ]


def see(session: Session, source: Source, feed: Feed, plan: rules.FeedPlan, *, now: datetime) -> Taken:
    """A feed's entries are known from here on; somebody is asked about those that are too many to take unasked."""
    row = _row(session, source.uid)
    tables.see(session, row.id, plan.marks, tables.marks(session, row.id), now)
    asks = plan.held > 0 and row.held == 0
    row.title, row.held = row.title or feed.title, plan.held
    if row.decision == plan.decision:  # not one that was made meanwhile
        row.decision = ""
    if asks:
        _ask(session, row, now)
    return Taken(held=plan.held, asks=asks)


def happening(
    session: Session, source: Source, calendar: EventCalendar, profile: Profile
) -> list[IncomingResource]:
    """A calendar's events as rows to put."""
    row = _found(session, source.uid)
    kept: dict[str, Any] = {"source": row.title or calendar.title, "topics": row.topics, "areas": row.areas}
    zone = ZoneInfo(profile.time_zone)
    return [
        IncomingResource(event_fields(one, zone, **kept), _name(row, f"{one.uid}|{one.starts.isoformat()}"))
        for one in calendar.happenings
    ]


def retire_missing(session: Session, source: Source, named: Collection[str], *, now: datetime) -> Taken:
    """Coming events that a calendar no longer names are retired."""
    row = _row(session, source.uid)
    gone = intake.coming_from(session, row.kind, row.key, but=named, now=now)
    return Taken(retired=library.retire(session, gone, by=BY, now=now, why=NO_LONGER_THERE))


def put(
    session: Session, source: Source, incoming: Sequence[IncomingResource], *, now: datetime, profile: Profile
) -> Taken:
    """Take in a few rows of a source; those it has brought before change nothing."""
    row = _row(session, source.uid)
    outcomes = intake.put_many(session, incoming, by=BY, now=now, profile=profile, publish=row.publish)
    effects = [outcome.effect for outcome in outcomes]
    return Taken(effects.count("created"), effects.count("updated"), effects.count("refused"))


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


def _ask(session: Session, row: SourceRow, now: datetime) -> None:
    """Whoever follows it decides about many new entries; the leads, when that person is no longer staff."""
    staff = {each.user for each in people.staff_list(session)}
    asked = [row.added_by] if row.added_by in staff else [each.user for each in people.leads(session)]
    for user in asked:
        key = f"{HELD}:{row.uid}:{user}:{now.isoformat()}"
        delivery.say(session, HELD, f"source:{row.uid}", to=user, key=key, now=now, unasked=True)


def _address(url: str) -> str:
    try:
        return target(url).url
    except NotFetched as error:
        raise InvalidInput(error.words, {"url": error.words}) from None


def _of_entry(entry: Entry, row: SourceRow, title: str) -> ResourceFields:
    return ResourceFields(
        kind="link" if entry.url else "answer",
        title=entry.title,
        summary=entry.summary or (entry.title if not entry.url else ""),
        url=entry.url,
        topics=tuple(row.topics),
        areas=tuple(row.areas),
        source=title,
    )


def _name(row: SourceRow, external_id: str) -> Identity:
    return Identity(_kind(row), row.key, external_id)


def _well(row: SourceRow, now: datetime) -> None:
    row.failures, row.trouble, row.read_at, row.next_at = 0, "", now, next_look(_kind(row), now, 0)


def _found(session: Session, uid: str) -> SourceRow:
    row = tables.by_uid(session, uid)
    if row is None:
        raise NotFound(_GONE)
    return row


def _row(session: Session, uid: str) -> SourceRow:
    return hold(session, SourceRow, _found(session, uid).id)


def _kind(row: SourceRow) -> SourceKind:
    return "calendar" if row.kind == "calendar" else "feed"


def _value(row: SourceRow) -> Source:
    said = {name: getattr(row, name) for name in Source.__dataclass_fields__}
    return Source(**{**said, "topics": tuple(row.topics), "areas": tuple(row.areas)})
