"""The web server under the sandbox: uvicorn, which comes and goes at once.

By itself it looks ten times a second whether it should go, and waits a tenth of a second for whoever is connected.
Every test has a sandbox of its own, so that was most of the waiting in the suite.
"""

import asyncio
import socket
import time
from contextlib import suppress

import uvicorn

LOOK_SECONDS = 0.1
GRACE_SECONDS = 1.0


class Server(uvicorn.Server):
    """`leave` may be called from any thread."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()

    def leave(self) -> None:
        self.should_exit = True
        with suppress(RuntimeError):  # it has gone by itself, and its loop with it
            self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), LOOK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Nobody comes in any more; answers under way may be finished for a second."""
        for server in self.servers:
            server.close()
        for listening in sockets or ():
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        until = time.monotonic() + GRACE_SECONDS
        while self._is_busy() and time.monotonic() < until:
            await asyncio.sleep(0.005)
        for task in list(self.server_state.tasks):
            task.cancel()

    def _is_busy(self) -> bool:
        return bool(self.server_state.connections or self.server_state.tasks)
