"""`bot.py import`: take resources, or a list of the program, into the app, also while the bot runs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from copbot.cli.frame import commands, database_url, opened, plainly, read_settings, say
from copbot.clock import SystemClock
from copbot.imports.command.rules import FileForm


@commands.command(name="import")
@plainly
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
        FileForm | None,
        typer.Option(
            help="What it is. Default: found out from its name and its first lines. requests, activities: spreadsheets of "
            "past TA requests and of staff's work, only taken when named."
        ),
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
    if file is not None and source in tuple(FileForm):  # the older form: import KIND FILE
        source, file, kind = str(file), None, FileForm(source)
    if file is not None or (undo is None) == (source is None):
        raise typer.BadParameter("name one file or address, or an import to --undo")
    settings = read_settings()
    from copbot import app
    from copbot.assistance.dose.files import KINDS
    from copbot.imports.command import jobs

    with opened(database_url(settings)) as store:
        doing = jobs.prepared(
            store, app.profile_of(settings), now=SystemClock().now, say=partial(say, wrong=True),
            publish=publish, dry_run=dry_run, allowed=settings.fetch_allow, kinds=KINDS,
        )  # fmt: skip
        told = jobs.run(doing, source or "", kind, undo)
    say(told.text)
    return told.code
