"""`bot.py digest preview`: what the program's next digest holds, as it is stored or as it would be put together."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from copbot.cli.frame import commands, database_url, opened, plainly, read_settings, say
from copbot.clock import SystemClock
from copbot.errors import Misconfigured

digest = typer.Typer(help="The program's digest to channels.", no_args_is_help=True)
commands.add_typer(digest, name="digest")


@digest.callback()
def about() -> None:
    """The program's digest to channels."""


@digest.command()
@plainly
def preview(
    at: Annotated[
        str, typer.Option("--at", metavar="ISO", help="The day or time to look at it from. Default: now.")
    ] = "",
) -> None:
    """Print the next edition: the stored one, or what would be in it. Nothing is saved or sent."""
    settings = read_settings()
    from copbot import app
    from copbot.digests.editions import preview as previews
    from copbot.program.settings.edits import effective

    profile = app.profile_of(settings)
    with opened(database_url(settings)) as store, store.reading() as session:
        profile = effective(session, profile)
        say(previews.as_text(session, profile, _moment(at, profile.time_zone)))


def _moment(at: str, zone: str) -> datetime:
    if not at:
        return SystemClock().now()
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        raise Misconfigured(
            f"“{at[:40]}” is not a time. Write it like 2026-03-31 or 2026-03-31T09:00."
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
