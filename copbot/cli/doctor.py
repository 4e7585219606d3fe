"""`bot.py doctor`: check settings, database, profile and tokens."""

from __future__ import annotations

from copbot.cli.frame import commands, plainly, read_settings


@commands.command()
@plainly
def doctor() -> int:
    """Check settings, database, profile and tokens."""
    settings = read_settings()
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
