"""`bot.py doctor`: check settings, database, profile and tokens."""

from __future__ import annotations

from typing import Annotated

import typer

from copbot.cli.frame import commands, database_url, opened, plainly, read_settings, say


@commands.command()
@plainly
def doctor(
    *,
    reindex: Annotated[
        bool,
        typer.Option("--reindex", help="Rebuild the library's search index, also while the bot runs."),
    ] = False,
) -> int:
    """Check settings, database, profile and tokens."""
    settings = read_settings()
    if reindex:
        from copbot.slack.text import counted

        found = counted(_reindexed(database_url(settings)), "resource")
        say(f"The search index is new: {found} can be found.")
        return 0
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from copbot.cli.checks import examine

    checks = examine(settings)
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        table.add_row("ok" if check.ok else "FAULT", Text(check.name), Text(check.words))
    Console().print(table)
    return 0 if all(check.ok for check in checks) else 1


def _reindexed(url: str) -> int:
    """Index every published resource, in short transactions; how many are in the index then."""
    from copbot.resources.library import service as library

    with opened(url) as store:
        after: int | None = 0
        while after is not None:
            with store.writing(budget=30.0) as session:
                after = library.reindex(session, after)
        with store.reading() as session:
            return library.index_counts(session)[1]
