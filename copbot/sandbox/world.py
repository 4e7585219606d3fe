"""Everything one sandbox is made of, in one value that the methods and the people's verbs are given."""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from copbot.sandbox.clock import WorkspaceClock, machine_seconds
from copbot.sandbox.connections import Connections
from copbot.sandbox.faults import Faults
from copbot.sandbox.manifest import AppManifest
from copbot.sandbox.people import BOT_USER
from copbot.sandbox.rates import Rates
from copbot.sandbox.refusals import KEPT, RefusalLog
from copbot.sandbox.state import Channel, WorkspaceState

Json = dict[str, Any]
DAY = 86_400
FORGOTTEN = 7_200.0  # seconds after which a response_url is not even known as expired
log = logging.getLogger("copbot.sandbox")


@dataclass(frozen=True)
class SlackTiming:
    """Machine seconds; tests shorten them."""

    ack: float = 3.0
    trigger: float = 3.0
    response_url: float = 1_800.0
    redelivery: tuple[float, ...] = (0.0, 60.0, 300.0)
    latency: float = 0.0


@dataclass
class Trigger:
    user: str
    issued: float
    root: str = ""
    used: bool = False


@dataclass
class ReplyAddress:
    """What a response_url leads to."""

    user: str
    channel: str
    issued: float
    message_ts: str = ""
    ephemeral: bool = False
    thread_ts: str = ""
    uses: int = 0


@dataclass
class World:
    app: AppManifest
    state: WorkspaceState
    clock: WorkspaceClock
    connections: Connections
    refusals: RefusalLog
    faults: Faults
    rates: Rates
    timing: SlackTiming
    bot_token: str
    app_token: str
    url: str = ""
    hide_days: int | None = None
    allow_kick: bool = False
    allow_unarchive: bool = False
    uninstalled: bool = False
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    triggers: dict[str, Trigger] = field(default_factory=dict)
    replies: dict[str, ReplyAddress] = field(default_factory=dict)
    message_states: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    wanting_in: set[str] = field(default_factory=set)
    """Who has asked on the page to get into a channel, for the list of things to try."""

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs beside the answer; what it changed is kept as soon as it is done."""
        task = asyncio.get_running_loop().create_task(self._run(work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            # A sandbox that fails silently would let a test pass: it is written down as a refusal.
            log.exception("the sandbox itself failed")
            self.refusals.add("sandbox", "internal_error", ["see the sandbox's log"])
        self.state.flush()

    def new_trigger(self, user: str, root: str = "") -> str:
        now = machine_seconds()
        for key in [k for k, t in self.triggers.items() if now - t.issued > 20 * self.timing.trigger + 60]:
            del self.triggers[key]
        key = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[key] = Trigger(user, now, root)
        return key

    def new_response_url(self, address: ReplyAddress) -> str:
        for old in [k for k, a in self.replies.items() if machine_seconds() - a.issued > FORGOTTEN]:
            del self.replies[old]
        key = secrets.token_urlsafe(18)
        self.replies[key] = address
        return f"{self.url}/response/{key}"

    def bot_in(self, channel: Channel) -> bool:
        return BOT_USER in channel.members

    def visible(self, channel: Channel, message: Json) -> bool:
        """Whether history shows it now: not while it is late, nor once a free plan hides it."""
        if self.state.late.get((channel.id, message["ts"]), 0.0) > machine_seconds():
            return False
        return self.reachable(message)

    def reachable(self, message: Json) -> bool:
        """Whether it can still be changed: a free plan hides what is older than its days."""
        return self.hide_days is None or float(message["ts"]) >= self.clock.now() - self.hide_days * DAY
