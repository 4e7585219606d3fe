"""Slack over HTTP: take one request whole and in time, hand it on, and give the answer back.

Whether it comes from Slack is for the one who handles it to check: the signature needs the body as it came.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from anyio import CapacityLimiter, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

Answer = tuple[int, Mapping[str, Sequence[str]], str]
Handle = Callable[[str, Mapping[str, Sequence[str]]], Answer]
"""Body and headers in, status, headers and body out; called in a thread."""

MOST = 1024 * 1024
"""Bytes of one body; Slack's largest is about a quarter of it."""

PATIENCE = 5.0
"""Seconds a client may take to send its body."""

THREADS = 32


def slack_events(handle: Handle, *, patience: float = PATIENCE) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint for events, commands and interactions alike."""
    limiter: CapacityLimiter | None = None  # belongs to the server's loop, so it is made there

    async def take(request: Request) -> Response:
        nonlocal limiter
        limiter = limiter or CapacityLimiter(THREADS)
        try:
            body = await asyncio.wait_for(_body(request), patience)
        except TimeoutError:
            return _refused(408)
        except ClientDisconnect:
            return _refused(400)
        if body is None:
            return _refused(413)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return _refused(400)
        return _response(await to_thread.run_sync(handle, text, _headers(request), limiter=limiter))

    return take


async def _body(request: Request) -> bytes | None:
    """The whole body, or None when it is too large; not more than that is ever held."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > MOST:
        return None
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST:
            return None
        parts.append(part)
    return b"".join(parts)


def _headers(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in request.headers.items():
        found.setdefault(name, []).append(value)
    return found


def _response(answer: Answer) -> Response:
    status, headers, body = answer
    response = Response(body, status)
    for name, values in headers.items():
        if name.lower() != "content-length":
            for value in values:
                response.headers.append(name, value)
    return response


def _refused(status: int) -> Response:
    return PlainTextResponse("", status, headers={"connection": "close"})
