"""What can be done with feeds and calendars: follow one, take in what it shows, decide about many at once, stop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput
from copbot.fetch.rules import NotFetched, target
from copbot.imports.files.rules import event_fields
from copbot.imports.readers.values import EventCalendar, Feed
from copbot.imports.sources import rules, tables
from copbot.imports.sources.rules import Decision, Source, SourceKind, next_look
from copbot.imports.sources.tables import SourceRow
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library import intake
from copbot.resources.library import service as library
from copbot.resources.library.rules import external_key
from copbot.resources.library.values import Identity, IncomingResource, ResourceFields
from copbot.store import Page, Session, find_row, hold, journal, need_row

if TYPE_CHECKING:
    from copbot.fetch.web import Fetched

POLL = "imports.poll"
HELD = "imports.held"
PAGE = 10
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
    try:
        url = target(url).url
    except NotFetched as error:
        raise InvalidInput.at("url", error.words) from None
    key = external_key(url)
    if find_row(session, SourceRow, key=key) is not None:
        words = "This address is followed already."
        raise AlreadyFollowed(words, {"url": words})
    row = SourceRow(
        kind=kind, key=key, url=url, title=title[:200], topics=list(topics), areas=list(areas), publish=publish,
        added_by=by, added_at=now, next_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
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


def decide(session: Session, uid: str, decision: Decision, *, by: str, now: datetime) -> None:
    """Take in the entries that were held, or leave them out; either is done at the next reading, which is due now."""
    row = _row(session, uid)
    if not row.held:
        raise Conflict("Somebody has already decided about these entries.")
    row.decision, row.held, row.next_at, row.etag, row.last_modified = decision, 0, now, "", ""
    delivery.refresh(session, f"source:{uid}", now=now)
    journal.record(session, at=now, actor=by, entrance="imports", subject=f"source:{uid}", why=decision)


def find(session: Session, uid: str) -> Source:
    """The source. Raises `NotFound` once it is no longer followed."""
    return _value(_found(session, uid))


def listed(session: Session, after: int = 0) -> Page[Source]:
    """All sources, ten at a time."""
    rows = tables.page(session, after, PAGE + 1)
    shown = tuple(map(_value, rows[:PAGE]))
    return Page(shown, shown[-1].id if len(rows) > PAGE else None)


def due(session: Session, *, now: datetime, most: int = 50) -> tuple[Source, ...]:
    """The sources to look at now."""
    return tuple(map(_value, tables.due(session, now, most)))


def planned(session: Session, source: Source, feed: Feed) -> tuple[rules.FeedPlan, list[IncomingResource]]:
    """What is to be done with a feed's entries, and the rows to put for it."""
    row = _found(session, source.uid)
    known = tables.marks(session, row.id)
    plan = rules.plan(feed.entries, known, first=row.read_at is None, decision=row.decision)
    kept: dict[str, Any] = {"topics": source.topics, "areas": source.areas, "source": row.title or feed.title}
    incoming = []
    for entry in plan.take:
        kind, text = ("link", entry.summary) if entry.url else ("answer", entry.summary or entry.title)
        said = ResourceFields(kind=kind, title=entry.title, summary=text, url=entry.url, **kept)
        name = Identity(row.kind, row.key, entry.guid or entry.url or entry.title)
        incoming.append(IncomingResource(said, name))
    return plan, incoming


def see(session: Session, source: Source, feed: Feed, plan: rules.FeedPlan, *, now: datetime) -> None:
    """A feed's entries are known from here on; somebody is asked about those that are too many to take unasked."""
    row = _row(session, source.uid)
    tables.see(session, row.id, plan.marks, tables.marks(session, row.id), now)
    asks = plan.held > 0 and row.held == 0
    row.title, row.held = row.title or feed.title, plan.held
    if row.decision == plan.decision:  # not one that was made meanwhile
        row.decision = ""
    if asks:
        _ask(session, row, now)


def happening(
    session: Session, source: Source, calendar: EventCalendar, profile: Profile
) -> list[IncomingResource]:
    """A calendar's events as rows to put."""
    row, zone = _found(session, source.uid), ZoneInfo(profile.time_zone)
    kept: dict[str, Any] = {"source": row.title or calendar.title, "topics": row.topics, "areas": row.areas}
    return [
        IncomingResource(
            event_fields(one, zone, **kept),
            Identity(row.kind, row.key, f"{one.uid}|{one.starts.isoformat()}"),
        )
        for one in calendar.happenings
    ]


def retire_missing(session: Session, source: Source, named: Collection[str], *, now: datetime) -> None:
    """Coming events that a calendar no longer names are retired."""
    row = _row(session, source.uid)
    gone = intake.coming_from(session, row.kind, row.key, but=named, now=now)
    library.retire(session, gone, by=BY, now=now, why=NO_LONGER_THERE)


def put(
    session: Session, source: Source, incoming: Sequence[IncomingResource], *, now: datetime, profile: Profile
) -> int:
    """Take in a few rows of a source; how many are new. Those it has brought before change nothing."""
    row = _row(session, source.uid)
    outcomes = intake.put_many(session, incoming, by=BY, now=now, profile=profile, publish=row.publish)
    return sum(outcome.effect == "created" for outcome in outcomes)


def read(session: Session, uid: str, got: Fetched | None, *, now: datetime, trouble: str = "") -> None:
    """It was read, or nothing has changed (`got` None). `trouble` names what in it could not be taken."""
    row = _row(session, uid)
    if got is not None:
        row.etag, row.last_modified, row.url = got.etag, got.last_modified, got.moved_to or row.url
    row.failures, row.trouble, row.read_at, row.next_at = 0, trouble[:300], now, next_look(row.kind, now, 0)


def failed(session: Session, uid: str, words: str, *, now: datetime, retry_after: str = "") -> None:
    """It could not be read; it is looked at again the later, the more often this has happened."""
    row = _row(session, uid)
    row.failures += 1
    row.trouble = words[:300]
    row.next_at = next_look(row.kind, now, row.failures, retry_after)


def _ask(session: Session, row: SourceRow, now: datetime) -> None:
    """Whoever follows it decides about many new entries; the leads, when that person is no longer staff."""
    staff = {each.user for each in people.staff_list(session)}
    asked = [row.added_by] if row.added_by in staff else [each.user for each in people.leads(session)]
    for user in asked:
        key = f"{HELD}:{row.uid}:{user}:{now.isoformat()}"
        delivery.say(session, HELD, f"source:{row.uid}", to=user, key=key, now=now, unasked=True)


def _found(session: Session, uid: str) -> SourceRow:
    return need_row(session, SourceRow, "This feed or calendar is no longer followed.", uid=uid)


def _row(session: Session, uid: str) -> SourceRow:
    return hold(session, SourceRow, _found(session, uid).id)


def _value(row: SourceRow) -> Source:
    said = {name: getattr(row, name) for name in Source.__dataclass_fields__}
    return Source(**{**said, "topics": tuple(row.topics), "areas": tuple(row.areas)})
