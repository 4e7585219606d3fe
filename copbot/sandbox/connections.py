"""Socket Mode, the server's side: open connections, envelopes in flight and their acks."""

import asyncio
import contextlib
import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from copbot.sandbox.clock import machine_seconds
from copbot.sandbox.refusals import RefusalLog

Json = dict[str, Any]

FRAME_BYTES = 20_480
MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0
KEPT = 2_000


class Wire(Protocol):
    """One open WebSocket."""

    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...


@dataclass(eq=False)
class Connection:
    wire: Wire
    number: int
    retiring: bool = False
    carrying: dict[str, "Envelope"] = field(default_factory=dict)


@dataclass(eq=False)
class Envelope:
    """One thing Slack wants the app to acknowledge, and what became of it."""

    id: str
    type: str
    payload: Json
    answerable: bool
    kind: str
    sent: list[float] = field(default_factory=list)
    ack: Json | None = None
    acked: bool = False
    ms: float | None = None
    ack_bytes: int = 0
    late: bool = False
    acks: int = 0
    given_up: bool = False
    attempt: int = 0
    at: float = 0.0
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def frame(self) -> str:
        body: Json = {
            "envelope_id": self.id,
            "type": self.type,
            "accepts_response_payload": self.answerable,
            "payload": self.payload,
        }
        if self.type == "events_api":
            body |= {"retry_attempt": self.attempt, "retry_reason": "timeout" if self.attempt else ""}
        return json.dumps(body)

    def summary(self) -> Json:
        return {
            "id": self.id,
            "type": self.type,
            "kind": self.kind,
            "payload": self.payload,
            "attempts": len(self.sent),
            "acked": self.acked,
            "acks": self.acks,
            "ack": self.ack,
            "ms": self.ms,
            "ack_bytes": self.ack_bytes,
            "late": self.late,
            "given_up": self.given_up,
            "at": self.at,
        }


