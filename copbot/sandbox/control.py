"""The control API: what the driver and the page ask of a sandbox, in this process or another."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from copbot.sandbox import (
    acting,
    administration,
    gallery,
    inspector,
    modals,
    page_state,
    tutorial,
    ui_actions,
)
from copbot.sandbox.calls import Fail
from copbot.sandbox.clock import machine_seconds
from copbot.sandbox.connections import Connections
from copbot.sandbox.faults import InjectedFault
from copbot.sandbox.finding import NotThere, channel_for, channels_of, messages_seen, person_named
from copbot.sandbox.methods import files
from copbot.sandbox.world import ReplyAddress, World

Json = dict[str, Any]
Answer = Callable[[World, Json], Awaitable[Json]]
LONGEST_WAIT = 30.0
PEOPLES_VERBS: dict[str, Callable[..., Awaitable[Json]]] = {
    verb.__name__: verb
    for verb in (
        acting.types,
        acting.says,
        acting.edits,
        acting.deletes,
        acting.reacts,
        acting.clicks,
        acting.chooses,
        acting.fills,
        acting.submits,
        acting.closes,
        acting.opens_home,
        acting.shortcut,
        acting.message_shortcut,
        acting.joins,
        acting.leaves,
        files.drops,
        ui_actions.presses,
        ui_actions.sets,
        ui_actions.asks_for_options,
    )
}


async def _act(world: World, body: Json) -> Json:
    """`page` marks what somebody does on the page: that is what its list of things to try looks for."""
    verb, user, args = PEOPLES_VERBS[body["verb"]], person_named(world, body["person"]), body.get("args", {})
    about = tutorial.subject(world, user, body["verb"], args) if body.get("page") else ""
    result = await verb(world, user, **args)
    if body.get("page"):
        tutorial.note(world, body["verb"], about, result)
    return result


async def _mark(world: World, body: Json) -> Json:
    result = await page_state.mark(world, body)
    tutorial.note(world, tutorial.LOOK, world.state.channels[body["channel"]].kind, result)
    return result


async def _look(world: World, body: Json) -> Json:
    """What one person has in front of them: notices, the modal, Home; and one channel, when asked for."""
    user = person_named(world, body["person"])
    modal, home = modals.top_modal(world, user["id"]), modals.home_of(world, user["id"])
    front: Json = {
        "user": user,
        "notices": world.state.notices.get(user["id"], []),
        "modal": modals.payload(modal) if modal else None,
        "depth": len(world.state.stacks.get(user["id"], [])),
        "home": modals.payload(home) if home else None,
        "names": world.state.names(),
    }
    if where := body.get("where"):
        rooms = channels_of(world, user) if where == "*" else [channel_for(world, user, where)]
        found = [{**m, "channel": c.id} for c in rooms for m in messages_seen(world, user, c)]
        front["messages"] = sorted(found, key=lambda m: float(m["ts"]))
    return front


async def _channel(world: World, body: Json) -> Json:
    channel = world.state.channel_named(body["channel"])
    if channel is None:
        raise NotThere(f"there is no channel {body['channel']}")
    messages = sorted(channel.messages.values(), key=lambda m: float(m["ts"]))
    return {"channel": channel.record(), "messages": messages, "names": world.state.names()}


async def _workspace(world: World, body: Json) -> Json:  # noqa: ARG001
    return {
        "users": list(world.state.users.values()),
        "channels": [c.record() for c in world.state.channels.values()],
        "connections": len(world.connections.open),
        "now": world.clock.now(),
    }


async def _admin(world: World, body: Json) -> Json:
    return administration.VERBS[body["verb"]](world, **body.get("args", {}))


async def _clock(world: World, body: Json) -> Json:
    if "set" in body:
        world.clock.set(float(body["set"]))
    world.clock.advance(float(body.get("advance", 0)))
    world.state.set_clock(world.clock.offset)
    if body.get("page"):
        tutorial.note(world, tutorial.CLOCK, "", {})
    return {"now": world.clock.now()}


async def _faults(world: World, body: Json) -> Json:
    if body.get("clear"):
        world.faults.clear()
    if "fault" in body:
        world.faults.add(InjectedFault(**body["fault"]))
    return {"waiting": [vars(fault) for fault in world.faults.waiting]}


async def _socket(world: World, body: Json) -> Json:
    links: Connections = world.connections
    if body["do"] == "drop":
        return {"dropped": await links.drop()}
    if body["do"] == "refresh":
        await links.refresh(body.get("reason", "refresh_requested"), float(body.get("seconds", 10.0)))
        return {}
    if body["do"] == "duplicate":
        links.duplicates[body["kind"]] = links.duplicates.get(body["kind"], 0) + int(body.get("times", 1))
        return {}
    if body["do"] == "address":
        user, channel = person_named(world, body["person"]), world.state.channel_named(body["channel"])
        if channel is None:
            raise NotThere(f"there is no channel {body['channel']}")
        url = world.new_response_url(ReplyAddress(user["id"], channel.id, machine_seconds()))
        trigger = world.new_trigger(user["id"])
        return {"user": user, "channel": channel.id, "trigger_id": trigger, "response_url": url}
    return await _raw(world, body)


async def _raw(world: World, body: Json) -> Json:
    """A hand-made envelope, sent as it is; the answer tells what came of it."""
    envelope = world.connections.new(
        body["type"], "raw", body["payload"], answerable=bool(body.get("answerable"))
    )
    envelope.attempt = int(body.get("attempt", 0))
    if await world.connections.send(envelope):
        await world.connections.acknowledged(envelope, float(body.get("timeout", world.timing.ack)))
    envelope.given_up = not envelope.acked
    return {"envelope": envelope.summary()}


async def _inspect(world: World, body: Json) -> Json:
    """The newest calls, envelopes and refusals; only `newest` of them, where that is asked."""
    method, kind, newest = body.get("method"), body.get("kind"), int(body.get("newest") or 0)
    return {
        "calls": [c for c in world.calls if method in (None, c["method"])][-newest:]
        if body["what"] == "calls"
        else [],
        "envelopes": [
            e.summary()
            for e in [e for e in world.connections.log if kind in (None, e.kind, e.type)][-newest:]
        ]
        if body["what"] == "envelopes"
        else [],
        "refusals": list(world.refusals.entries) if body["what"] == "refusals" else [],
        "pending_events": len(world.state.events),
    }


async def _wait(world: World, body: Json) -> Json:
    timeout = min(float(body.get("timeout", LONGEST_WAIT)), LONGEST_WAIT)
    await world.state.wait(int(body["since"]), timeout)
    return {}


ANSWERS: dict[str, Answer] = {
    "act": _act,
    "look": _look,
    "channel": _channel,
    "workspace": _workspace,
    "admin": _admin,
    "clock": _clock,
    "faults": _faults,
    "socket": _socket,
    "inspect": _inspect,
    "wait": _wait,
    "start": page_state.start,
    "glance": page_state.glance,
    "messages": page_state.messages,
    "mark": _mark,
    "directory": page_state.directory,
    "dismiss": page_state.dismiss,
    "traffic": inspector.traffic,
    "trace": inspector.trace,
    "refused": inspector.refused,
    "gallery": gallery.shown,
}


async def answered(world: World, name: str, body: Json) -> tuple[int, Json]:
    """The HTTP status and the answer. `wait` in it: nothing there yet, ask again after the next change."""
    if name not in ANSWERS:
        return 404, {"ok": False, "wait": False, "error": f"no such thing as {name}"}
    version = world.state.version
    try:
        found = await ANSWERS[name](world, body)
    except NotThere as nothing:
        return 200, {"ok": False, "wait": True, "error": str(nothing), "version": version}
    except (Fail, KeyError, TypeError, ValueError) as wrong:
        words = f"{type(wrong).__name__}: {wrong}"
        return 400, {"ok": False, "wait": False, "error": words, "version": version}
    world.state.flush()
    return 200, {"ok": True, **found, "version": world.state.version, "before": version}


def routes(world: World) -> list[Route]:
    async def control(request: Request) -> JSONResponse:
        body = json.loads(await request.body() or b"{}")
        status, answer = await answered(world, request.path_params["name"], body)
        return JSONResponse(answer, status)

    async def clock(request: Request) -> JSONResponse:  # noqa: ARG001
        return JSONResponse({"now": world.clock.now()})

    return [Route("/control/{name}", control, methods=["POST"]), Route("/clock", clock)]
