"""`bot.py manifest`: print the Slack app manifest that fits your profile."""

from __future__ import annotations

import typer

from copbot.cli.frame import commands, plainly, read_settings


@commands.command()
@plainly
def manifest() -> None:
    """Print the Slack app manifest that fits your profile."""
    settings = read_settings()
    from copbot import app

    typer.echo(app.manifest(settings), nl=False)
