"""The commands of `bot.py`, one file a command, in the order in which help lists them.

Exit codes: 0 done, 1 failed, 2 wrong arguments or an unknown setting. Each command imports what it does its
work with: help and refusals need no database, and nobody waits for one.
"""

# isort: off
from copbot.cli import run  # noqa: F401
from copbot.cli import sandbox  # noqa: F401
from copbot.cli import migrate  # noqa: F401
from copbot.cli import doctor  # noqa: F401
from copbot.cli import manifest  # noqa: F401
from copbot.cli import import_file  # noqa: F401
from copbot.cli import export  # noqa: F401
from copbot.cli import digest  # noqa: F401
from copbot.cli import backup  # noqa: F401
from copbot.cli import restore  # noqa: F401
# isort: on

from copbot.cli.entry import main
from copbot.cli.frame import commands

__all__ = ["commands", "main"]
