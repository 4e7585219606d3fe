"""`bot.py run`: start the bot on the workspace of its tokens."""

from __future__ import annotations

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
