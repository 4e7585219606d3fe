"""Events API: what the app hears of, and how often Slack tries to tell it."""

import asyncio
from typing import Any

from copbot.sandbox.people import APP_ID, BOT_USER, TEAM
from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
SOURCES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def emit(world: World, event: Json, *, subscription: str = "") -> None:
    """Queues the event if the manifest subscribes to it; it is kept until the app acknowledges it."""
    if (subscription or event["type"]) not in world.app.events or world.uninstalled:
        return
    event.setdefault("event_ts", _now_ts(world))
    event_id = world.state.new_id("Ev")
    body = {
        "token": "sandbox-verification-token",
        "team_id": TEAM["id"],
        "context_team_id": TEAM["id"],
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(world.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM["id"],
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": _is_shared(world, event.get("channel")),
        "event_context": f"4-{event_id}",
    }
    world.state.save_event(event_id, {"body": body, "tried": 0})
    world.later(_deliver(world, event_id))


def emit_message(world: World, channel: Channel, message: Json, *, always: bool = False) -> None:
    """A message event reaches the app where it is a member."""
    if not always and not world.bot_in(channel):
        return
    event = {**message, "channel": channel.id, "channel_type": channel.kind}
    event.setdefault("event_ts", event["ts"])
    event.pop("metadata", None)
    emit(world, event, subscription=SOURCES[channel.kind])
    if f"<@{BOT_USER}>" in str(message.get("text", "")) and "subtype" not in message and channel.kind != "im":
        emit(world, {**event, "type": "app_mention"})


def _is_shared(world: World, channel_id: Any) -> bool:
    """Whether people of another workspace are in the channel."""
    channel = world.state.channels.get(channel_id) if isinstance(channel_id, str) else None
    members = channel.members if channel else []
    return any(world.state.users[member]["team_id"] != TEAM["id"] for member in members)


def resume(world: World) -> None:
    """After a restart the attempts that were left are still made."""
    for event_id in list(world.state.events):
        world.later(_deliver(world, event_id))


async def _deliver(world: World, event_id: str) -> None:
    record = world.state.events[event_id]
    envelope = world.connections.new("events_api", "event", record["body"], answerable=False)
    envelope.at = world.clock.now()
    pauses = (None, *world.timing.redelivery)
    for attempt in range(record["tried"], len(pauses)):
        if not await _may_try(world, pauses[attempt]):
            continue
        record["tried"] = attempt + 1
        world.state.save_event(event_id, record)
        envelope.attempt = attempt
        if await world.connections.send(envelope):
            await world.connections.acknowledged(envelope, world.timing.ack)
        if envelope.acked:
            break
    else:
        envelope.given_up = True
        world.refusals.add("events", "given_up", [f"{event_id} {record['body']['event']['type']}"])
    world.state.save_event(event_id, None)


async def _may_try(world: World, pause: float | None) -> bool:
    """The first attempt is made at once; a retry waits its turn, then up to an ack's time for a connection."""
    if pause is None:
        return True
    await asyncio.sleep(pause)
    return await world.connections.opened(world.timing.ack)


def _now_ts(world: World) -> str:
    micro = int(world.clock.now() * 1_000_000)
    return f"{micro // 1_000_000}.{micro % 1_000_000:06d}"
