"""The commands of `bot.py`. Exit codes: 0 done, 1 failed, 2 wrong arguments or an unknown setting.

Each command imports what it does its work with: help and refusals need no database, and nobody waits for one.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copbot.clock import SystemClock
from copbot.errors import CopbotError, Misconfigured
from copbot.imports.command.rules import Form, Format
from copbot.settings import Settings, UnknownSetting, load
from copbot.slack.errors import SlackError

if TYPE_CHECKING:
    from copbot.store import Store

commands = typer.Typer(
    name="bot.py",
    help="One Slack app that runs a community of practice.",
    epilog="Settings come from the environment and .env; .env.example explains each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    try:
        commands(prog_name="bot.py")
    except SystemExit as end:
        _leave_behind(end.code if isinstance(end.code, int) else 0)
        raise


def _leave_behind(code: int) -> None:
    """Python waits for the threads of pools, and one may hang in a call; what it does is safe to cut off."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _plainly(command: Callable[..., int | None]) -> Callable[..., None]:
    """What a person can put right is told in its words; the exit code says the rest."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = command(*args, **kwargs)
        except CopbotError as error:
            _say(error.words, wrong=True)
            raise typer.Exit(2 if isinstance(error, UnknownSetting) else 1) from None
        except SlackError as error:
            _say(f"Slack answered {error.code}.", wrong=True)
            raise typer.Exit(1) from None
        raise typer.Exit(code or 0)

    return run


@contextmanager
def _loading() -> Iterator[None]:
    """What is loaded stays: to look through it for rubbish again and again takes a sixth of the start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _say(words: str, *, wrong: bool = False) -> None:
    from rich.console import Console
    from rich.text import Text

    Console(stderr=wrong, soft_wrap=True).print(Text(words))


def _settings() -> Settings:
    from copbot.logs import set_up_logs

    settings = load(os.environ)
    set_up_logs(settings.log)
    return settings


def _database(settings: Settings) -> str:
    return settings.database_url.get_secret_value()


@commands.command()
@_plainly
def run() -> int:
    """Start the bot on the workspace of its tokens.

    It stays until Ctrl-C or SIGTERM, finishes what it has begun, and leaves within ten seconds.
    """
    settings = _settings()
    settings.need_slack()
    with _loading():
        from copbot import app

    return app.stay(settings)


@commands.command()
@_plainly
def sandbox(
    alone: Annotated[
        bool, typer.Option("--alone", help="Only the practice server; prints what a bot needs to reach it.")
    ] = False,
) -> int:
    """Start a practice workspace with the bot in it; no Slack account needed."""
    settings = _settings().for_sandbox()
    with _loading():
        from copbot.practice import practice

    return practice(settings, alone)


@commands.command(name="migrate")
@_plainly
def migrate_(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 when there is something to do.")
    ] = False,
) -> int:
    """Bring the database to this version's tables.

    A SQLite file is copied beside itself first; the last three copies are kept.
    """
    url = _database(_settings())
    from copbot.store import migrate
    from copbot.store.engine import sqlite_path
    from copbot.store.one_run import only_run

    before = migrate.current(url)
    if before == migrate.head():
        _say(f"The database is up to date ({before}).")
        return 0
    if check:
        _say(f"The database is at {before or 'nothing'}; this version needs {migrate.head()}.")
        return 1
    with only_run(url):
        if sqlite_path(url) is None:
            migrate.upgrade(url)
        elif copy := migrate.prepare(url, now=SystemClock().now()):
            _say(f"Copied to {copy}.")
    _say(f"The database went from {before or 'nothing'} to {migrate.head()}.")
    return 0


@commands.command()
@_plainly
def doctor() -> int:
    """Check settings, database, profile and tokens."""
    settings = _settings()
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from copbot.doctor import examine

    checks = examine(settings)
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        table.add_row("ok" if check.ok else "FAULT", Text(check.name), Text(check.words))
    Console().print(table)
    return 0 if all(check.ok for check in checks) else 1


@commands.command()
@_plainly
def manifest() -> None:
    """Print the Slack app manifest that fits your profile."""
    settings = _settings()
    from copbot import app

    typer.echo(app.manifest(settings), nl=False)


