"""A strict Slack on this machine: start it, point a bot at it, drive its people."""

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.websockets import WebSocket, WebSocketDisconnect

from copbot.sandbox import control, page, web_api
from copbot.sandbox.calls import Fail
from copbot.sandbox.clock import WorkspaceClock
from copbot.sandbox.connections import Connections
from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.events import resume
from copbot.sandbox.faults import Faults
from copbot.sandbox.manifest import read_manifest
from copbot.sandbox.methods import files
from copbot.sandbox.people import APP_ID
from copbot.sandbox.rates import Rates
from copbot.sandbox.refusals import RefusalLog
from copbot.sandbox.responses import respond
from copbot.sandbox.serving import Server
from copbot.sandbox.state import WorkspaceState, seed
from copbot.sandbox.storage import RecordFile
from copbot.sandbox.world import SlackTiming, World

Json = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

BOT_TOKEN = "xoxb-1000000000-2000000000-sandbox"  # noqa: S105 - opens nothing but this sandbox
APP_TOKEN = f"xapp-1-{APP_ID}-3000000000-sandbox"
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
START_SECONDS = 20.0
CONTROL_SECONDS = 90.0


class Sandbox:
    """One workspace. `port` 0 takes any free one; another that is taken gives way to the next free one."""

    def __init__(
        self,
        manifest: Json,
        *,
        state_path: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        bot_token: str | None = None,
        app_token: str | None = None,
        enforce_rates: bool = True,
        timing: SlackTiming | None = None,
        redelivery: tuple[float, ...] | None = None,
        latency: float | None = None,
        hide_days: int | None = None,
        clock_offset: float | None = None,
    ) -> None:
        self._app = read_manifest(manifest)
        self._state_path, self._host, self._port = state_path, host, port
        self.bot_token, self.app_token = bot_token or BOT_TOKEN, app_token or APP_TOKEN
        self._enforce_rates, self._hide_days = enforce_rates, hide_days
        given = {"redelivery": redelivery, "latency": latency}
        chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        self._timing = replace(timing or SlackTiming(), **chosen)
        self._clock_offset = clock_offset
        self._ready, self._thread = threading.Event(), threading.Thread(target=self._serve, daemon=True)
        self._server: Server | None = None
        self._failure: BaseException | None = None
        self._drivers: list[Workspace] = []
        self.url = ""

    # -- life

    def start(self) -> "Sandbox":
        self._socket = _listen(self._host, self._port)
        self.url = f"http://{self._host}:{self._socket.getsockname()[1]}"
        self._thread.start()
        if not self._ready.wait(START_SECONDS) or self._failure:
            self._socket.close()
            raise RuntimeError("the sandbox did not start") from self._failure
        return self

    def stop(self) -> None:
        for driver in self._drivers:
            driver.close()
        if self._server is not None:
            self._server.leave()
        self._thread.join(START_SECONDS)

    def wait(self) -> None:
        """Until somebody stops it."""
        self._thread.join()

    def __enter__(self) -> "Sandbox":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- where things are

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def clock_url(self) -> str:
        return f"{self.url}/clock"

    @property
    def staff_channel(self) -> str:
        return self._staff_channel

    def environment(self) -> dict[str, str]:
        """What a bot needs to live here."""
        return {
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_API_URL": self.api_url,
            "COPBOT_CLOCK_URL": self.clock_url,
            "COPBOT_STAFF_CHANNEL": self._staff_channel,
        }

    def workspace(self) -> Workspace:
        """The driver of this sandbox; closed with it."""
        self._drivers.append(Workspace(self.url, self._control))
        return self._drivers[-1]

    def _control(self, name: str, body: Json) -> Json:
        """What a POST to `/control/NAME` is answered, without the way over the network and back.

        Raises httpx's errors when the workspace is gone, or goes meanwhile, as that way would.
        """
        asked = self._loop_answers(name, json.dumps(body))
        try:
            coming = asyncio.run_coroutine_threadsafe(asked, self._loop)
        except RuntimeError:  # its loop is closed
            asked.close()
            raise httpx.ConnectError("The workspace has stopped.") from None
        try:
            answer: Json = json.loads(coming.result(CONTROL_SECONDS))
        except TimeoutError:
            raise httpx.ReadTimeout("The workspace did not answer.") from None
        except CancelledError:
            raise httpx.ReadError("The workspace stopped meanwhile.") from None
        return answer

    # -- inside its own thread

    async def _loop_answers(self, name: str, body: str) -> str:
        _, answer = await control.answered(self._there, name, json.loads(body))
        return json.dumps(answer)

    def _serve(self) -> None:
        try:
            asyncio.run(self._run())
        except BaseException as failure:  # noqa: BLE001 - told to whoever waits in start()
            self._failure = failure
            self._ready.set()

    def _world(self) -> World:
        clock = WorkspaceClock()
        state = WorkspaceState(RecordFile(self._state_path), clock)
        refusals = RefusalLog(clock.now, state.changed)
        if self._clock_offset is not None:
            state.set_clock(self._clock_offset)
        seed(state, self._app.bot_name)
        self._staff_channel = state.staff_channel
        return World(
            app=self._app,
            state=state,
            clock=clock,
            connections=Connections(refusals),
            refusals=refusals,
            faults=Faults(state),
            rates=Rates(enforced=self._enforce_rates),
            timing=self._timing,
            bot_token=self.bot_token,
            app_token=self.app_token,
            url=self.url,
            hide_days=self._hide_days,
        )

    async def _run(self) -> None:
        world = self._there = self._world()
        self._loop = asyncio.get_running_loop()
        config = uvicorn.Config(
            Front(world, self._host),
            log_config=None,
            access_log=False,
            log_level="critical",
            lifespan="off",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            backlog=2048,
        )
        self._server = Server(config)
        resume(world)
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.005)
        self._ready.set()
        try:
            await serving
        finally:
            for task in list(world.tasks):
                task.cancel()
            world.state.close()


