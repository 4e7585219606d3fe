"""The practice workspace as a process, which leaves on a signal; `run` is looked at in `tests/contract`."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from copbot.app import ShutdownSignal, manifest_of
from copbot.cli.practice import welcome
from copbot.sandbox.server import Sandbox
from copbot.settings import load
from tests.databases import ROOT
from tests.waiting import at_most

PATIENCE = 120.0
"""Seconds for a process to start on a busy machine."""
DRAIN = 10.0
"""Seconds that a supervisor gives after SIGTERM."""


class Process:
    """`bot.py` with some words, in a folder and an environment of its own."""

    def __init__(self, *words: str, at: Path, **environ: str) -> None:
        ours = ("SLACK_", "COPBOT_", "DATABASE_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.run = subprocess.Popen(
            [sys.executable, str(ROOT / "bot.py"), *words],
            cwd=at,
            env=clean | {"COPBOT_LOG": "json"} | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._readers = [
            threading.Thread(target=self._read, args=(pipe,)) for pipe in (self.run.stdout, self.run.stderr)
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, pipe: IO[str]) -> None:
        for line in pipe:
            self._lines.put(line)
        self._lines.put(None)

    def until(self, words: str, within: float = PATIENCE) -> str:
        """The first line that holds the words; fails when the process ends without."""
        deadline, ended = time.monotonic() + within, 0
        while ended < 2:
            line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
            if line is None:
                ended += 1
                continue
            self.said.append(line)
            if words in line:
                return line
        raise AssertionError(f"ended without {words!r}: {''.join(self.said)}")

    def ends(self, within: float = PATIENCE) -> int:
        """The exit code; everything it said stands in `said`."""
        code = self.run.wait(within)
        for reader in self._readers:
            reader.join(PATIENCE)
        while not self._lines.empty():
            self.said.append(self._lines.get() or "")
        return code

    def signalled(self, number: signal.Signals) -> tuple[int, float]:
        """Exit code after a signal, and the seconds it took."""
        start = time.monotonic()
        self.run.send_signal(number)
        return self.ends(), time.monotonic() - start

    @property
    def words(self) -> str:
        return "".join(self.said)


@contextmanager
def running(*words: str, at: Path, **environ: str) -> Iterator[Process]:
    process = Process(*words, at=at, **environ)
    try:
        yield process
    finally:
        if process.run.poll() is None:
            process.run.kill()
        process.ends()
        for pipe in (process.run.stdout, process.run.stderr):
            assert pipe is not None
            pipe.close()


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return str(found.getsockname()[1])


def test_the_sandbox_says_where_it_is_and_leaves_on_a_signal(tmp_path: Path) -> None:
    with running("sandbox", at=tmp_path, COPBOT_HTTP_PORT="0", COPBOT_SANDBOX_PORT=free_port()) as bot:
        address = bot.until("http://").split("http://")[1].split()[0]
        assert httpx.get(f"http://{address}").status_code == 200
        code, took = bot.signalled(signal.SIGTERM)
    assert (code, "Traceback" in bot.words, "thread_died" in bot.words) == (0, False, False)
    assert took < at_most(DRAIN)
    assert (tmp_path / "data/sandbox-copbot.db").exists()
    assert not (tmp_path / "data/copbot.db").exists()


class Asked(ShutdownSignal):
    """What Ctrl-C has set, or not; without the handlers of a process."""

    def __init__(self, *, is_set: bool) -> None:
        self.is_set = is_set


def test_leaving_while_the_practice_workspace_comes_alive_is_no_fault() -> None:
    settings = load({}, None).for_sandbox()
    with Sandbox(manifest_of(settings)) as workspace:
        pass  # it is gone, and its people are still about to ask for help
    welcome(workspace, settings, Asked(is_set=True))
    with pytest.raises(httpx.ConnectError):
        welcome(workspace, settings, Asked(is_set=False))
