"""What the inspector shows: each call and envelope in a line, its whole on demand, and what Slack would have refused."""

from typing import Any

from copbot.sandbox.finding import NotThere
from copbot.sandbox.world import World

Json = dict[str, Any]
SHOWN = 150


async def traffic(world: World, body: Json) -> Json:
    """The newest lines first, without bodies."""
    limit = min(int(body.get("limit") or SHOWN), 1_000)
    calls = [_call_line(number, call) for number, call in enumerate(world.calls)]
    envelopes = [_envelope_line(envelope.summary()) for envelope in world.connections.log]
    lines = sorted([*calls, *envelopes], key=lambda line: float(line["at"]), reverse=True)
    return {"lines": lines[:limit], "more": max(len(lines) - limit, 0), "limit_ms": world.timing.ack * 1000}


def _call_line(number: int, call: Json) -> Json:
    answer = call["answer"] or {}
    return {
        "key": f"call:{call['at']}:{number}",
        "is": "call",
        "name": call["method"],
        "at": call["at"],
        "ms": call["ms"],
        "status": call["status"],
        "error": "" if answer.get("ok") else str(answer.get("error", "no answer")),
        "fault": call["fault"],
    }


def _envelope_line(envelope: Json) -> Json:
    payload = envelope["payload"]
    about = payload.get("command") or payload.get("callback_id") or (payload.get("event") or {}).get("type")
    actions = payload.get("actions") or [{}]
    about = about or (payload.get("view") or {}).get("callback_id") or actions[0].get("action_id") or ""
    return {
        "key": f"envelope:{envelope['id']}",
        "is": "envelope",
        "name": envelope["kind"],
        "about": about,
        "at": envelope["at"],
        "ms": envelope["ms"],
        "error": _trouble(envelope),
        "attempts": envelope["attempts"],
    }


def _trouble(envelope: Json) -> str:
    if envelope["late"]:
        return "acknowledged too late"
    if envelope["acked"]:
        return ""
    return "never acknowledged" if envelope["given_up"] else "waiting"


async def trace(world: World, body: Json) -> Json:
    """One line's whole: arguments and answer, or payload and ack."""
    kind, _, rest = str(body["key"]).partition(":")
    if kind == "envelope":
        for envelope in world.connections.log:
            if envelope.id == rest:
                return {"whole": envelope.summary()}
    else:
        moment = rest.partition(":")[0]
        for call in world.calls:
            if str(call["at"]) == moment:
                return {"whole": call}
    raise NotThere("that is no longer kept")


async def refused(world: World, body: Json) -> Json:  # noqa: ARG001
    """What real Slack would not have taken, with its reason, newest first."""
    log = world.refusals
    entries = [{**entry, "at": at} for entry, at in zip(log.entries, log.moments, strict=True)]
    return {"refused": entries[::-1]}
