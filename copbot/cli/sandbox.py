"""`bot.py sandbox`: start a practice workspace with the bot in it; no Slack account needed."""

from __future__ import annotations

from typing import Annotated

import typer

from copbot.cli.frame import commands, loading, plainly, read_settings


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
