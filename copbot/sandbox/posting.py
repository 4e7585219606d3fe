"""Messages in a channel: how they come, change and go, and what the app hears of it."""

import asyncio
import re
from typing import Any

from copbot.sandbox.clock import machine_seconds
from copbot.sandbox.events import emit_message
from copbot.sandbox.people import APP_ID, BOT_ID, BOT_USER, TEAM
from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
LINK = re.compile(r"https?://[^\s<>|\"]+")
TOKEN = re.compile(r"<([^<>]+)>")


def bot_message(world: World, fields: Json) -> Json:
    """What chat.postMessage stores for the installed app."""
    profile = {
        "id": BOT_ID,
        "app_id": APP_ID,
        "user_id": BOT_USER,
        "name": world.app.bot_name,
        "deleted": False,
        "updated": int(world.clock.now()),
        "team_id": TEAM["id"],
    }
    head = {"type": "message", "user": BOT_USER, "bot_id": BOT_ID, "app_id": APP_ID, "team": TEAM["id"]}
    return {**head, "bot_profile": profile, **fields}


def user_message(world: World, user: Json, text: str) -> Json:
    """What a person's typed message looks like; `text` is already in Slack's escaped form."""
    blocks = [
        {
            "type": "rich_text",
            "block_id": world.state.new_id("b"),
            "elements": [{"type": "rich_text_section", "elements": rich_runs(text)}],
        }
    ]
    return {
        "type": "message",
        "user": user["id"],
        "client_msg_id": world.state.new_id("m").lower(),
        "text": text,
        "team": user["team_id"],
        "blocks": blocks,
    }


def rich_runs(text: str) -> list[Json]:
    """Escaped text as rich_text elements, the way Slack's own editor stores it."""
    runs: list[Json] = []
    for index, part in enumerate(TOKEN.split(text)):
        if index % 2 == 0:
            if part:
                plain = part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
                runs.append({"type": "text", "text": plain})
        elif part[0] == "@":
            runs.append({"type": "user", "user_id": part[1:].split("|")[0]})
        elif part[0] == "#":
            runs.append({"type": "channel", "channel_id": part[1:].split("|")[0]})
        elif part[0] == "!":
            runs.append({"type": "broadcast", "range": part[1:].split("|")[0]})
        else:
            runs.append({"type": "link", "url": part.split("|")[0]})
    return runs


def post(world: World, channel: Channel, message: Json, *, late: float = 0.0) -> Json:
    """Stores the message with its timestamp, counts it in its thread and tells the app."""
    message["ts"] = world.state.next_ts(channel)
    thread = message.get("thread_ts")
    if thread and thread in channel.messages:
        parent = channel.messages[thread]
        message["parent_user_id"] = parent.get("user", "")
        _count_reply(world, channel, parent, message)
    if late:
        world.state.late[(channel.id, message["ts"])] = machine_seconds() + late
    world.state.save_message(channel, message)
    emit_message(world, channel, message)
    return message


def edit(
    world: World, channel: Channel, message: Json, fields: Json, editor: str, *, marked: bool = True
) -> Json:
    """`fields` replace what they name, None removes; `marked` is the (edited) sign."""
    before = dict(message)
    for name, value in fields.items():
        if value is None:
            message.pop(name, None)
        else:
            message[name] = value
    moment = world.state.next_ts(channel)
    if marked:
        message["edited"] = {"user": editor, "ts": moment}
    world.state.save_message(channel, message)
    _tell_change(world, channel, message, before, moment)
    return message


def delete(world: World, channel: Channel, message: Json) -> None:
    """A thread's first message leaves a tombstone while it has replies."""
    moment = world.state.next_ts(channel)
    before = dict(message)
    if message.get("reply_count"):
        kept = ("ts", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
        stone: Json = {
            "type": "message",
            "subtype": "tombstone",
            "user": "USLACKBOT",
            "hidden": True,
            "text": "This message was deleted.",
            **{name: message[name] for name in kept if name in message},
        }
        world.state.save_message(channel, stone)
        _tell_change(world, channel, stone, before, moment)
        return
    world.state.drop_message(channel, message["ts"])
    _forget_reply(world, channel, message)
    body = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": message["ts"]}
    emit_message(world, channel, {**body, "previous_message": before, "ts": moment})


def system_message(world: World, channel: Channel, user: str, subtype: str, text: str, **more: Any) -> None:
    """Slack's own line in the channel: somebody joined, set the topic, archived it."""
    post(world, channel, {"type": "message", "subtype": subtype, "user": user, "text": text, **more})


def unfurl(world: World, channel: Channel, message: Json) -> None:
    """Slack looks the link up a moment later and changes the message, which the app hears as a change."""
    link = LINK.search(str(message.get("text", ""))) or LINK.search(str(message.get("blocks", "")))
    if link:
        world.later(_unfurl(world, channel, message["ts"], link.group().split("'")[0]))


async def _unfurl(world: World, channel: Channel, ts: str, url: str) -> None:
    await asyncio.sleep(0)
    message = channel.messages.get(ts)
    if message is None:
        return
    site = url.split("/")[2]
    preview = {
        "id": 1,
        "from_url": url,
        "original_url": url,
        "fallback": site,
        "title": site,
        "title_link": url,
    }
    edit(world, channel, message, {"attachments": [preview]}, BOT_USER, marked=False)


def _tell_change(world: World, channel: Channel, message: Json, before: Json, moment: str) -> None:
    body = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": moment}
    after = {name: value for name, value in message.items() if name != "metadata"}
    before = {name: value for name, value in before.items() if name != "metadata"}
    emit_message(world, channel, {**body, "message": after, "previous_message": before})


def _count_reply(world: World, channel: Channel, parent: Json, reply: Json) -> None:
    users = parent.setdefault("reply_users", [])
    if reply.get("user") not in users:
        users.append(reply.get("user"))
    parent["thread_ts"] = parent["ts"]
    parent["reply_count"] = parent.get("reply_count", 0) + 1
    parent["reply_users_count"] = len(users)
    parent["latest_reply"] = reply["ts"]
    world.state.save_message(channel, parent)


def _forget_reply(world: World, channel: Channel, reply: Json) -> None:
    parent = channel.messages.get(reply.get("thread_ts", ""))
    if parent is None:
        return
    left = [m for m in channel.messages.values() if m.get("thread_ts") == parent["ts"] and m is not parent]
    for name in ("reply_count", "reply_users", "reply_users_count", "latest_reply", "thread_ts"):
        parent.pop(name, None)
    for message in left:
        _count_reply(world, channel, parent, message)
    world.state.save_message(channel, parent)
