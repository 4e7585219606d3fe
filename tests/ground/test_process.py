"""The bot as a process: it starts, says what is wrong in one line, drains and leaves."""

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

    def until(self, words: str, within: float = 40) -> str:
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

    def ends(self, within: float = 40) -> int:
        """The exit code; everything it said stands in `said`."""
        code = self.run.wait(within)
        for reader in self._readers:
            reader.join(5)
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


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A practice server in a process of its own: the environment that a bot needs to reach it."""
    folder = tmp_path_factory.mktemp("slack")
    with running("sandbox", "--alone", at=folder, COPBOT_SANDBOX_PORT=free_port()) as server:
        lines = [server.until(name) for name in ("SLACK_BOT_TOKEN=", "SLACK_APP_TOKEN=", "SLACK_API_URL=")]
        given = dict(line.strip().split("=", 1) for line in [*lines, *server.said] if "=" in line)
        yield {name: value for name, value in given.items() if name.startswith(("SLACK_", "COPBOT_CLOCK"))}
        assert server.signalled(signal.SIGTERM)[0] == 0


def secrets_of(slack: dict[str, str]) -> list[str]:
    return [value for name, value in slack.items() if "TOKEN" in name]


# --- living and leaving -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_run_gets_ready_drains_and_leaves(
    number: signal.Signals, slack: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    with running("run", at=tmp_path, COPBOT_HTTP_PORT=port, **slack) as bot:
        bot.until('"started"')
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        assert httpx.get(f"http://127.0.0.1:{port}/readyz").json() == {
            "database": True,
            "storage": True,
            "slack": True,
        }
        assert "copbot_" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
        code, took = bot.signalled(number)
    assert code == 0
    assert took < DRAIN
    assert '"stopped"' in bot.words
    assert "Traceback" not in bot.words
    assert not [secret for secret in secrets_of(slack) if secret in bot.words]


def test_run_starts_again_on_what_it_left(slack: dict[str, str], tmp_path: Path) -> None:
    for _ in range(2):
        with running("run", at=tmp_path, COPBOT_HTTP_PORT="0", **slack) as bot:
            bot.until('"started"')
            assert bot.signalled(signal.SIGTERM)[0] == 0


def test_a_second_run_on_the_same_file_is_refused(slack: dict[str, str], tmp_path: Path) -> None:
    with running("run", at=tmp_path, COPBOT_HTTP_PORT="0", **slack) as first:
        first.until('"started"')
        with running("run", at=tmp_path, COPBOT_HTTP_PORT="0", **slack) as second:
            assert second.ends() == 1
        assert f"process {first.run.pid}" in second.words
        assert first.signalled(signal.SIGTERM)[0] == 0


def test_the_sandbox_says_where_it_is_and_leaves_on_a_signal(tmp_path: Path) -> None:
    with running("sandbox", at=tmp_path, COPBOT_HTTP_PORT="0", COPBOT_SANDBOX_PORT=free_port()) as bot:
        address = bot.until("http://").split("http://")[1].split()[0]
        assert httpx.get(f"http://{address}").status_code == 200
        code, took = bot.signalled(signal.SIGTERM)
    assert (code, "Traceback" in bot.words, "thread_died" in bot.words) == (0, False, False)
    assert took < DRAIN
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


# --- refusing to start: one clear line, exit 1 ---------------------------------------------------------------


def refused(at: Path, **environ: str) -> str:
    with running("run", at=at, **({"COPBOT_HTTP_PORT": "0"} | environ)) as bot:
        assert bot.ends() == 1
    assert "Traceback" not in bot.words
    return bot.words


def test_a_wrong_bot_token_is_named_and_not_shown(slack: dict[str, str], tmp_path: Path) -> None:
    words = refused(tmp_path, **slack | {"SLACK_BOT_TOKEN": "xoxb-wrong-but-private"})
    assert "SLACK_BOT_TOKEN" in words
    assert "wrong-but-private" not in words
    assert len([line for line in words.splitlines() if not line.startswith("{")]) == 1


def test_a_wrong_app_token_is_named_and_not_shown(slack: dict[str, str], tmp_path: Path) -> None:
    words = refused(tmp_path, **slack | {"SLACK_APP_TOKEN": "xapp-wrong-but-private"})
    assert "SLACK_APP_TOKEN" in words
    assert "wrong-but-private" not in words


def test_a_slack_that_cannot_be_reached_is_said(slack: dict[str, str], tmp_path: Path) -> None:
    words = refused(tmp_path, **slack | {"SLACK_API_URL": "http://127.0.0.1:9/api/"})
    assert "cannot be reached" in words


def test_a_port_in_use_is_said(slack: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port}" in refused(tmp_path, **slack, COPBOT_HTTP_PORT=port)


def test_a_database_of_another_workspace_is_refused(slack: dict[str, str], tmp_path: Path) -> None:
    from copbot.clock import SystemClock
    from copbot.store import Store, migrate
    from copbot.store.deployment import claim_database

    url = f"sqlite:///{tmp_path}/copbot.db"
    migrate.upgrade(url)
    store = Store(url)
    with store.writing() as session:
        claim_database(session, team="T0OTHER", place="slack", now=SystemClock().now())
    store.close()
    assert "belongs to workspace T0OTHER (slack)" in refused(tmp_path, **slack, DATABASE_URL=url)


def test_a_faulty_profile_is_refused_with_its_place(slack: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: [unfinished\n")
    assert "mine.yaml" in refused(tmp_path, **slack, COPBOT_PROGRAM="mine.yaml")
