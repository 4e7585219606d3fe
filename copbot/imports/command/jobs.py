"""`bot.py import` for everything that becomes resources: files, packages, calendars, feeds and addresses.

It writes beside a running bot: batches are short, and the same command again goes on where it was cut off.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from copbot.errors import InvalidInput
from copbot.imports.command import screens, service
from copbot.imports.command.rules import HEAD, PROGRAM_FORMS, Form, form_of, is_address
from copbot.imports.command.screens import About, Told
from copbot.imports.files.jobs import DryRun, take_readings, take_spreadsheet, undo
from copbot.imports.files.rules import Reading
from copbot.imports.readers.values import Calendar, Happening, Unreadable
from copbot.imports.sources import service as sources
from copbot.imports.sources.rules import SourceKind
from copbot.program.profile import Profile
from copbot.program.settings.edits import effective
from copbot.resources.library.values import Identity, Incoming, ResourceFields
from copbot.store import Store

if TYPE_CHECKING:
    from copbot.fetch.rules import Network
    from copbot.fetch.web import Fetched

BY = "import"
LARGEST_TEXT = 5 * 1024 * 1024
"""Bytes of a calendar or a list of feeds."""
PAUSE = 0.02
"""Seconds between two batches: SQLite has no queue, so a bot that waits for the file needs gaps to get in."""
_EVERY = 2_000
_NO_FEED_FILE = "This is a feed’s file. Give the feed’s address instead, so that what is new in it comes too."


@dataclass(frozen=True)
class Import:
    """An import that somebody asked for. `say` prints a line while it runs."""

    store: Store
    profile: Profile
    now: Callable[[], datetime]
    say: Callable[[str], None]
    publish: bool = False
    dry_run: bool = False
    allowed: tuple[Network, ...] = ()

    @property
    def details(self) -> dict[str, Any]:
        """What every form of import is told."""
        return {
            "by": BY,
            "profile": self.profile,
            "now": self.now,
            "publish": self.publish,
            "dry_run": self.dry_run,
            "progress": self._progress,
            "pause": PAUSE,
        }

    def _progress(self, done: int, of: int) -> None:
        if done % _EVERY == 0 and done < of:
            self.say(f"{done:,} of {of:,} rows")


def prepared(store: Store, profile: Profile, **details: Any) -> Import:
    """An import with the program's words as leads have edited them."""
    with store.reading() as session:
        return Import(store, effective(session, profile), **details)


def form_at(path: Path) -> Form:
    """The form of a file or folder. Raises `InvalidInput` when it cannot be opened."""
    from copbot.imports.hsds import package

    if package.is_package(path):
        return Form.HSDS
    try:
        with path.open("rb") as file:
            return form_of(path.name, file.read(HEAD))
    except OSError:
        raise InvalidInput(f"{path} cannot be opened; nothing was taken.") from None


def run(doing: Import, told: str, form: Form | None, undoing: int | None) -> Told:
    """What the command does: undo an import, or take in a file or an address."""
    return take(doing, told, form) if undoing is None else take_back(doing, undoing)


def take(doing: Import, told: str, form: Form | None) -> Told:
    """Take in a file, or follow an address. Raises `InvalidInput` before anything is taken when it cannot be read."""
    from copbot.fetch.rules import NotFetched

    try:
        if is_address(told):
            return _take_address(doing, told, form)
        path = Path(told)
        return _take_file(doing, path, form or form_at(path))
    except Unreadable as error:
        raise InvalidInput(f"{error.words} Nothing was taken.") from None
    except NotFetched as error:
        raise InvalidInput(f"{told} was not read. {error.words}") from None


def take_back(doing: Import, ident: int) -> Told:
    return screens.undone(ident, undo(doing.store, ident, profile=doing.profile, now=doing.now))


def _take_file(doing: Import, path: Path, form: Form) -> Told:
    if form is Form.HSDS:
        return _take_package(doing, path)
    if form is Form.FEED:
        raise Unreadable(_NO_FEED_FILE)
    if form in PROGRAM_FORMS:
        return _take_program_file(doing, path, form)
    try:
        with path.open("rb") as file:
            if form is Form.RESOURCES:
                return _take_sheet(doing, file, path.name)
            body = file.read(LARGEST_TEXT + 1)
    except OSError:
        raise InvalidInput(f"{path} cannot be opened; nothing was taken.") from None
    if len(body) > LARGEST_TEXT:
        raise Unreadable(f"This file is larger than {LARGEST_TEXT // 1024**2} MB.")
    return _take_feeds(doing, body) if form is Form.FEEDS else _take_calendar(doing, body, path.name)


