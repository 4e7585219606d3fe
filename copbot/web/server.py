"""The web server: a thread of the bot's own process."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from copbot.errors import Misconfigured
from copbot.web.pages import Measures, Ready, healthz, metrics, readyz
from copbot.web.slack_http import PATIENCE, Handle, slack_events

_HEADERS_WITHIN = 10.0
"""Seconds from the connection to the end of the first request's headers."""


class WebServer:
    """Serves health, readiness and metrics; with `slack_events` also Slack's requests. `port` 0 takes any."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        ready: Ready,
        measures: Measures,
        slack_events: Handle | None = None,
        patience: float = PATIENCE,
        headers_within: float = _HEADERS_WITHIN,
    ) -> None:
        self.host = host
        self.port = port
        config = uvicorn.Config(
            _application(ready, measures, slack_events, patience),
            http=_impatient(headers_within),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # pages.py judges the peer and whatever it forwards for, each by itself
            timeout_keep_alive=5,
            limit_concurrency=500,
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listening when this returns; raises `Misconfigured` when the port cannot be had."""
        listening = _listen(self.host, self.port)
        self.port = listening.getsockname()[1]
        run = threading.Thread(target=self._server.run, args=([listening],), name="web", daemon=True)
        run.start()
        self._thread = run
        while not self._server.started and run.is_alive():
            time.sleep(0.005)

    def stop(self, within: float = 3.0) -> None:
        """Take no more requests, finish those that came, and end within so many seconds."""
        if self._thread is None:
            return
        self._server.config.timeout_graceful_shutdown = max(1, int(within / 2))
        self._server.should_exit = True
        self._thread.join(within * 0.8)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(within * 0.2)


def _application(ready: Ready, measures: Measures, handle: Handle | None, patience: float) -> Starlette:
    routes = [
        Route("/healthz", healthz),
        Route("/readyz", readyz(ready)),
        Route("/metrics", metrics(measures)),
    ]
    if handle is not None:
        routes.append(Route("/slack/events", slack_events(handle, patience=patience), methods=["POST"]))
    return Starlette(routes=routes)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        why = error.strerror or "not possible"
        raise Misconfigured(
            f"Cannot listen on {host} port {port} ({why.lower()}). Set COPBOT_HTTP_PORT and COPBOT_HTTP_HOST to "
            "an address of this machine that is free."
        ) from None


def _impatient(within: float) -> type[H11Protocol]:
    """uvicorn's protocol waits for ever for a first request; a connection that says nothing is closed here."""

    class Impatient(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.loop.call_later(within, self._close_if_silent)

        def _close_if_silent(self) -> None:
            asked = getattr(self, "cycle", None)  # set with the first whole request
            if asked is None and not self.transport.is_closing():
                self.transport.close()

    return Impatient