class Connections:
    def __init__(self, refused: RefusalLog) -> None:
        self.open: list[Connection] = []
        self.log: deque[Envelope] = deque(maxlen=KEPT)
        self.duplicates: dict[str, int] = {}
        self._tickets: dict[str, float] = {}
        self._flying: dict[str, Envelope] = {}
        self._waiting: list[Envelope] = []
        self._numbers = 0
        self._turn = 0
        self._retiring: set[asyncio.Task[None]] = set()
        self._refused = refused
        self._opened = asyncio.Event()

    # -- connecting

    def ticket(self) -> str:
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = machine_seconds() + TICKET_SECONDS
        return ticket

    def admit(self, ticket: str) -> bool:
        """A ticket opens one connection, once."""
        return self._tickets.pop(ticket, 0.0) > machine_seconds()

    def full(self) -> bool:
        return len(self.open) >= MOST_CONNECTIONS

    async def add(self, wire: Wire, app_id: str) -> Connection:
        self._numbers += 1
        connection = Connection(wire, self._numbers)
        self.open.append(connection)
        hello = {
            "type": "hello",
            "num_connections": len(self.open),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 3600},
            "connection_info": {"app_id": app_id},
        }
        await wire.send_text(json.dumps(hello))
        self._opened.set()
        self._opened = asyncio.Event()
        waiting, self._waiting = self._waiting, []
        for envelope in waiting:
            if not envelope.acked and not envelope.given_up:
                await self._send(envelope, connection)
        return connection

    def remove(self, connection: Connection) -> None:
        """What it carried is sent again: on another connection, or on the next one that opens."""
        if connection not in self.open:
            return
        self.open.remove(connection)
        for envelope in connection.carrying.values():
            if envelope.acked or envelope.given_up:
                continue
            envelope.moved.set()
            if envelope.type != "events_api":
                self._waiting.append(envelope)
        connection.carrying.clear()
        if self._waiting and self._choose():
            asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        waiting, self._waiting = self._waiting, []
        for envelope in waiting:
            if not envelope.acked and not envelope.given_up and not await self._offer(envelope):
                self._waiting.append(envelope)

    async def opened(self, timeout: float) -> bool:
        """Waits until a connection is there."""
        if self._choose() is None:
            try:
                await asyncio.wait_for(self._opened.wait(), timeout)
            except TimeoutError:
                return False
        return True

    # -- sending

    def new(self, type_: str, kind: str, payload: Json, *, answerable: bool) -> Envelope:
        envelope = Envelope(_uuid(), type_, payload, answerable, kind)
        if len(self.log) == KEPT:
            self._flying.pop(self.log[0].id, None)
        self.log.append(envelope)
        self._flying[envelope.id] = envelope
        return envelope

    async def send(self, envelope: Envelope) -> bool:
        """False when no connection is open."""
        envelope.moved.clear()
        if not await self._offer(envelope):
            return False
        for _ in range(self._take_duplicates(envelope.type)):
            await self._offer(envelope)
        return True

    async def acknowledged(self, envelope: Envelope, timeout: float) -> bool:
        """Waits for the ack. An event whose connection was lost is not waited for: its next attempt is."""
        deadline = machine_seconds() + timeout
        while (left := deadline - machine_seconds()) > 0 and not envelope.acked:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(envelope.moved.wait(), left)
            if envelope.type == "events_api":
                break
            envelope.moved.clear()
        return envelope.acked

    async def _offer(self, envelope: Envelope) -> bool:
        connection = self._choose()
        return connection is not None and await self._send(envelope, connection)

    async def _send(self, envelope: Envelope, connection: Connection) -> bool:
        envelope.sent.append(machine_seconds())
        connection.carrying[envelope.id] = envelope
        try:
            await connection.wire.send_text(envelope.frame())
        except Exception:  # noqa: BLE001
            # A socket that breaks while it is written to is a lost connection, whatever it raises.
            self.remove(connection)
            return False
        return True

    def _choose(self) -> Connection | None:
        """Each payload goes to exactly one connection; the app must not rely on which."""
        usable = [c for c in self.open if not c.retiring] or self.open
        if not usable:
            return None
        self._turn += 1
        return usable[self._turn % len(usable)]

    def _take_duplicates(self, type_: str) -> int:
        name = {"events_api": "event", "slash_commands": "command"}.get(type_, type_)
        return self.duplicates.pop(name, 0)

    # -- receiving

    async def received(self, connection: Connection, text: str) -> None:
        if len(text.encode()) > FRAME_BYTES:
            self._refused.add(
                "socket", "frame_too_long", [f"{len(text.encode())} bytes, at most {FRAME_BYTES}"]
            )
            self.remove(connection)
            await connection.wire.close(1009, "message too big")
            return
        try:
            body = json.loads(text)
            envelope = self._flying.get(body["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self._refused.add("socket", "not_an_ack", [text[:200]])
            return
        if envelope is None:
            self._refused.add("socket", "unknown_envelope_id", [str(body["envelope_id"])[:80]])
            return
        connection.carrying.pop(envelope.id, None)
        self._settle(envelope, body.get("payload"), len(text.encode()))

    def _settle(self, envelope: Envelope, payload: Any, size: int) -> None:
        envelope.acks += 1
        if envelope.acked:
            return
        envelope.acked = True
        envelope.ack = payload if isinstance(payload, dict) else None
        envelope.ack_bytes = size
        envelope.ms = round((machine_seconds() - envelope.sent[0]) * 1000, 3)
        envelope.late = envelope.given_up
        envelope.moved.set()

    # -- faults

    async def drop(self) -> int:
        """Every connection breaks; returns how many there were."""
        gone = list(self.open)
        for connection in gone:
            self.remove(connection)
            await connection.wire.close(1011, "sandbox fault")
        return len(gone)

    async def refresh(self, reason: str, seconds: float) -> None:
        """Slack's own disconnect message: the app opens a new connection while the old ones live `seconds` more."""
        for connection in list(self.open):
            connection.retiring = True
            await connection.wire.send_text(
                json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            )
            task = asyncio.get_running_loop().create_task(self._retire(connection, seconds))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    async def _retire(self, connection: Connection, seconds: float) -> None:
        """What Slack announced comes true: the old connection ends."""
        await asyncio.sleep(seconds)
        if connection in self.open:
            self.remove(connection)
            await connection.wire.close(1000, "refreshed")


def _uuid() -> str:
    text = secrets.token_hex(16)
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
