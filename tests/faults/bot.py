"""A bot in a process of its own that can be killed: from outside, or by its own hand at a commit.

The product knows nothing of this: the events are SQLAlchemy's, the signal is the system's.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, event

from copbot.app import Bot
from copbot.delivery.rules import SendTiming
from copbot.logs import set_up_logs
from copbot.settings import load
from tests.forked import processes
from tests.waiting import PATIENCE

QUICK = SendTiming(
    look_after=0.15,
    lease=1.4,
    http_timeout=0.7,
    tick=0.25,
    recheck_after=0.3,
    per_destination=0.0,
    backoff=0.05,
)
"""The sender's machine seconds, shortened: what is waited for is the same, only sooner."""

When = Literal["before", "after"]


class Death:
    """SIGKILL before or after the n-th commit of the threads whose name begins so, counted from `arm`."""

    def __init__(self, engine: Engine) -> None:
        self._thread, self._when, self._left = "", "", 0
        self._here = threading.local()
        self._counting = threading.Lock()  # the sender has two threads: one count lost, and nobody dies
        event.listen(engine, "commit", lambda _connection: self._before())
        # A connection goes back to the pool when its commit stands; several sessions may share one.
        event.listen(engine, "checkin", lambda _connection, _record: self._after())

    def arm(self, thread: str, when: When, n: int) -> None:
        self._thread, self._when, self._left = thread, when, n

    def _before(self) -> None:
        self._here.committed = True
        self._count("before")

    def _after(self) -> None:
        if getattr(self._here, "committed", False):
            self._here.committed = False
            self._count("after")

    def _count(self, when: str) -> None:
        if when != self._when or not threading.current_thread().name.startswith(self._thread):
            return
        with self._counting:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def live(environment: dict[str, str], timing: SendTiming, line: Connection, log: str, looks: float) -> None:
    """The whole life of one bot process; `line` tells it what to do, and its silence that it is alone."""
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    set_up_logs("json")
    bot = Bot(load(environment, None), timing=timing)
    death = Death(bot.store.engine)
    bot.start()
    bot.scheduler.reschedule_job("jobs", trigger="interval", seconds=looks)
    line.send(("started", bot.web.port if bot.web else 0))
    while True:
        try:
            order = line.recv()
        except EOFError:
            os._exit(1)
        if order == "stop":
            bot.stop()
            return
        death.arm(*order)
        line.send(("armed", 0))


def hold(path: str, line: Connection) -> None:
    """Another process that has the SQLite file for itself until it is told otherwise."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=10.0)
    connection.execute("BEGIN EXCLUSIVE")
    line.send("held")
    line.poll(None)
    connection.execute("ROLLBACK")
    connection.close()


@contextlib.contextmanager
def holding(path: Path) -> Iterator[Callable[[], None]]:
    """While the block runs nobody else can write to this file; or until what is yielded is called."""
    line, other = processes.Pipe()
    process = processes.Process(target=hold, args=(str(path), other), daemon=True)
    process.start()
    assert line.poll(PATIENCE)
    assert line.recv() == "held"

    def let_go() -> None:
        if process.exitcode is None:
            line.send("let go")
            process.join()

    try:
        yield let_go
    finally:
        let_go()
        line.close()
        other.close()


class BotProcess:
    """One life of a bot. `kill` is a power cut for it, `stop` a good end."""

    def __init__(
        self,
        environment: dict[str, str],
        log: Path,
        timing: SendTiming = QUICK,
        *,
        wait: bool = True,
        looks: float = 1.0,
    ) -> None:
        """`looks`: seconds after which it looks again whether a job is due."""
        self._line, other = processes.Pipe()
        self.process = processes.Process(
            target=live, args=(environment, timing, other, str(log), looks), daemon=True
        )
        self.process.start()
        other.close()
        self.port = 0
        if wait:
            self.started()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def started(self, within: float = PATIENCE) -> None:
        self.port = self._told("started", within)

    def dies_at(self, thread: str, when: When, n: int) -> None:
        """Arm it: from now on its n-th commit of these threads is its last deed, or its last but one."""
        self._line.send((thread, when, n))
        self._told("armed", PATIENCE)

    def is_dead(self, within: float) -> bool:
        self.process.join(within)
        return self.process.exitcode is not None

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self._line.close()

    def stop(self, within: float = 12.0) -> None:
        """A good end, when it still lives."""
        if self.process.is_alive():
            with contextlib.suppress(OSError):
                self._line.send("stop")
            self.process.join(within)
        self.kill()

    def _told(self, what: str, within: float) -> int:
        assert self._line.poll(within), f"the bot did not say {what!r}"
        told: tuple[str, Any] = self._line.recv()
        assert told[0] == what, told
        return int(told[1])
