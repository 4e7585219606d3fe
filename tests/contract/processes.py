"""`bot.py` and the sandbox as a script sees them: started from an environment, ended by a signal, judged by exit code."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.databases import ROOT
from tests.forked import Forked

PATIENCE = 120.0
"""Seconds for a process to start on a busy machine."""


class Running:
    """One process of ours, with everything it has said so far."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], *command: str, fresh: bool = True
    ) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self._out = folder / f"{len(list(folder.glob('*.out')))}.out"
        known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        told = {**known, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment}
        self.process: subprocess.Popen[bytes] | Forked
        with self._out.open("w") as out:
            if not fresh:
                self.process = Forked(folder, told, self._out, *command)
                return
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=folder,
                env=told,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def output(self) -> str:
        """What it said; never with a token or a password in it."""
        said = self._out.read_text()
        for secret in self.secrets():
            assert secret not in said, "a secret stands in the output"
        return said

    def secrets(self) -> list[str]:
        tokens = [value for name, value in self.environment.items() if "TOKEN" in name or "SECRET" in name]
        return [value for value in (*tokens, *self.environment.get("PASSWORDS", "").split()) if value]

    def lines(self) -> list[str]:
        """What it told the person who started it: everything but its log."""
        return [line for line in self.output().splitlines() if line and not line.startswith("{")]

    def says(self, words: str, within: float = PATIENCE) -> str:
        """Waits until it has said this; everything it said so far."""
        deadline = time.monotonic() + within
        while words not in (said := self.output()):
            assert self.process.poll() is None, f"it ended with {self.process.returncode}: {said}"
            assert time.monotonic() < deadline, f"it did not say {words!r}: {said}"
            time.sleep(0.02)
        return said

    def ends(self, within: float = PATIENCE) -> int:
        """Its exit code."""
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end within {within} s: {self.output()}") from None

    def is_told(self, number: signal.Signals) -> float:
        """Send the signal and wait for a good end; how long that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.ends()
        assert code == 0, self.output()
        return time.monotonic() - began

    def asks_web(self, path: str) -> httpx.Response:
        port = self.environment["COPBOT_HTTP_PORT"]
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE, trust_env=False)


@contextmanager
def started(folder: Path, environment: Mapping[str, str], *command: str) -> Iterator[Running]:
    """`python <command>` until the block ends."""
    with _until_the_end(Running(folder, environment, *command)) as process:
        yield process


@contextmanager
def _until_the_end(process: Running) -> Iterator[Running]:
    try:
        yield process
    finally:
        process.process.kill()
        process.process.wait()


@contextmanager
def bot(folder: Path, environment: Mapping[str, str], *words: str, fresh: bool = True) -> Iterator[Running]:
    """`bot.py run`, or another command; `fresh`: in an interpreter of its own, else forked from a loaded one."""
    command = words or ("run",)
    if fresh:
        command = (str(ROOT / "bot.py"), *command)
    with _until_the_end(Running(folder, environment, *command, fresh=fresh)) as process:
        yield process


@contextmanager
def slack(folder: Path, *words: str, **environment: str) -> Iterator[dict[str, str]]:
    """`bot.py sandbox --alone` in a process of its own: the environment lines it prints for a bot."""
    told = {"COPBOT_SANDBOX_PORT": "0", **environment}
    with bot(folder, told, "sandbox", "--alone", *words, fresh=False) as process:
        process.says("COPBOT_STAFF_CHANNEL=")
        lines = process.output().splitlines()
        yield dict(line.split("=", 1) for line in lines if line.startswith(("SLACK_", "COPBOT_")))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_for(slack_lines: Mapping[str, str], **more: str) -> dict[str, str]:
    """What `bot.py run` is told: the server's lines, a web port of its own, its log as JSON."""
    told = {**slack_lines, "COPBOT_HTTP_PORT": str(free_port()), "COPBOT_LOG": "json", **more}
    return {name: value for name, value in told.items() if value}
