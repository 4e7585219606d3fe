"""Reading an address on the web: only where we may, with redirects, sizes, times and encodings all bounded."""

from __future__ import annotations

import functools
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpcore
import httpx

from copbot.fetch.rules import Address, Network, NotFetched, Target, may_connect, redirected, target

LARGEST = 5 * 1024 * 1024
"""Bytes of one answer."""
FIRST_BYTE, WHOLE = 10.0, 30.0
"""Seconds to the first byte, and to the end with all redirects."""
CONNECT = 5.0
"""Seconds for one connection to one address."""
REDIRECTS = 5
_MOVED, _MOVED_FOR_GOOD = {301, 302, 303, 307, 308}, {301, 308}
_NAME = "Mozilla/5.0 (compatible; community-of-practice resource reader)"

Resolve = Callable[[str, int], Sequence[Address]]


def resolve(host: str, port: int) -> Sequence[Address]:
    """Every address of a host. Raises `OSError` when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


@dataclass(frozen=True)
class Fetched:
    """An answer of the web. `url` is where it came from in the end; `body` is empty unless `status` is 200.

    `moved_to` is the address to use from now on, when every redirect on the way was permanent.
    """

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: str = ""
    moved_to: str = ""


@dataclass(frozen=True)
class Web:
    """The guard's settings: networks that may be read besides public ones, and the bounds."""

    allowed: tuple[Network, ...] = ()
    largest: int = LARGEST
    first_byte: float = FIRST_BYTE
    whole: float = WHOLE
    resolve: Resolve = resolve

    def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", accept: str = "*/*", body: bool = True
    ) -> Fetched:
        """The answer at a URL. With `etag` or `last_modified`, status 304 says that nothing has changed.

        Without `body` only the status is read. Raises `NotFetched`; an answer of any status is no error.
        """
        here, for_good, deadline = target(url), True, Deadline(self.first_byte, self.whole)
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {"Accept": accept, **{name: value for name, value in conditions.items() if value}}
        for _ in range(REDIRECTS + 1):
            got, location = self._once(here, headers, deadline, body=body)
            if got.status not in _MOVED or not location:
                return replace(got, moved_to=here.url if for_good and here.url != target(url).url else "")
            for_good = for_good and got.status in _MOVED_FOR_GOOD
            here = redirected(here.url, location)
        raise NotFetched("redirects", "This address keeps redirecting. Check it in a browser.")

    def _once(
        self, here: Target, headers: dict[str, str], deadline: Deadline, *, body: bool
    ) -> tuple[Fetched, str]:
        """One request without redirects; the answer, and where it says to go on."""
        backend = GuardedBackend(self.allowed, deadline, self.resolve)
        ours = {"User-Agent": _NAME, "Accept-Encoding": "identity", "Connection": "close"}
        sent = [
            (name.encode(), value.encode("latin-1", "ignore")) for name, value in (headers | ours).items()
        ]
        context = _tls() if here.scheme == "https" else None
        with (
            _in_words(),
            httpcore.ConnectionPool(ssl_context=context, network_backend=backend) as pool,
            pool.stream("GET", here.url, headers=sent) as answer,
        ):
            said = {name.lower(): value.decode("latin-1").strip() for name, value in answer.headers}
            got = _described(here.url, answer.status, said)
            if got.status == 200 and body:
                # A small answer can unpack to any size, and nobody asked for one.
                if said.get(b"content-encoding", "identity").lower() not in ("", "identity"):
                    raise NotFetched(
                        "compressed", "The site sends only compressed pages, which can't be read here."
                    )
                got = replace(got, body=_whole(answer.iter_stream(), self.largest))
            return got, said.get(b"location", "")


def _described(url: str, status: int, said: Mapping[bytes, str]) -> Fetched:
    kind, _, details = said.get(b"content-type", "").partition(";")
    charset = details.partition("charset=")[2].partition(";")[0].strip().strip("\"'")
    return Fetched(
        url,
        status,
        content_type=kind.strip().lower(),
        charset=charset[:40],
        etag=said.get(b"etag", "")[:500],
        last_modified=said.get(b"last-modified", "")[:100],
        retry_after=said.get(b"retry-after", "")[:40],
    )


def _whole(parts: Iterable[bytes], largest: int) -> bytes:
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > largest:
            megabytes = largest // (1024 * 1024)
            raise NotFetched("too_large", f"This is larger than {megabytes} MB, so it is not read.")
    return bytes(body)


@contextmanager
def _in_words() -> Iterator[None]:
    """httpcore's errors as `NotFetched`."""
    try:
        yield
    except httpcore.TimeoutException:
        raise too_slow() from None
    except httpcore.ConnectError as error:
        if isinstance(error.__cause__, ssl.SSLError) or "SSL" in str(error):
            words = "The site's certificate is not valid, so it is not read."
            raise NotFetched("certificate", words) from None
        raise NotFetched("unreachable", "The site cannot be reached. Check the address.") from None
    except (httpcore.NetworkError, httpcore.ProtocolError):
        raise NotFetched("broken", "The site stopped in the middle of its answer. Try again later.") from None


@functools.lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


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
