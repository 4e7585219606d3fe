"""What the inspector shows: each call and envelope in a line, its whole on demand, and what Slack would have refused."""

from typing import Any

from copbot.sandbox.finding import NotThere
from copbot.sandbox.world import World

Json = dict[str, Any]
SHOWN = 150

# For refusals that Slack gives no further words for.
REASONS = {
    "not_in_channel": "The app is not a member of that channel: it has to join, or be invited.",
    "channel_not_found": "There is no such channel, or it is private and the app is not in it.",
    "is_archived": "The channel is archived: nothing can be written there.",
    "missing_scope": "The manifest does not ask for the permission this method needs.",
    "message_not_found": "There is no such message, or it is not the app's own.",
    "cant_update_message": "Only the app's own messages can be changed.",
    "cant_delete_message": "Only the app's own messages can be deleted.",
    "user_not_found": "There is no such person.",
    "user_not_in_channel": "Only members of a channel can be told something there.",
    "expired_trigger_id": "A form must be opened within three seconds of the press or command.",
    "exchanged_trigger_id": "A trigger opens one form, once.",
    "invalid_trigger_id": "This trigger was never given out.",
    "hash_conflict": "The view has changed since the app last saw it.",
    "not_found": "The view is closed.",
    "push_limit_reached": "At most three forms lie on top of each other.",
    "ratelimited": "Too many calls of this method, or more than a message a second in one channel.",
    "no_text": "A message needs text or blocks.",
    "invalid_auth": "The token is not one of this workspace's.",
    "not_authed": "The call carries no token.",
    "not_allowed_token_type": "This method takes the other kind of token.",
    "account_inactive": "The app was removed from the workspace.",
    "unknown_method": "Slack has no such method, or this workspace does not know it yet.",
    "given_up": "The app never acknowledged this event, at any of its attempts.",
    "frame_too_long": "An ack may have 20,480 bytes; Slack closes the connection over a longer one.",
    "unknown_envelope_id": "An ack must name an envelope that was sent.",
}


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
    entries = [
        {**entry, "at": at, "reason": REASONS.get(entry["error"], "")}
        for entry, at in zip(log.entries, log.moments, strict=True)
    ]
    return {"refused": entries[::-1]}
