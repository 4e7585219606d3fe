"""`bot.py` forked from a process that has already loaded it: a life of its own, without a second of loading first.

It has its own folder, environment, output, signals and exit code. What it does not show is the loading, and what the
interpreter does after the command has ended: a few tests of each kind start a fresh interpreter for that.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.faults.bot import processes


def become(folder: str, environment: dict[str, str], out: str, words: tuple[str, ...]) -> None:
    """What the fork does all its life."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    said = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.argv = ["bot.py", *words]
    from copbot.cli import main

    main()


class Forked:
    """As much of `subprocess.Popen` as a running bot needs."""

    def __init__(self, folder: Path, environment: Mapping[str, str], out: Path, *words: str) -> None:
        told = (str(folder), dict(environment), str(out), words)
        self._process = processes.Process(target=become, args=told, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("bot.py", timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