@commands.command()
@_plainly
def export(
    format_: Annotated[
        Format,
        typer.Option(
            "--format",
            help="csv: the resources as a spreadsheet that `import` reads back. hsds: services as a package of "
            "tables (a folder, or a .zip). ics: events as a calendar. guide: the resource guide as a page to print. "
            "profile: the program profile, with everything that was changed in the app. "
            "communities: the list of communities. pages: the About pages.",
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option("--out", "--to", help="What to write; it must not be there yet. Default: printed."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="csv: also drafts and retired resources.")
    ] = False,
) -> None:
    """Write out what the app holds, also while the bot runs. Private resources are never written.

    `profile` makes a file that COPBOT_PROGRAM can name. Notes in the old file are not kept.
    """
    if to is not None and to.exists():
        raise Misconfigured(f"{to} is already there; nothing was written.")
    if to is None and format_ is Format.HSDS:
        raise typer.BadParameter("name a folder or a .zip file with --out")
    settings = _settings()
    from copbot import app
    from copbot.imports.command import service

    profile, now = app.profile_of(settings), SystemClock().now()
    with _opened(_database(settings)) as store, store.reading() as session:
        body = service.exported(session, format_, profile, now=now, to=to, everything=everything)
    if to is None:
        typer.echo(body, nl=False)
        return
    if format_ is not Format.HSDS:
        to.write_bytes(body)
    _say(f"Written to {to}.")


@commands.command(name="import")
@_plainly
def import_(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|URL",
            help="A spreadsheet (CSV), an HSDS package, a calendar (.ics), a list of feeds (OPML), a YAML file as "
            "`export` writes it, or the address of a feed, a calendar or a spreadsheet.",
        ),
    ] = None,
    file: Annotated[Path | None, typer.Argument(hidden=True)] = None,
    *,
    kind: Annotated[
        Form | None, typer.Option(help="What it is. Default: found out from its name and its first lines.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish at once what is otherwise a draft.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be taken; save nothing.")
    ] = False,
    undo: Annotated[
        int | None, typer.Option(help="Take back the import of this number.", metavar="ID")
    ] = None,
) -> int:
    """Take resources, or a list of the program, into the app, also while the bot runs.

    The same file again changes what has changed and doubles nothing. Ends with 1 when a row was refused.
    Channels change only when a lead types `/community channels apply`.
    """
    if file is not None and source in tuple(Form):  # the older form: import KIND FILE
        source, file, kind = str(file), None, Form(source)
    if file is not None or (undo is None) == (source is None):
        raise typer.BadParameter("name one file or address, or an import to --undo")
    settings = _settings()
    from copbot import app
    from copbot.imports.command import jobs

    with _opened(_database(settings)) as store:
        doing = jobs.prepared(
            store, app.profile_of(settings), now=SystemClock().now, say=partial(_say, wrong=True),
            publish=publish, dry_run=dry_run, allowed=settings.fetch_allow,
        )  # fmt: skip
        told = jobs.run(doing, source or "", kind, undo)
    _say(told.text)
    return told.code


@contextmanager
def _opened(url: str) -> Iterator[Store]:
    """The store of a database that has this version's tables."""
    from copbot.store import Store, migrate

    if not migrate.is_current(url):
        raise Misconfigured("The database is not there, or lacks this version's tables. Run: bot.py migrate")
    store = Store(url)
    try:
        yield store
    finally:
        store.close()


@commands.command()
@_plainly
def backup(
    to: Annotated[
        Path | None, typer.Option(help="Where the copy goes. Default: beside the database.")
    ] = None,
) -> int:
    """Copy the database, also while the bot runs.

    PostgreSQL is copied by its own tool; the command to use is printed.
    """
    url = _database(_settings())
    from copbot.store import backups
    from copbot.store.engine import shown, sqlite_path

    path = sqlite_path(url)
    if path is None:
        raise Misconfigured(
            f"Nothing was copied. For PostgreSQL use its own tool:\n  pg_dump --format=custom --file=copbot.dump {shown(url)}"
        )
    if to is not None and to.exists():
        raise Misconfigured(f"{to} is already there; nothing was copied.")
    _say(f"Copied to {backups.backup_sqlite(path, now=SystemClock().now(), keep=None, to=to)}.")
    return 0


@commands.command()
@_plainly
def restore(
    copy: Annotated[
        Path | None, typer.Argument(help="A copy made by `backup` or before a migration.")
    ] = None,
    mark: Annotated[
        bool, typer.Option("--mark", help="The database was put back by other means, such as pg_restore.")
    ] = False,
) -> int:
    """Put a copy in the database's place.

    The bot must not be running. What may have been sent after the copy was made is looked up in Slack before anything is sent again.
    """
    url = _database(_settings())
    if mark == (copy is not None):
        raise typer.BadParameter("name either the copy to put back, or --mark")
    from copbot.store.engine import shown, sqlite_path
    from copbot.store.one_run import only_run

    path = sqlite_path(url)
    with only_run(url):
        if mark:
            _mark(url)
        elif path is None:
            raise Misconfigured(
                "Nothing was changed. For PostgreSQL stop every copbot, then:\n"
                f"  pg_restore --clean --if-exists --dbname={shown(url)} copbot.dump\n"
                "  bot.py migrate\n  bot.py restore --mark"
            )
        elif copy is not None:
            _put_back(copy, path, url)
    _say(
        "Restored. At the next start, messages that may have gone out are looked up before anything is sent."
    )
    return 0


def _put_back(copy: Path, path: Path, url: str) -> None:
    from copbot.store import backups, migrate

    now = SystemClock().now()
    backups.look_through(copy)
    if path.exists():
        _say(f"What was there is kept as {backups.backup_sqlite(path, now=now, keep=None)}.")
    backups.restore_sqlite(copy, path, now=now)
    migrate.upgrade(url)


def _mark(url: str) -> None:
    from copbot.store import Store
    from copbot.store.deployment import mark_restored

    store = Store(url)
    with store.writing() as session:
        mark_restored(session, SystemClock().now())
    store.close()
