"""`bot.py backup`: copy the database, also while the bot runs."""

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
    from copbot.store.engine import shown, sqlite_path

    path = sqlite_path(url)
    if path is None:
        raise Misconfigured(
            f"Nothing was copied. For PostgreSQL use its own tool:\n  pg_dump --format=custom --file=copbot.dump {shown(url)}"
        )
    if to is not None and to.exists():
        raise Misconfigured(f"{to} is already there; nothing was copied.")
    say(f"Copied to {backups.backup_sqlite(path, now=SystemClock().now(), keep=None, to=to)}.")
    return 0
