"""response_url: five messages within half an hour of what the person did."""

from typing import Any

from copbot.sandbox import posting
from copbot.sandbox.calls import Args, Fail
from copbot.sandbox.clock import machine_seconds
from copbot.sandbox.messages import check_message
from copbot.sandbox.methods.chat import content, slow_down, whisper
from copbot.sandbox.people import BOT_USER
from copbot.sandbox.world import ReplyAddress, World

Json = dict[str, Any]
MOST_USES = 5


def respond(world: World, key: str, body: Json) -> None:
    """Raises Fail as the address would refuse."""
    address = world.replies.get(key)
    if address is None:
        raise Fail("invalid_url")
    if machine_seconds() - address.issued > world.timing.response_url:
        raise Fail("expired_url")
    if address.uses >= MOST_USES:
        raise Fail("used_url")
    args = Args(body)
    if args.flag("delete_original"):
        address.uses += 1
        _delete(world, address)
        return
    found = check_message(
        {k: v for k, v in args.raw.items() if k not in ("response_type", "replace_original")}
    )
    if found:
        raise Fail(found.error, found.messages)
    public = args.maybe("response_type") == "in_channel"
    slow_down(world, address.channel if public else f"{address.channel} {address.user}")
    address.uses += 1
    if args.flag("replace_original", bool(address.message_ts)) and address.message_ts:
        _replace(world, address, content(world, args.raw))
    else:
        _say(world, address, args, public=public)


def _say(world: World, address: ReplyAddress, args: Args, *, public: bool) -> None:
    channel, fields = world.state.channels[address.channel], content(world, args.raw)
    thread = args.maybe("thread_ts")
    if public:
        more = {"thread_ts": thread} if thread else {}
        posting.post(world, channel, posting.bot_message(world, {**fields, **more}))
    else:
        whisper(world, channel, address.user, fields, thread or address.thread_ts)


def _replace(world: World, address: ReplyAddress, fields: Json) -> None:
    if address.ephemeral:
        notice = _ephemeral(world, address)
        if notice:
            notice["message"] = posting.bot_message(
                world, {**fields, "ts": address.message_ts, "is_ephemeral": True}
            )
            notice["seq"] = world.state.version + 1
            world.state.changed()
        return
    channel = world.state.channels[address.channel]
    message = channel.messages.get(address.message_ts)
    if message is None or message.get("user") != BOT_USER:
        raise Fail("message_not_found")
    posting.edit(world, channel, message, {"blocks": None, "attachments": None, **fields}, BOT_USER)


def _delete(world: World, address: ReplyAddress) -> None:
    if address.ephemeral:
        notice = _ephemeral(world, address)
        if notice:
            world.state.notices[address.user].remove(notice)
            world.state.changed()
        return
    channel = world.state.channels[address.channel]
    message = channel.messages.get(address.message_ts)
    if message is not None and message.get("user") == BOT_USER:
        posting.delete(world, channel, message)


def _ephemeral(world: World, address: ReplyAddress) -> Json | None:
    for notice in world.state.notices.get(address.user, []):
        if notice["kind"] == "ephemeral" and notice["message"]["ts"] == address.message_ts:
            return notice
    return None