def _listen(host: str, port: int) -> socket.socket:
    """The port asked for, or the next free one."""
    for candidate in [port] if port == 0 else range(port, port + 50):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError:
            listener.close()
            continue
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    raise OSError(f"no free port from {port} on")


class Front:
    """The first thing every request meets: names of hosts, the Web API by a short path, the rest by routes."""

    def __init__(self, world: World, host: str) -> None:
        self._world = world
        self._names = {*LOCAL_NAMES, host}
        self._rest = Starlette(routes=[*control.routes(world), *files.routes(world), *page.routes(world)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers") or [])
        if not self._welcome(headers):
            await _answer(send, web_api.Reply(403, b"wrong host or origin"), scope["type"])
        elif scope["type"] == "websocket":
            await self._link(WebSocket(scope, receive, send))
        elif scope["path"].startswith("/api/"):
            await self._call(scope, headers, receive, send)
        elif scope["path"].startswith("/response/"):
            await self._respond(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    def _welcome(self, headers: dict[bytes, bytes]) -> bool:
        """A web page elsewhere must not reach this server through somebody's browser."""
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        return host.rsplit(":", 1)[0] in self._names and origin in ("", f"http://{host}")

    async def _call(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        request = web_api.Request(
            content_type=headers.get(b"content-type", b"").decode("latin-1"),
            authorization=headers.get(b"authorization", b"").decode("latin-1"),
            body=body,
            query=scope["query_string"],
            ports=((scope.get("client") or ("", 0))[1], (scope.get("server") or ("", 0))[1] or 0),
        )
        reply = await web_api.answer(self._world, scope["path"].removeprefix("/api/"), request)
        if reply.status:
            await _answer(send, reply)
        else:
            await _break(receive)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        try:
            raw = web_api.read_arguments("application/json", body, b"")
            respond(self._world, scope["path"].removeprefix("/response/"), raw)
        except Fail as fail:
            self._world.refusals.add("response_url", fail.error, list(fail.messages))
            status = 429 if fail.retry_after else 404 if fail.error.endswith("_url") else 500
            await _answer(send, web_api.Reply(status, fail.error.encode()))
            return
        self._world.state.flush()
        await _answer(send, web_api.Reply(200, b"ok"))

    async def _link(self, wire: WebSocket) -> None:
        links = self._world.connections
        if not links.admit(wire.query_params.get("ticket", "")) or links.full():
            self._world.refusals.add(
                "socket", "not_admitted", ["no valid ticket, or ten connections already"]
            )
            await wire.close(1008)
            return
        await wire.accept()
        connection = await links.add(wire, APP_ID)
        self._world.state.changed()
        try:
            while True:
                await links.received(connection, await wire.receive_text())
        except (WebSocketDisconnect, RuntimeError, KeyError):
            links.remove(connection)
            self._world.state.changed()


async def _body(receive: Receive) -> bytes | None:
    """None when the caller is gone before it has said everything, as one that was killed: that is no call."""
    parts, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _answer(send: Send, reply: web_api.Reply, kind: str = "http") -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    length = (b"content-length", str(len(reply.body)).encode())
    await send({"type": "http.response.start", "status": reply.status, "headers": [*reply.headers, length]})
    await send({"type": "http.response.body", "body": reply.body})


async def _break(receive: Receive) -> None:
    """The caller's connection is gone without an answer: uvicorn's own request cycle holds the transport."""
    cycle = getattr(receive, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is not None:
        transport.abort()
    for _ in range(3):
        await asyncio.sleep(0)
