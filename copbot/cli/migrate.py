"""`bot.py migrate`: bring the database to this version's tables."""

from __future__ import annotations

from typing import Annotated

import typer

from copbot.cli.frame import commands, database_url, plainly, read_settings, say
from copbot.clock import SystemClock


@commands.command(name="migrate")
@plainly
def migrate_(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 when there is something to do.")
    ] = False,
) -> int:
    """Bring the database to this version's tables.

    A SQLite file is copied beside itself first; the last three copies are kept.
    """
    url = database_url(read_settings())
    from copbot.store import migrate
    from copbot.store.one_run import only_run
    from copbot.store.sqlite import sqlite_path

    before = migrate.current(url)
    if before == migrate.head():
        say(f"The database is up to date ({before}).")
        return 0
    if check:
        say(f"The database is at {before or 'nothing'}; this version needs {migrate.head()}.")
        return 1
    with only_run(url):
        if sqlite_path(url) is None:
            migrate.upgrade(url)
        elif copy := migrate.prepare(url, now=SystemClock().now()):
            say(f"Copied to {copy}.")
    say(f"The database went from {before or 'nothing'} to {migrate.head()}.")
    return 0
