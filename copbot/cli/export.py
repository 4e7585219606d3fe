"""`bot.py export`: write out what the app holds, also while the bot runs. Private resources are never written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from copbot.cli.frame import commands, database_url, opened, plainly, read_settings, say
from copbot.clock import SystemClock
from copbot.errors import Misconfigured
from copbot.imports.command.rules import Format


@commands.command()
@plainly
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
    settings = read_settings()
    from copbot import app
    from copbot.imports.command import service

    profile, now = app.profile_of(settings), SystemClock().now()
    with opened(database_url(settings)) as store, store.reading() as session:
        body = service.exported(session, format_, profile, now=now, to=to, everything=everything)
    if to is None:
        typer.echo(body, nl=False)
        return
    if format_ is not Format.HSDS:
        to.write_bytes(body)
    say(f"Written to {to}.")
