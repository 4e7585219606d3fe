"""`bot.py backup` and `bot.py restore`: copy the database, also while the bot runs, and put a copy in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from copbot.cli.frame import commands, database_url, plainly, read_settings, say
from copbot.clock import SystemClock
from copbot.errors import Misconfigured


@commands.command()
@plainly
def backup(
    to: Annotated[
        Path | None, typer.Option("--out", "--to", help="Where the copy goes. Default: beside the database.")
    ] = None,
) -> int:
    """Copy the database, also while the bot runs.

    PostgreSQL is copied by its own tool; the command to use is printed.
    """
    url = database_url(read_settings())
    from copbot.store import backups
    from copbot.store.engine import shown
    from copbot.store.sqlite import sqlite_path

    path = sqlite_path(url)
    if path is None:
        raise Misconfigured(
            f"Nothing was copied. For PostgreSQL use its own tool:\n  pg_dump --format=custom --file=copbot.dump {shown(url)}"
        )
    if to is not None and to.exists():
        raise Misconfigured(f"{to} is already there; nothing was copied.")
    say(f"Copied to {backups.backup_sqlite(path, now=SystemClock().now(), keep=None, to=to)}.")
    return 0


@commands.command()
@plainly
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
    url = database_url(read_settings())
    if mark == (copy is not None):
        raise typer.BadParameter("name either the copy to put back, or --mark")
    from copbot.store.engine import shown
    from copbot.store.one_run import only_run
    from copbot.store.sqlite import sqlite_path

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
    say("Restored. At the next start, messages that may have gone out are looked up before anything is sent.")
    return 0


def _put_back(copy: Path, path: Path, url: str) -> None:
    from copbot.store import backups, migrate

    now = SystemClock().now()
    backups.look_through(copy)
    if path.exists():
        say(f"What was there is kept as {backups.backup_sqlite(path, now=now, keep=None)}.")
    backups.restore_sqlite(copy, path, now=now)
    migrate.upgrade(url)


def _mark(url: str) -> None:
    from copbot.store import Store
    from copbot.store.deployment import mark_restored

    store = Store(url)
    with store.writing() as session:
        mark_restored(session, SystemClock().now())
    store.close()
