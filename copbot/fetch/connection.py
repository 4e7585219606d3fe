"""Connections that go only where they may, and end in time: httpcore's network backend behind our rules."""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

from copbot.fetch.rules import Address, Network, NotFetched, may_connect

CONNECT = 5.0
"""Seconds for one connection to one address."""

Resolve = Callable[[str, int], Sequence[Address]]


def resolve(host: str, port: int) -> Sequence[Address]:
    """Every address of a host. Raises `OSError` when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


class Deadline:
    """How long a whole reading may still take, in seconds: until the first byte, and to the end."""

    def __init__(self, first_byte: float, whole: float) -> None:
        began = time.monotonic()
        self._first, self._end = began + first_byte, began + whole
        self._begun = False

    def begun(self) -> None:
        """The first byte has come."""
        self._begun = True

    def left(self) -> float:
        """Seconds left. Raises `NotFetched` when there are none."""
        left = (self._end if self._begun else min(self._first, self._end)) - time.monotonic()
        if left <= 0:
            raise too_slow()
        return left


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves a name once, checks every address it has, and connects to one that was checked."""

    def __init__(self, allowed: Iterable[Network], deadline: Deadline, resolve: Resolve = resolve) -> None:
        self._allowed = tuple(allowed)
        self._deadline = deadline
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._addresses(host, port)
        if not all(may_connect(address, port, self._allowed) for address in addresses):
            raise NotFetched("private", "This address is not on the public web, so it is not read.")
        for number, address in enumerate(addresses):
            try:
                most = min(CONNECT, self._deadline.left())
                stream = self._sockets.connect_tcp(str(address), port, timeout=most)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses) - 1:
                    raise
            else:
                return TimedStream(stream, self._deadline)
        raise no_such_name()

    def _addresses(self, host: str, port: int) -> list[Address]:
        """In a thread of its own, since the system's look-up takes no time limit."""
        answers: queue.Queue[Sequence[Address] | OSError] = queue.Queue()

        def look_up() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, ValueError) as error:
                answers.put(OSError(type(error).__name__))

        threading.Thread(target=look_up, name="name-look-up", daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except queue.Empty:
            raise too_slow() from None
        if isinstance(answer, OSError) or not answer:
            raise no_such_name()
        return list(dict.fromkeys(answer))


class TimedStream(httpcore.NetworkStream):
    """A stream whose every read and write counts against the deadline of the whole reading."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        got = self._stream.read(max_bytes, self._deadline.left())
        self._deadline.begun()
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def too_slow() -> NotFetched:
    return NotFetched("too_slow", "The site took too long to answer. Try again later.")


def no_such_name() -> NotFetched:
    return NotFetched("no_such_name", "No site has this name. Check the address.")
