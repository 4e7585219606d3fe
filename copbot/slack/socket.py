"""Socket Mode over websocket-client: an ack leaves on the connection its envelope came by.

Slack replaces every connection from time to time. The next one is opened before the last is given up, so
there is no moment without a socket; work that has begun is finished before a connection is closed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread
from typing import Any

import structlog
import websocket

from copbot.slack.errors import RateLimited, SlackError, Unsure
from copbot.slack.in_flight import InFlight

log = structlog.get_logger("socket")

WORKERS = 24
"""Listeners at once. They wait on the database only, and a listener takes a few milliseconds."""
PING = 10.0
SILENCE = 4 * PING
"""Seconds without a sign of life after which a connection counts as dead."""
FATAL = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "not_allowed_token_type",
    "token_expired",
}

Dispatch = Callable[[dict[str, Any], dict[str, str]], tuple[bool, dict[str, Any]]]


class SocketMode:
    """Keeps one connection (two while one replaces the other) and runs `dispatch` for each envelope."""

    def __init__(
        self,
        open_url: Callable[[], str],
        dispatch: Dispatch,
        *,
        calm: InFlight | None = None,
        workers: int = WORKERS,
    ) -> None:
        self._open_url = open_url
        self._calm = calm or InFlight()
        self._dispatch = dispatch
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="listener")
        self._stopping = Event()
        self._replace = Event()
        self._lock = Lock()
        self._live: list[websocket.WebSocket] = []  # those that Slack has not asked us to replace
        self._open: list[websocket.WebSocket] = []
        self.on_gap: Callable[[], object] = lambda: None
        """Called when a connection is there again after there was none: events may be lost."""
        self._had_none = False
        self.trouble = ""

    @property
    def connected(self) -> bool:
        """Whether Slack reaches us. One that Slack wants replaced still delivers until it is closed."""
        with self._lock:
            return bool(self._open) and not self._stopping.is_set()

    @property
    def _lasting(self) -> bool:
        with self._lock:
            return bool(self._live)

    def start(self) -> None:
        """Connect once, raising `SlackError` or `OSError` if that fails, then keep connected."""
        try:
            self._connect()
        except (websocket.WebSocketException, ValueError):  # `ValueError`: the address is none
            raise Unsure("no_answer", "socket") from None
        Thread(target=self._keep, name="socket-keeper", daemon=True).start()

    def stop(self, within: float) -> None:
        """Take nothing new, finish what has begun for at most `within` seconds, then close."""
        self._stopping.set()
        self._replace.set()
        self._calm.wait(within)
        with self._lock:
            left = list(self._open)
        for connection in left:
            connection.close(timeout=1)
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _keep(self) -> None:
        pause = 0.1
        while not self._stopping.is_set():
            self._replace.wait(timeout=1.0)
            if self._stopping.is_set() or (self._lasting and not self._replace.is_set()):
                continue
            self._replace.clear()
            try:
                self._connect()
                pause = 0.1
            except (SlackError, websocket.WebSocketException, OSError, ValueError) as error:
                pause = self._failed(error, pause)
                self._stopping.wait(pause)
                self._replace.set()

    def _failed(self, error: Exception, pause: float) -> float:
        code = error.code if isinstance(error, SlackError) else type(error).__name__
        self.trouble = code
        log.warning("cannot_connect", code=code, again_in=pause)
        if isinstance(error, RateLimited):
            return error.retry_after
        return 30.0 if code in FATAL else min(pause * 2, 10.0)

    def _connect(self) -> None:
        connection = websocket.create_connection(self._open_url(), timeout=PING, enable_multithread=True)
        with self._lock:
            late = self._stopping.is_set()  # `stop` has already gone through those it has to close
            if not late:
                self._live.append(connection)
                self._open.append(connection)
        if late:
            connection.close(timeout=1)
            return
        self.trouble = ""
        Thread(target=self._read, args=(connection,), name="socket-reader", daemon=True).start()

    def _read(self, connection: websocket.WebSocket) -> None:
        try:
            self._listen(connection)
        except (websocket.WebSocketException, OSError) as error:
            log.info("connection_lost", code=type(error).__name__)
        finally:  # whatever ended it: a connection nobody reads must not count as one
            self._gone(connection)

    def _listen(self, connection: websocket.WebSocket) -> None:
        heard = time.monotonic()
        while not self._stopping.is_set():
            try:
                _, frame = connection.recv_data_frame(control_frame=True)
            except websocket.WebSocketTimeoutException:
                if time.monotonic() - heard > SILENCE:
                    return
                connection.ping()
                continue
            heard = time.monotonic()
            if frame is None or frame.opcode == websocket.ABNF.OPCODE_CLOSE:
                return
            if frame.opcode == websocket.ABNF.OPCODE_TEXT:
                self._heard(connection, _envelope(frame.data))

    def _heard(self, connection: websocket.WebSocket, envelope: dict[str, Any]) -> None:
        kind = envelope.get("type")
        if kind == "hello":
            told = envelope.get("num_connections")
            log.info("connected", connections=told if isinstance(told, int) else 0)
            if self._had_none:
                self._had_none = False
                self._workers.submit(self.on_gap)
        elif kind == "disconnect":
            # The next connection is opened while this one still delivers; Slack closes this one itself.
            log.info("replacing_connection", reason=str(envelope.get("reason") or "")[:40])
            if self._retire(connection):
                self._replace.set()
        elif envelope.get("envelope_id"):
            self._calm.arrived()
            self._workers.submit(self._work, connection, envelope)

    def _work(self, connection: websocket.WebSocket, envelope: dict[str, Any]) -> None:
        try:
            headers = {"x-slack-retry-num": str(envelope.get("retry_attempt") or 0)}
            acked, body = self._dispatch(envelope.get("payload") or {}, headers)
            if acked:
                answer: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
                if body and envelope.get("accepts_response_payload", True):
                    answer["payload"] = body
                connection.send(json.dumps(answer))
        except (websocket.WebSocketException, OSError) as error:
            # What was saved stays saved; Slack delivers again and the claim answers.
            log.info("ack_lost", code=type(error).__name__)
        finally:
            self._calm.answered()

    def _retire(self, connection: websocket.WebSocket) -> bool:
        """No longer count on it; whether anybody still did."""
        with self._lock:
            was_live = connection in self._live
            if was_live:
                self._live.remove(connection)
        return was_live

    def _gone(self, connection: websocket.WebSocket) -> None:
        was_live = self._retire(connection)
        if self._stopping.is_set():
            return  # closed by `stop`, after the last ack
        with self._lock:
            self._open.remove(connection)
            self._had_none = self._had_none or not self._open
        connection.shutdown()  # type: ignore[no-untyped-call]
        if was_live:
            self._replace.set()


def _envelope(frame: bytes) -> dict[str, Any]:
    """What a frame holds; nothing, for one that is no envelope: it is no reason to give the connection up."""
    try:
        found = json.loads(frame)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        log.warning("unreadable_frame")
        return {}
    return found
