"""conversations.*: what channels there are, who is in them and what was said."""

from typing import Any

from copbot.sandbox.calls import HISTORY, READ, Args, Fail, channel_of, method, need, page, paged
from copbot.sandbox.people import TEAM
from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
TYPE_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def asked_types(world: World, args: Args) -> set[str]:
    words = args.names("types") or ["public_channel"]
    if not set(words) <= TYPES.keys():
        raise Fail("invalid_types")
    for word in words:
        need(world, TYPE_SCOPES[TYPES[word]])
    return {TYPES[word] for word in words}


def shown(world: World, channel: Channel) -> Json:
    """A conversation as Slack describes it to the app."""
    head = {
        "id": channel.id,
        "created": channel.created,
        "updated": channel.created * 1000,
        "context_team_id": TEAM["id"],
    }
    if channel.kind == "im":
        gone = world.state.users[channel.user]["deleted"]
        return {**head, "is_im": True, "user": channel.user, "is_user_deleted": gone, "is_archived": False}
    foreign = channel.shared or any(world.state.users[m]["team_id"] != TEAM["id"] for m in channel.members)
    private = channel.kind == "group"
    return {
        **head,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "is_member": world.bot_in(channel),
        "is_shared": foreign,
        "is_ext_shared": foreign,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "creator": channel.creator,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "num_members": len(channel.members),
        "previous_names": [],
    }


@method("conversations.list", tier=2)
def list_(world: World, args: Args) -> Json:
    wanted = asked_types(world, args)
    found = [
        shown(world, c)
        for c in world.state.channels.values()
        if c.kind in wanted
        and (c.kind != "group" or world.bot_in(c) or c.left_by_archiving)
        and not (c.archived and args.flag("exclude_archived"))
    ]
    return paged("channels", *page(found, args, 100, 999))


@method("conversations.info", tier=3)
def info(world: World, args: Args) -> Json:
    channel = channel_of(world, args, READ)
    body = shown(world, channel)
    if not args.flag("include_num_members"):
        body.pop("num_members", None)
    return {"channel": body}


@method("conversations.members", tier=4)
def members(world: World, args: Args) -> Json:
    channel = channel_of(world, args, READ)
    return paged("members", *page(list(channel.members), args, 100, 999))


@method("conversations.open", tier=3, scopes=("im:write", "mpim:write"))
def open_(world: World, args: Args) -> Json:
    users = args.names("users")
    if channel_id := args.maybe("channel"):
        channel = world.state.channels.get(channel_id)
        if channel is None or channel.kind != "im":
            raise Fail("channel_not_found")
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    if not users:
        raise Fail("not_enough_users")
    if len(users) > 8:
        raise Fail("too_many_users")
    if len(users) > 1:
        raise Fail("method_not_supported_for_channel_type")
    user = world.state.users.get(users[0])
    if user is None:
        raise Fail("user_not_found")
    if user.get("is_stranger"):
        raise Fail("user_not_visible")
    if user["deleted"]:
        raise Fail("user_disabled")
    if user["is_bot"]:
        raise Fail("invalid_user_combination")
    channel = world.state.dm(user["id"])
    return {"channel": shown(world, channel) if args.flag("return_im") else {"id": channel.id}}


def _readable(world: World, args: Args) -> Channel:
    channel = channel_of(world, args, HISTORY)
    if not world.bot_in(channel) and not channel.left_by_archiving:
        raise Fail("not_in_channel")
    return channel


def _moment(args: Args, name: str, default: float) -> float:
    word = args.maybe(name)
    try:
        return float(word) if word and word != "now" else default
    except ValueError:
        raise Fail(f"invalid_ts_{name}") from None


def _between(args: Args, messages: list[Json]) -> list[Json]:
    oldest, latest = _moment(args, "oldest", 0.0), _moment(args, "latest", float("inf"))
    if args.flag("inclusive"):
        return [m for m in messages if oldest <= float(m["ts"]) <= latest]
    return [m for m in messages if oldest < float(m["ts"]) < latest]


def _listed(args: Args, message: Json) -> Json:
    """Metadata only to those who ask for it."""
    if args.flag("include_all_metadata") or "metadata" not in message:
        return dict(message)
    return {name: value for name, value in message.items() if name != "metadata"}


def _in_channel(message: Json) -> bool:
    """A reply stays in its thread unless it was also sent to the channel."""
    return (
        message.get("thread_ts", message["ts"]) == message["ts"]
        or message.get("subtype") == "thread_broadcast"
    )


def _answer(args: Args, found: list[Json]) -> Json:
    messages, cursor = page(found, args, 100, 999)
    body = paged("messages", [_listed(args, m) for m in messages], cursor)
    return body | {"has_more": bool(cursor)}


@method("conversations.history", tier=3)
def history(world: World, args: Args) -> Json:
    channel = _readable(world, args)
    found = [m for m in channel.messages.values() if _in_channel(m) and world.visible(channel, m)]
    found.sort(key=lambda m: float(m["ts"]), reverse=True)
    limited = len(found) < len([m for m in channel.messages.values() if _in_channel(m)])
    more = {"is_limited": True} if limited and world.hide_days is not None else {}
    return _answer(args, _between(args, found)) | {"pin_count": len(channel.pins), **more}


@method("conversations.replies", tier=3)
def replies(world: World, args: Args) -> Json:
    channel, ts = _readable(world, args), args.text("ts")
    asked = channel.messages.get(ts)
    if asked is None or not world.visible(channel, asked):
        raise Fail("thread_not_found")
    first = channel.messages.get(asked.get("thread_ts", ts), asked)
    rest = [
        m
        for m in channel.messages.values()
        if m.get("thread_ts") == first["ts"] and m is not first and world.visible(channel, m)
    ]
    rest.sort(key=lambda m: float(m["ts"]))
    return _answer(args, [first, *_between(args, rest)])
