"""A web site on a loopback socket that answers exactly the bytes it is told to, at the pace it is told to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = bytes | Callable[[], Iterable[bytes]]


@dataclass
class Site:
    """`pages` maps a path to its answer. `asked` holds each request's head; `connections` counts all of them."""

    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _leaving: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pause(self, seconds: float) -> bool:
        """Wait as a slow site does; True when the site is closed meanwhile."""
        return self._leaving.wait(seconds)

    def close(self) -> None:
        self._leaving.set()


def page(
    body: bytes = b"",
    status: str = "200 OK",
    *,
    kind: str = "text/html",
    headers: dict[str, str] | None = None,
) -> bytes:
    """A whole answer."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def moved(to: str, status: str = "302 Found") -> bytes:
    return page(status=status, headers={"Location": to})


@contextmanager
def site(pages: dict[str, Answer] | None = None) -> Iterator[Site]:
    """A site that is up inside the block."""
    one = Site(dict(pages or {}))
    with socket.create_server(("127.0.0.1", 0)) as server:
        one.port = server.getsockname()[1]
        server.settimeout(0.05)
        thread = threading.Thread(target=_serve, args=(one, server), daemon=True)
        thread.start()
        try:
            yield one
        finally:
            one.close()
            thread.join(5)


def _serve(one: Site, server: socket.socket) -> None:
    answering: list[threading.Thread] = []
    while not one.pause(0):
        try:
            client, _ = server.accept()
        except TimeoutError:
            continue
        one.connections += 1
        answering.append(threading.Thread(target=_answer, args=(one, client), daemon=True))
        answering[-1].start()
    for thread in answering:
        thread.join(5)


def _answer(one: Site, client: socket.socket) -> None:
    with client:
        client.settimeout(0.5)
        try:
            head = b""
            while b"\r\n\r\n" not in head and (more := client.recv(65_536)):
                head += more
            text = head.decode("latin-1")
            one.asked.append(text)
            path = text.split(" ")[1] if " " in text else ""
            answer = one.pages.get(path, page(status="404 Not Found"))
            for part in (answer,) if isinstance(answer, bytes) else answer():
                client.sendall(part)
        except OSError:
            return  # the reader has had enough
