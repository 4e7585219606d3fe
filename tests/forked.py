"""`bot.py` forked from a process that has already loaded it: a life of its own, without two seconds of loading first.

It has its own folder, environment, output, signals and exit code. What it does not show is the loading, and what the
interpreter does after the command has ended: a few tests of each kind start a fresh interpreter for that.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.faults.bot", "copbot.cli", "pytest", "tests.loaded"])


def become(
    folder: str, environment: dict[str, str], out: str, errors: str | None, words: tuple[str, ...]
) -> None:
    """What the fork does all its life; `errors`: the file of what it says of them, None: with all else."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    said = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if errors else said, 2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.argv = ["bot.py", *words]
    from copbot.cli import main

    main()


class Forked:
    """As much of `subprocess.Popen` as a running bot needs."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        out: Path,
        *words: str,
        errors: Path | None = None,
    ) -> None:
        told = (str(folder), dict(environment), str(out), str(errors) if errors else None, words)
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


def run(*words: str, at: Path, within: float = 120.0, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command from its first word to its exit code, with nothing in its environment but this."""
    out, errors = at / ".said", at / ".said.errors"
    command = Forked(at, environment, out, *words, errors=errors)
    try:
        code = command.wait(within)
        return subprocess.CompletedProcess(words, code, out.read_text(), errors.read_text())
    finally:
        command.kill()
        for file in (out, errors):
            file.unlink(missing_ok=True)
