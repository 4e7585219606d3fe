"""Faults on demand: what can go wrong with a Web API call, asked for by a test and used up by calls that match."""

import json
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copbot.sandbox.state import WorkspaceState

Json = dict[str, Any]

KINDS = (
    "answer_lost",  # done, and the connection breaks instead of an answer
    "reset",  # the connection breaks and nothing was done
    "http_500",
    "http_503",
    "hang",  # nothing comes back for `seconds`, then the connection breaks
    "slow",  # done and answered, `seconds` later
    "rate_limited",
    "refuse",  # ok: false with `error`
    "garbled",  # 200 with `body`, whatever that is, as from a proxy on the way
    "late_visible",  # done and answered; history shows the message only `seconds` later
    "kill_before",
    "kill_after",
)
DONE_BEFORE = ("answer_lost", "slow", "late_visible", "kill_after")


@dataclass
class InjectedFault:
    kind: str
    method: str = "*"
    times: int = 1
    match: Json = field(default_factory=dict)
    error: str = "internal_error"
    body: str = ""
    seconds: float = 0.0
    retry_after: int = 1
    effect: bool | None = None
    late: float = 0.0
    pid: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault is called {self.kind}; there are {', '.join(KINDS)}")

    @property
    def does_it(self) -> bool:
        """Whether the call takes effect although it fails."""
        return self.kind in DONE_BEFORE if self.effect is None else self.effect


class Faults:
    def __init__(self, state: WorkspaceState) -> None:
        self._state = state
        self.waiting: list[InjectedFault] = []

    def add(self, fault: InjectedFault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, method: str, args: Json) -> InjectedFault | None:
        """The first fault that fits this call; it is used up after `times` calls."""
        for fault in self.waiting:
            if fault.method in ("*", method) and self._fits(fault.match, args):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def give_back(self, fault: InjectedFault) -> None:
        """It could do nothing: the next call that fits meets it."""
        fault.times += 1
        if fault not in self.waiting:
            self.waiting.insert(0, fault)

    def _fits(self, match: Json, args: Json) -> bool:
        if "channel" in match:
            wanted = self._state.channel_named(str(match["channel"])) or self._state.user_named(
                str(match["channel"])
            )
            wanted_id = (
                wanted.get("id") if isinstance(wanted, dict) else wanted.id if wanted else match["channel"]
            )
            if args.get("channel") != wanted_id:
                return False
        if "thread" in match and args.get("thread_ts") != match["thread"]:
            return False
        return "contains" not in match or str(match["contains"]) in json.dumps(args, ensure_ascii=False)


def kill(pid: int) -> None:
    """The caller dies here and now, as in a power cut."""
    if pid in (0, 1, os.getpid()):
        raise ValueError("the process to kill must be another one")
    os.kill(pid, signal.SIGKILL)


def pid_of_peer(ports: tuple[int, int]) -> int:
    """The local process at the other end of a connection, from /proc; 0 when it is gone or cannot be told.

    `ports`: the other end's and ours. One alone may belong to several connections.
    """
    inode = ""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if tuple(int(end.split(":")[1], 16) for end in parts[1:3]) == ports and parts[9] != "0":
            inode = parts[9]
    if not inode:
        return 0
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(entry.readlink()) == f"socket:[{inode}]" and int(entry.parts[2]) != os.getpid():
                return int(entry.parts[2])
        except OSError:
            continue
    return 0