def _take_program_file(doing: Import, path: Path, form: Form) -> Told:
    """The list of communities, or the About pages, in one transaction."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput(f"{path} cannot be read as text in UTF-8; nothing was taken.") from None
    lines = [""]
    with suppress(DryRun), doing.store.writing() as session:
        lines = [service.take_program_file(session, form, str(path), text, doing.profile, now=doing.now())]
        if doing.dry_run:
            raise DryRun
    return Told((*lines, *(["This was a dry run: nothing was saved."] if doing.dry_run else [])))


def _take_sheet(doing: Import, file: Any, name: str) -> Told:
    done = take_spreadsheet(doing.store, file, name=name, **doing.details)
    about = About(name, "a spreadsheet", done.encoding, done.guessed, done.mapping, done.left)
    return screens.report(about, done.report, done.id, publish=doing.publish)


def _take_package(doing: Import, path: Path, name: str = "") -> Told:
    from copbot.imports.hsds.jobs import take_package

    done = take_package(doing.store, path, **doing.details)
    about = About(name or path.name, "an HSDS package", done.encoding, problems=done.problems)
    return screens.report(about, done.report, done.id, publish=doing.publish)


def _take_calendar(doing: Import, body: bytes, name: str) -> Told:
    """A calendar's file, once. Events that cannot be read are refused, the others taken."""
    from copbot.imports.readers import bounded

    calendar = bounded.read_calendar(body, now=doing.now(), zone=doing.profile.time_zone)
    readings = list(_events(calendar, ZoneInfo(doing.profile.time_zone)))
    ident, report = take_readings(
        doing.store, readings, of=len(readings), name=name, form="calendar", **doing.details
    )
    report.refused_count += len(calendar.problems)
    about = About(name, "a calendar, its events of the next twelve months", problems=calendar.problems)
    return screens.report(about, report, ident, publish=doing.publish)


def _events(calendar: Calendar, zone: ZoneInfo) -> Iterator[Reading]:
    for number, one in enumerate(calendar.happenings, 1):
        name = Identity("calendar", "file", f"{one.uid or one.title}|{one.starts.isoformat()}")
        yield Reading(number, Incoming(_event(one, calendar.title, zone), name))


def _event(one: Happening, source: str, zone: ZoneInfo) -> ResourceFields:
    starts, ends = (
        moment if moment is None or isinstance(moment, datetime) else datetime.combine(moment, time(), zone)
        for moment in (one.starts, one.ends)
    )
    return ResourceFields(
        kind="event",
        title=one.title,
        summary=one.summary,
        url=one.url,
        address=one.place,
        source=source,
        starts_at=starts,
        ends_at=ends,
        all_day=not isinstance(one.starts, datetime),
    )


def _take_feeds(doing: Import, body: bytes) -> Told:
    from copbot.imports.readers.feeds import addresses_of_opml

    return _follow(doing, [(url, "feed", title) for url, title in addresses_of_opml(body)])


def _follow(doing: Import, listed: Sequence[tuple[str, SourceKind, str]]) -> Told:
    """Follow each of these (address, kind, title), one transaction each."""
    new, known = list[str](), list[str]()
    for url, kind, title in listed:
        try:
            with suppress(DryRun), doing.store.writing() as session:
                sources.follow(session, url, kind, title=title, publish=doing.publish, by=BY, now=doing.now())
                if doing.dry_run:
                    raise DryRun
            new.append(f"{title} ({url})" if title else url)
        except sources.AlreadyFollowed:
            known.append(url)
    return screens.followed(new, known, dry_run=doing.dry_run)


def _take_address(doing: Import, url: str, form: Form | None) -> Told:
    """A feed or a calendar is followed; a spreadsheet or a package at an address is taken in once."""
    from copbot.fetch.web import Web
    from copbot.imports.readers import bounded

    got = Web(doing.allowed).fetch(url)
    if got.status != 200:
        raise InvalidInput(f"{url} was not read: the site answered with an error ({got.status}).")
    name = url.partition("?")[0].rstrip("/").rpartition("/")[2] or url
    form = form or _answer_form(name, got)
    if form is Form.FEEDS:
        return _take_feeds(doing, got.body)
    if form is Form.CALENDAR:
        calendar = bounded.read_calendar(got.body, now=doing.now(), zone=doing.profile.time_zone)
        return _follow(doing, [(url, "calendar", calendar.title)])
    if form is Form.HSDS:
        return _take_fetched_package(doing, got.body, name)
    if form is Form.RESOURCES:
        return _take_sheet(doing, io.BytesIO(got.body), name)
    feed = bounded.read_feed(got.body, url=got.url, content_type=got.content_type)
    return _follow(doing, [(url, "feed", feed.title)])


def _answer_form(name: str, got: Fetched) -> Form:
    """What an address answers with is a feed unless it is clearly something else: the reader names what it is not."""
    form = form_of(name, got.body[:HEAD])
    is_sheet = got.content_type in ("text/csv", "text/tab-separated-values") or name.endswith(
        (".csv", ".tsv")
    )
    return form if form is not Form.RESOURCES or is_sheet else Form.FEED


def _take_fetched_package(doing: Import, body: bytes, name: str) -> Told:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "package.zip"
        path.write_bytes(body)
        return _take_package(doing, path, name)
