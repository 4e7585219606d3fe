"""`bot.py run` and `bot.py sandbox`: start the bot on the workspace of its tokens, or on a practice workspace."""

from __future__ import annotations

from typing import Annotated

import typer

from copbot.cli.frame import commands, loading, plainly, read_settings


@commands.command()
@plainly
def run() -> int:
    """Start the bot on the workspace of its tokens.

    It stays until Ctrl-C or SIGTERM, finishes what it has begun, and leaves within ten seconds.
    """
    settings = read_settings()
    settings.need_slack()
    with loading():
        from copbot import app

    return app.stay(settings)


@commands.command()
@plainly
def sandbox(
    alone: Annotated[
        bool, typer.Option("--alone", help="Only the practice server; prints what a bot needs to reach it.")
    ] = False,
) -> int:
    """Start a practice workspace with the bot in it; no Slack account needed."""
    settings = read_settings().for_sandbox()
    with loading():
        from copbot.cli.practice import practice

    return practice(settings, alone)
