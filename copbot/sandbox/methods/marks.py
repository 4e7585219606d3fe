"""bookmarks.*, pins.*, reactions.*: what is attached to channels and messages."""

import re
from typing import Any

from copbot.sandbox.calls import Args, Fail, channel_of, method
from copbot.sandbox.events import emit
from copbot.sandbox.people import APP_ID, BOT_USER
from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
MOST_BOOKMARKS, MOST_PINS, MOST_REACTIONS = 100, 100, 50
EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def _channel(world: World, args: Args, name: str = "channel") -> Channel:
    channel = channel_of(world, args, name=name)
    if not world.bot_in(channel):
        raise Fail("not_in_channel" if channel.kind == "channel" else "channel_not_found")
    return channel


def _link(args: Args) -> str:
    link = args.text("link")
    if not re.match(r"https?://[^\s/]", link):
        raise Fail("invalid_link")
    return link


@method("bookmarks.add", tier=2, scopes=("bookmarks:write",))
def bookmark_add(world: World, args: Args) -> Json:
    channel, title = _channel(world, args, "channel_id"), args.text("title")
    if args.text("type") != "link":
        raise Fail("invalid_bookmark_type")
    if len(channel.bookmarks) >= MOST_BOOKMARKS:
        raise Fail("too_many_bookmarks")
    now = int(world.clock.now())
    made = {"id": world.state.new_id("Bk"), "channel_id": channel.id, "title": title, "link": _link(args)}
    bookmark = {**made, "emoji": args.maybe("emoji"), "type": "link", "app_id": APP_ID, "date_created": now}
    channel.bookmarks.append(bookmark)
    world.state.save_channel(channel)
    return {"bookmark": bookmark}


def _bookmark(channel: Channel, args: Args) -> Json:
    wanted = args.text("bookmark_id")
    for bookmark in channel.bookmarks:
        if bookmark["id"] == wanted:
            return bookmark
    raise Fail("not_found")


@method("bookmarks.edit", tier=2, scopes=("bookmarks:write",))
def bookmark_edit(world: World, args: Args) -> Json:
    channel = _channel(world, args, "channel_id")
    bookmark = _bookmark(channel, args)
    if args.maybe("link"):
        bookmark["link"] = _link(args)
    bookmark |= {name: args.maybe(name) for name in ("title", "emoji") if args.maybe(name)}
    world.state.save_channel(channel)
    return {"bookmark": bookmark}


@method("bookmarks.remove", tier=2, scopes=("bookmarks:write",))
def bookmark_remove(world: World, args: Args) -> Json:
    channel = _channel(world, args, "channel_id")
    channel.bookmarks.remove(_bookmark(channel, args))
    world.state.save_channel(channel)
    return {}


@method("bookmarks.list", tier=3, scopes=("bookmarks:read",))
def bookmark_list(world: World, args: Args) -> Json:
    return {"bookmarks": list(_channel(world, args, "channel_id").bookmarks)}


def _message(world: World, channel: Channel, args: Args) -> Json:
    message = channel.messages.get(args.text("timestamp"))
    if message is None or not world.reachable(message):
        raise Fail("message_not_found")
    return message


@method("pins.add", tier=2, scopes=("pins:write",))
def pin_add(world: World, args: Args) -> Json:
    channel = _channel(world, args)
    message = _message(world, channel, args)
    if message["ts"] in channel.pins:
        raise Fail("already_pinned")
    if len(channel.pins) >= MOST_PINS:
        raise Fail("too_many_pins")
    channel.pins.append(message["ts"])
    world.state.save_channel(channel)
    item = {"type": "message", "channel": channel.id, "message": message}
    emit(world, {"type": "pin_added", "user": BOT_USER, "channel_id": channel.id, "item": item})
    return {}


@method("pins.remove", tier=2, scopes=("pins:write",))
def pin_remove(world: World, args: Args) -> Json:
    channel = _channel(world, args)
    message = _message(world, channel, args)
    if message["ts"] not in channel.pins:
        raise Fail("no_pin")
    channel.pins.remove(message["ts"])
    world.state.save_channel(channel)
    return {}


@method("pins.list", tier=2, scopes=("pins:read",))
def pin_list(world: World, args: Args) -> Json:
    channel = _channel(world, args)
    found = [channel.messages[ts] for ts in channel.pins if ts in channel.messages]
    return {"items": [{"type": "message", "channel": channel.id, "message": m} for m in found]}


def react(world: World, channel: Channel, message: Json, name: str, user: str) -> bool:
    """False when this person has already."""
    reactions = message.setdefault("reactions", [])
    held = next((r for r in reactions if r["name"] == name), None)
    if held is None:
        if len(reactions) >= MOST_REACTIONS:
            raise Fail("too_many_emoji")
        held = {"name": name, "users": [], "count": 0}
        reactions.append(held)
    if user in held["users"]:
        return False
    held["users"].append(user)
    held["count"] += 1
    world.state.save_message(channel, message)
    _tell(world, channel, message, "reaction_added", name=name, user=user)
    return True


def unreact(world: World, channel: Channel, message: Json, name: str, user: str) -> bool:
    held = next((r for r in message.get("reactions", []) if r["name"] == name), None)
    if held is None or user not in held["users"]:
        return False
    held["users"].remove(user)
    held["count"] -= 1
    message["reactions"] = [r for r in message["reactions"] if r["count"]]
    world.state.save_message(channel, message)
    _tell(world, channel, message, "reaction_removed", name=name, user=user)
    return True


def _tell(world: World, channel: Channel, message: Json, type_: str, *, name: str, user: str) -> None:
    if world.bot_in(channel):
        item = {"type": "message", "channel": channel.id, "ts": message["ts"]}
        emit(
            world,
            {"type": type_, "user": user, "reaction": name, "item": item, "item_user": message.get("user")},
        )
