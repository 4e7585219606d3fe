"""The Web API over HTTP: who calls, what is allowed, how fast, what goes wrong on demand, and the answer."""

import asyncio
import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from copbot.sandbox.calls import METHODS, Args, Fail, Method, need
from copbot.sandbox.clock import machine_seconds
from copbot.sandbox.faults import InjectedFault, kill, pid_of_peer
from copbot.sandbox.methods import app_itself, channels, conversations, files, marks, views
from copbot.sandbox.methods import chat as methods_chat
from copbot.sandbox.methods import users as methods_users
from copbot.sandbox.people import BOT_USER
from copbot.sandbox.world import World

Json = dict[str, Any]
FAMILIES = (
    channels,
    methods_chat,
    conversations,
    files,
    marks,
    app_itself,
    methods_users,
    views,
)
HANG_SECONDS = 60.0
KEPT_BYTES = 65_536  # of an answer, for the inspector: two thousand long lists would fill the memory
QUIET = frozenset({"apps.connections.open", "auth.test", "api.test", "chat.postMessage"})
EXPECTED = frozenset(
    {"already_in_channel", "already_archived", "already_pinned", "already_reacted", "no_pin"}
)


@dataclass(frozen=True)
class Reply:
    """`status` 0: the connection breaks instead of an answer."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()


BROKEN = Reply(0)


@dataclass(frozen=True)
class Request:
    content_type: str
    authorization: str
    body: bytes
    query: bytes
    ports: tuple[int, int]


@dataclass
class ApiCall:
    """One call while it is worked on; `entry` is its line for the inspector."""

    name: str
    raw: Json
    bearer: str
    ports: tuple[int, int]
    entry: Json


def read_arguments(content_type: str, body: bytes, query: bytes) -> Json:
    """Form-encoded or JSON, with the query string behind it."""
    found: Json = dict(parse_qsl(query.decode(), keep_blank_values=True))
    if content_type.startswith("application/json"):
        try:
            sent = json.loads(body or b"{}")
        except ValueError:
            raise Fail("invalid_json") from None
        if not isinstance(sent, dict):
            raise Fail("json_not_object")
        return found | {name: value for name, value in sent.items() if value is not None}
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Fail("invalid_charset") from None
    return found | dict(parse_qsl(text, keep_blank_values=True))


async def answer(world: World, name: str, request: Request) -> Reply:
    """One call from beginning to end; everything about it but the token is kept for the inspector."""
    started = machine_seconds()
    entry: Json = {"method": name, "args": {}, "answer": None, "status": 0, "ms": 0.0, "fault": ""}
    entry["at"] = world.clock.now()
    world.calls.append(entry)
    if world.timing.latency:
        await asyncio.sleep(world.timing.latency)
    try:
        raw = read_arguments(request.content_type, request.body, request.query)
        raw.pop("_late", None)
        call = ApiCall(name, raw, _token(request.authorization, raw), request.ports, entry)
        entry["args"] = raw
        fault = world.faults.take(name, raw)
        reply = await _under_fault(world, fault, call) if fault else _perform(world, call)
    except Fail as fail:
        reply = _refused(world, name, fail, entry)
    world.state.flush()
    entry["status"] = reply.status
    entry["ms"] = round((machine_seconds() - started) * 1000, 3)
    return reply


def _token(authorization: str, raw: Json) -> str:
    in_body = str(raw.pop("token", "") or "")
    return authorization.removeprefix("Bearer ").strip() or in_body


async def _under_fault(world: World, fault: InjectedFault, call: ApiCall) -> Reply:
    call.entry["fault"] = fault.kind
    is_deadly = fault.kind.startswith("kill")
    pid = fault.pid or (pid_of_peer(call.ports) if is_deadly else 0)
    if is_deadly and not pid:  # who called has given up already, and would not notice its death
        world.faults.give_back(fault)
        return BROKEN
    if fault.kind == "kill_before":
        kill(pid)
        return BROKEN
    reply = BROKEN
    if fault.does_it:
        late = fault.seconds if fault.kind == "late_visible" else fault.late
        call.raw = call.raw | ({"_late": late} if late else {})
        reply = _perform(world, call)
        world.state.flush()
    if fault.kind == "kill_after":
        kill(pid)
        return BROKEN
    if fault.kind in ("hang", "slow"):
        await asyncio.sleep(fault.seconds or HANG_SECONDS)
    return _faulty(fault, reply)


def _faulty(fault: InjectedFault, reply: Reply) -> Reply:
    if fault.kind in ("slow", "late_visible"):
        return reply
    if fault.kind == "rate_limited":
        return _json({"ok": False, "error": "ratelimited"}, 429, retry_after=fault.retry_after)
    if fault.kind == "refuse":
        return _json({"ok": False, "error": fault.error})
    if fault.kind == "garbled":
        return Reply(200, fault.body.encode(), ((b"content-type", b"text/html"),))
    if fault.kind in ("http_500", "http_503"):
        return Reply(int(fault.kind[-3:]), b"upstream error", ((b"content-type", b"text/plain"),))
    return BROKEN


def _perform(world: World, call: ApiCall) -> Reply:
    try:
        known = METHODS.get(call.name)
        if known is None:
            raise Fail("unknown_method", req_method=call.name)
        _authorise(world, known, call.bearer)
        if known.scopes:
            need(world, *known.scopes)
        if known.name not in QUIET:
            _in_time(world, known)
        body = known.run(world, Args(call.raw))
    except Fail as fail:
        return _refused(world, call.name, fail, call.entry)
    whole = {"ok": True, **body}
    reply = _json(whole)
    size = len(reply.body)
    call.entry["answer"] = whole if size <= KEPT_BYTES else {"ok": True, "bytes": size}
    scopes = "connections:write" if known.caller == "app" else ",".join(sorted(world.app.scopes))
    return replace(reply, headers=(*reply.headers, (b"x-oauth-scopes", scopes.encode())))


def _authorise(world: World, known: Method, bearer: str) -> None:
    if known.caller == "any":
        return
    if not bearer:
        raise Fail("not_authed")
    kinds = {world.bot_token: "bot", world.app_token: "app"}
    if bearer not in kinds:
        raise Fail("invalid_auth")
    if kinds[bearer] != known.caller:
        raise Fail("not_allowed_token_type")
    if world.uninstalled or world.state.users[BOT_USER]["deleted"]:
        raise Fail("account_inactive")


def _in_time(world: World, known: Method) -> None:
    wait = world.rates.method(known.name, known.tier)
    if wait:
        raise Fail("ratelimited", retry_after=max(1, int(wait + 0.999)))


def _refused(world: World, name: str, fail: Fail, entry: Json) -> Reply:
    """Said in the answer, and written down for whoever looks for what went wrong."""
    body: Json = {"ok": False, "error": fail.error, **fail.more}
    if fail.messages:
        body["response_metadata"] = {"messages": list(fail.messages)}
    entry["answer"] = body
    if fail.error not in EXPECTED:
        world.refusals.add(name, fail.error, list(fail.messages))
    return _json(body, 429 if fail.retry_after else 200, retry_after=fail.retry_after)


def _json(body: Json, status: int = 200, *, retry_after: int = 0) -> Reply:
    headers = [(b"content-type", b"application/json; charset=utf-8")]
    if retry_after:
        headers.append((b"retry-after", str(retry_after).encode()))
    return Reply(status, json.dumps(body).encode(), tuple(headers))
