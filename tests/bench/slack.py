"""Slack's side of a measurement: as little as an app needs to live, so that only the app's time is measured.

The strict sandbox checks everything it is told, which costs more than an ack does; here nothing is checked,
and only posting is limited as Slack limits it: one a second a channel, several hundred a minute altogether.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from copbot.sandbox.rates import Rates

Json = dict[str, Any]

TEAM, BOT_USER, BOT_ID = "T0BENCH0001", "U0BENCHBOT1", "B0BENCHBOT1"
STAFF_CHANNEL = "C0STAFF0001"
STAFF = ("U0STAFF0001", "U0STAFF0002", "U0STAFF0003")
LATE = 3.0
"""Seconds after which Slack calls it failed."""


@dataclass
class Sent:
    """One envelope on its way, and when its ack came (machine seconds)."""

    at: float = 0.0
    back: float | None = None
    ack: Json = field(default_factory=dict)

    @property
    def ms(self) -> float:
        assert self.back is not None
        return (self.back - self.at) * 1000

    @property
    def refused(self) -> bool:
        """Answered, but with copbot's words for a database that took too long."""
        return "nothing was saved" in json.dumps(self.ack)


@dataclass(frozen=True)
class Posted:
    """A message handed to Slack."""

    at: float
    channel: str
    body: str


class Slack:
    """One workspace for one app: a Web API that says yes, and one socket."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.too_fast = 0
        self.asked: dict[str, int] = {}
        self._rates = Rates(enforced=True)
        self._flying: dict[str, Sent] = {}
        self._numbers = itertools.count(1)
        self._link: ServerConnection | None = None
        self._linked = asyncio.Event()
        self._moved = asyncio.Event()
        self._servers: list[Server | asyncio.Server] = []
        self.api_url = ""
        self._socket_url = ""

    async def start(self) -> Slack:
        socket = await serve(self._talk, "127.0.0.1", 0, compression=None, ping_interval=None)
        api = await asyncio.start_server(self._answer, "127.0.0.1", 0, backlog=1024)
        self._servers = [socket, api]
        self._socket_url = f"ws://127.0.0.1:{_port(socket)}/"
        self.api_url = f"http://127.0.0.1:{_port(api)}/api/"
        return self

    async def stop(self) -> None:
        for server in self._servers:
            server.close()

    async def connected(self, within: float = 30.0) -> None:
        await asyncio.wait_for(self._linked.wait(), within)

    # -- what people do

    async def send(self, kind: str, payload: Json) -> Sent:
        """One envelope, without waiting for its ack."""
        assert self._link is not None, "no app is connected"
        ident = f"envelope-{next(self._numbers)}"
        envelope = {
            "envelope_id": ident,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        frame = json.dumps(envelope)
        sent = self._flying[ident] = Sent()
        sent.at = time.perf_counter()
        await self._link.send(frame)
        return sent

    async def acked(self, sent: Iterable[Sent], within: float) -> None:
        """Until all are acked, or the time is up: then some are lost."""
        waiting = list(sent)
        await self.until(lambda: all(each.back is not None for each in waiting), within)
        for ident in [ident for ident, each in self._flying.items() if each.back is not None]:
            del self._flying[ident]

    async def until(self, holds: Callable[[], bool], within: float) -> bool:
        """Wait for something that a message from the app brings about; whether it came."""
        deadline = time.perf_counter() + within
        while not holds():
            self._moved.clear()
            left = deadline - time.perf_counter()
            if left <= 0:
                return False
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                return holds()
        return True

    # -- what the app does

    async def _talk(self, link: ServerConnection) -> None:
        hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0BENCH"}}
        await link.send(json.dumps(hello))
        self._link = link
        self._linked.set()
        with suppress(ConnectionClosed):
            async for frame in link:
                self._heard(time.perf_counter(), json.loads(frame))
        self._linked.clear()

    def _heard(self, at: float, told: Json) -> None:
        sent = self._flying.get(told.get("envelope_id", ""))
        if sent is not None and sent.back is None:
            sent.back = at
            sent.ack = told.get("payload") or {}
        self._moved.set()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                path, size, alive = head
                body = await reader.readexactly(size)
                told = self._call(path.rpartition("/")[2].partition("?")[0], body)
                answer = json.dumps(told).encode()
                writer.write(_START[told["ok"]] + _HEAD % len(answer) + answer)
                await writer.drain()
                if not alive:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _call(self, method: str, body: bytes) -> Json:
        at = time.perf_counter()
        self.asked[method] = self.asked.get(method, 0) + 1
        self._moved.set()
        if method == "chat.postMessage":
            args = _arguments(body)
            if self._rates.posting(args.get("channel", "")):
                self.too_fast += 1
                return {"ok": False, "error": "ratelimited"}
            self.posted.append(Posted(at, args.get("channel", ""), body.decode()))
            return {
                "ok": True,
                "channel": args.get("channel", ""),
                "ts": f"17{next(self._numbers):08d}.000100",
            }
        if method == "users.info":
            return {"ok": True, "user": user(_arguments(body).get("user", ""))}
        if method == "apps.connections.open":
            return {"ok": True, "url": self._socket_url}
        return {"ok": True, **_ANSWERS.get(method, {})}


def user(ident: str) -> Json:
    """A full member of the workspace."""
    name = f"Member {ident[-4:]}"
    return {
        "id": ident,
        "team_id": TEAM,
        "name": ident.lower(),
        "real_name": name,
        "deleted": False,
        "is_bot": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "tz": "America/Chicago",
        "profile": {"display_name": name, "real_name": name},
    }


_CHANNEL = {
    "id": STAFF_CHANNEL,
    "name": "ta-staff",
    "is_private": True,
    "is_ext_shared": False,
    "is_member": True,
}
_ANSWERS: dict[str, Json] = {
    "auth.test": {
        "url": "https://bench.slack.com/",
        "team": "Bench",
        "team_id": TEAM,
        "user": "bot",
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
    },
    "conversations.info": {"channel": _CHANNEL},
    "conversations.members": {"members": [*STAFF], "response_metadata": {"next_cursor": ""}},
    "conversations.list": {"channels": [_CHANNEL], "response_metadata": {"next_cursor": ""}},
    "users.list": {"members": [user(ident) for ident in STAFF], "response_metadata": {"next_cursor": ""}},
}
_START = {True: b"HTTP/1.1 200 OK\r\n", False: b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n"}
_HEAD = b"Content-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n"


async def _head(reader: asyncio.StreamReader) -> tuple[str, int, bool] | None:
    """Path, length of the body, and whether the connection stays open; None at its end."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = raw.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    alive = fields.get("connection", "").lower() != "close"
    return first.split(" ")[1], int(fields.get("content-length") or 0), alive


def _arguments(body: bytes) -> dict[str, str]:
    text = body.decode()
    if text.startswith("{"):
        return {name: str(value) for name, value in json.loads(text).items()}
    return {name: values[0] for name, values in parse_qs(text).items()}


def _port(server: Server | asyncio.Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])
