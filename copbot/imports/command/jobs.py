"""`bot.py import` for everything that becomes resources: files, packages, calendars, feeds and addresses.

It writes beside a running bot: batches are short, and the same command again goes on where it was cut off.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from copbot.errors import InvalidInput
from copbot.imports import records
from copbot.imports.command import screens, service
from copbot.imports.command.rules import HEAD, PROGRAM_FORMS, FileForm, form_of, is_address
from copbot.imports.command.screens import CommandResult
from copbot.imports.files import jobs as files
from copbot.imports.files import service as files_service
from copbot.imports.files.jobs import DryRun
from copbot.imports.files.service import ImportOptions
from copbot.imports.readers.values import Unreadable
from copbot.imports.records import RecordKind
from copbot.imports.sources import service as sources
from copbot.imports.sources.rules import SourceKind
from copbot.program.profile import Profile
from copbot.program.settings.edits import effective
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
_NO_FEED_FILE = "This is a feed's file. Give the feed's address instead, so that what is new in it comes too."


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
    kinds: Mapping[str, RecordKind] = field(default_factory=dict)
    """Spreadsheets that other rooms read, by the name that is given with `--kind`."""

    def options(self, name: str) -> ImportOptions:
        """How a file of this name is taken in."""
        return ImportOptions(
            self.store, name, BY, self.profile, self.now, self.publish, self.dry_run, self._progress, PAUSE
        )

    def _progress(self, done: int, of: int) -> None:
        if done % _EVERY == 0 and done < of:
            self.say(f"{done:,} of {of:,} rows")


def prepared(store: Store, profile: Profile, **details: Any) -> Import:
    """An import with the program's words as leads have edited them."""
    with store.reading() as session:
        return Import(store, effective(session, profile), **details)


def form_at(path: Path) -> FileForm:
    """The form of a file or folder. Raises `InvalidInput` when it cannot be opened."""
    from copbot.imports.hsds import package

    if package.is_package(path):
        return FileForm.HSDS
    try:
        with path.open("rb") as file:
            return form_of(path.name, file.read(HEAD))
    except OSError:
        raise InvalidInput(f"{path} cannot be opened; nothing was taken.") from None


def run(doing: Import, told: str, form: FileForm | None, undoing: int | None) -> CommandResult:
    """Undo an import, or take in a file or an address; `InvalidInput` before anything is taken if it cannot be read."""
    from copbot.fetch.rules import NotFetched

    if undoing is not None:
        return take_back(doing, undoing)
    try:
        if is_address(told):
            return _take_address(doing, told, form)
        path = Path(told)
        return _take_file(doing, path, form or form_at(path))
    except Unreadable as error:
        raise InvalidInput(f"{error.words} Nothing was taken.") from None
    except NotFetched as error:
        raise InvalidInput(f"{told} was not read. {error.words}") from None


def take_back(doing: Import, ident: int) -> CommandResult:
    with doing.store.reading() as session:
        kind = doing.kinds.get(files_service.check_undo(session, ident).format)
    if kind is None:
        return screens.undone(ident, files.undo(doing.store, ident, profile=doing.profile, now=doing.now))
    undo = partial(records.undo, ident=ident, kind=kind, now=doing.now())
    return screens.undone(ident, files.undo_all(doing.store, undo))


def _take_file(doing: Import, path: Path, form: FileForm) -> CommandResult:
    if form is FileForm.HSDS:
        return _take_package(doing, path, path.name)
    if form is FileForm.FEED:
        raise Unreadable(_NO_FEED_FILE)
    if form in PROGRAM_FORMS:
        return _take_program_file(doing, path, form)
    try:
        with path.open("rb") as file:
            if form is FileForm.RESOURCES or form in doing.kinds:
                return _take_sheet(doing, file, path.name, form)
            body = file.read(LARGEST_TEXT + 1)
    except OSError:
        raise InvalidInput(f"{path} cannot be opened; nothing was taken.") from None
    if len(body) > LARGEST_TEXT:
        raise Unreadable(f"This file is larger than {LARGEST_TEXT // 1024**2} MB.")
    if form is FileForm.FEEDS:
        return _take_feeds(doing, body)
    done = files.take_calendar(doing.options(path.name), body)
    what = "a calendar, its events of the next twelve months"
    return screens.report(path.name, what, done, publish=doing.publish)


def _take_program_file(doing: Import, path: Path, form: FileForm) -> CommandResult:
    """The list of communities, or the About pages, in one transaction."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput(f"{path} cannot be read as text in UTF-8; nothing was taken.") from None
    said = ""
    with suppress(DryRun), doing.store.writing() as session:
        said = service.take_program_file(session, form, str(path), text, doing.profile, now=doing.now())
        if doing.dry_run:
            raise DryRun
    return CommandResult((said, screens.DRY_RUN) if doing.dry_run else (said,))


def _take_sheet(doing: Import, file: BinaryIO, name: str, form: FileForm) -> CommandResult:
    if form in doing.kinds:
        done = records.take(doing.options(name), form, doing.kinds[form], file)
        return screens.report(name, f"a spreadsheet of {form.value}", done, publish=True)
    done = files.take_spreadsheet(doing.options(name), file)
    return screens.report(name, "a spreadsheet", done, publish=doing.publish)


def _take_package(doing: Import, source: Path | BinaryIO, name: str) -> CommandResult:
    done = files.take_package(doing.options(name), source)
    return screens.report(name, "an HSDS package", done, publish=doing.publish)


def _take_feeds(doing: Import, body: bytes) -> CommandResult:
    from copbot.imports.readers.feeds import addresses_of_opml

    return _follow(doing, [(url, "feed", title) for url, title in addresses_of_opml(body)])


def _follow(doing: Import, listed: Sequence[tuple[str, SourceKind, str]]) -> CommandResult:
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


def _take_address(doing: Import, url: str, form: FileForm | None) -> CommandResult:
    """A feed or a calendar is followed; a spreadsheet or a package at an address is taken in once."""
    from copbot.fetch.web import Web
    from copbot.imports.readers import bounded

    got = Web(doing.allowed).fetch(url)
    if got.status != 200:
        raise InvalidInput(f"{url} was not read: the site answered with an error ({got.status}).")
    name = url.partition("?")[0].rstrip("/").rpartition("/")[2] or url
    form = form or _answer_form(name, got)
    if form is FileForm.FEEDS:
        return _take_feeds(doing, got.body)
    if form is FileForm.CALENDAR:
        calendar = bounded.read_calendar(got.body, now=doing.now(), zone=doing.profile.time_zone)
        return _follow(doing, [(url, "calendar", calendar.title)])
    if form is FileForm.HSDS:
        return _take_package(doing, io.BytesIO(got.body), name)
    if form is FileForm.RESOURCES or form in doing.kinds:
        return _take_sheet(doing, io.BytesIO(got.body), name, form)
    feed = bounded.read_feed(got.body, url=got.url, content_type=got.content_type)
    return _follow(doing, [(url, "feed", feed.title)])


def _answer_form(name: str, got: Fetched) -> FileForm:
    """What an address answers with is a feed unless it is clearly something else: the reader names what it is not."""
    form = form_of(name, got.body[:HEAD])
    is_sheet = got.content_type in ("text/csv", "text/tab-separated-values") or name.endswith(
        (".csv", ".tsv")
    )
    return form if form is not FileForm.RESOURCES or is_sheet else FileForm.FEED
