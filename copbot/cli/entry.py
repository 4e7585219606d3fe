"""Where `bot.py` begins: the commands, and how the process ends."""

from __future__ import annotations

import os
import sys
import threading

from copbot.cli.frame import commands


def main() -> None:
    try:
        commands(prog_name="bot.py")
    except SystemExit as end:
        _leave_behind(end.code if isinstance(end.code, int) else 0)
        raise


def _leave_behind(code: int) -> None:
    """Python waits for the threads of pools, and one may hang in a call; what it does is safe to cut off."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
