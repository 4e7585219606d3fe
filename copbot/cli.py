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
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copbot.clock import SystemClock
from copbot.errors import CopbotError, Misconfigured
from copbot.settings import Settings, UnknownSetting, load
from copbot.slack.errors import SlackError

if TYPE_CHECKING:
    from copbot.program.profile import Profile
    from copbot.store import Session

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


class Format(StrEnum):
    """What `export` can write."""

    PROFILE = "profile"
    COMMUNITIES = "communities"
    PAGES = "pages"


class What(StrEnum):
    """What `import` can read."""

    COMMUNITIES = "communities"
    PAGES = "pages"


@commands.command()
@_plainly
def export(
    format_: Annotated[
        Format,
        typer.Option(
            "--format",
            help="profile: the program profile, with everything that was changed in the app. "
            "communities: the list of communities. pages: the About pages.",
        ),
    ],
    to: Annotated[
        Path | None, typer.Option(help="The file to write; it must not be there yet. Default: printed.")
    ] = None,
) -> None:
    """Write out what the app holds.

    `profile` makes a file that COPBOT_PROGRAM can name; the bot may be running. Notes in the old file are not kept.
    """
    if to is not None and to.exists():
        raise Misconfigured(f"{to} is already there; nothing was written.")
    settings = _settings()
    from copbot import app

    text = _within(_database(settings), partial(_exported, format_, app.profile_of(settings)), writes=False)
    if to is None:
        typer.echo(text, nl=False)
    else:
        to.write_text(text, encoding="utf-8")
        _say(f"Written to {to}.")


def _exported(format_: Format, profile: Profile, session: Session) -> str:
    from copbot.communities import about, listing
    from copbot.program.edits import effective
    from copbot.program.export import as_yaml

    now = effective(session, profile)
    match format_:
        case Format.COMMUNITIES:
            return listing.as_yaml(session)
        case Format.PAGES:
            return about.as_yaml(session, now)
        case Format.PROFILE:
            return as_yaml(now)


@commands.command(name="import")
@_plainly
def import_(
    what: Annotated[What, typer.Argument(help="communities: the list of them. pages: the About pages.")],
    file: Annotated[Path, typer.Argument(help="A YAML file, as `export` writes it.", dir_okay=False)],
) -> None:
    """Take a list into the app, also while the bot runs.

    Channels change only when a lead types `/community channels apply`.
    """
    settings = _settings()
    from copbot import app

    profile = app.profile_of(settings)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(f"{file} cannot be read as text in UTF-8; nothing was taken.") from None
    taken = partial(_imported, what, str(file), text, profile)
    _say(_within(_database(settings), taken, writes=True))


def _imported(what: What, name: str, text: str, profile: Profile, session: Session) -> str:
    from copbot.communities import about, listing
    from copbot.program.edits import effective

    now = SystemClock().now()
    profile = effective(session, profile)
    if what is What.PAGES:
        taken = about.take(session, profile, about.read(name, text), by="import", now=now)
        said = f"{taken.count} pages taken." if taken.changed else "The pages are as they were."
        kept = (
            f" Changed in the app, and left as they are there: {', '.join(taken.left)}." if taken.left else ""
        )
        return said + kept
    done = listing.take(session, listing.read(name, text, profile), now=now)
    left = f" Not in the file, and left as they are: {', '.join(done.left)}." if done.left else ""
    return f"{done.new} new, {done.changed} changed, {done.same} as they were.{left}"


def _within(url: str, does: Callable[[Session], str], *, writes: bool) -> str:
    """Do it in one transaction on a database that has this version's tables."""
    from copbot.store import Store, migrate

    if not migrate.is_current(url):
        raise Misconfigured("The database is not there, or lacks this version's tables. Run: bot.py migrate")
    store = Store(url)
    try:
        with store.writing() if writes else store.reading() as session:
            return does(session)
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
