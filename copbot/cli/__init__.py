"""The commands of `bot.py`, in the order in which help lists them, and how the process ends.

Exit codes: 0 done, 1 failed, 2 wrong arguments or an unknown setting. Each command imports what it does its
work with: help and refusals need no database, and nobody waits for one.
"""

import os
import sys
import threading

# isort: off
from copbot.cli import start  # noqa: F401
from copbot.cli import migrate  # noqa: F401
from copbot.cli import doctor  # noqa: F401
from copbot.cli import transfer  # noqa: F401
from copbot.cli import digest  # noqa: F401
from copbot.cli import copies  # noqa: F401

# isort: on
from copbot.cli.frame import commands

__all__ = ["commands", "main"]


def main() -> None:
    try:
        commands(prog_name="bot.py")
    except SystemExit as end:
        # Python waits for the threads of pools, and one may hang in a call; what it does is safe to cut off.
        if threading.active_count() > 1:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(end.code if isinstance(end.code, int) else 0)
        raise
