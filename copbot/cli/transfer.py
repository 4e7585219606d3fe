"""`bot.py manifest`, `import` and `export`: what the app writes out and takes in, also while the bot runs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from copbot.cli.frame import commands, database_url, opened, plainly, read_settings, say
from copbot.clock import SystemClock
from copbot.errors import Misconfigured
from copbot.imports.command.rules import FileForm, Format


@commands.command()
@plainly
def manifest() -> None:
    """Print the Slack app manifest that fits your profile."""
    settings = read_settings()
    from copbot import app

    typer.echo(app.manifest(settings), nl=False)


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
        try:
            to.write_bytes(body)
        except OSError:
            to.unlink(missing_ok=True)  # half of it would stand in the way of the next try
            raise
    say(f"Written to {to}.")
