"""chat.*: posting, changing, deleting, and what Slack refuses about it."""

import re
from typing import Any

from copbot.sandbox import posting
from copbot.sandbox.calls import Args, Fail, channel_of, method, need
from copbot.sandbox.form import with_ids
from copbot.sandbox.messages import as_posted, check_message
from copbot.sandbox.people import BOT_USER
from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
TS = re.compile(r"\d{10}\.\d{6}")
KEPT = ("blocks", "attachments", "metadata")


def slow_down(world: World, place: str) -> None:
    wait = world.rates.posting(place)
    if wait:
        raise Fail("ratelimited", retry_after=max(1, int(wait + 0.999)))


def check(args: Json, *, update: bool = False, ephemeral: bool = False) -> None:
    found = check_message(args, update=update, ephemeral=ephemeral)
    if found:
        raise Fail(found.error, found.messages)


def content(world: World, args: Json) -> Json:
    """The fields of a message that its author decides, with ids for blocks that have none."""
    fields: Json = {"text": as_posted(str(args.get("text") or args.get("markdown_text") or ""))}
    for name in KEPT:
        if args.get(name):
            fields[name] = args[name]
    if "blocks" in fields:
        fields["blocks"] = with_ids(fields, lambda: world.state.new_id("b"))["blocks"]
    return fields


def _place(world: World, args: Args) -> Channel:
    """Where chat.postMessage may post: also to a person, whose direct message is then made."""
    word = args.text("channel")
    user = world.state.users.get(word)
    if user is not None:
        if user["deleted"] or user["is_bot"] or user.get("is_stranger") or word == BOT_USER:
            raise Fail("channel_not_found")
        channel = world.state.dm(word)
    else:
        channel = channel_of(world, args)
    if channel.archived:
        raise Fail("is_archived")
    if channel.kind == "im":
        if not world.app.messages_tab:
            raise Fail("messages_tab_disabled")
        if world.state.users[channel.user]["deleted"]:
            raise Fail("channel_not_found")
    elif not world.bot_in(channel) and "chat:write.public" not in world.app.scopes:
        raise Fail("not_in_channel")
    return channel


def _thread(world: World, args: Args, channel: Channel) -> Json:
    thread = args.maybe("thread_ts")
    if not thread:
        return {}
    if not TS.fullmatch(thread):
        raise Fail("invalid_thread_ts")
    first = channel.messages.get(thread)
    if first is None or not world.reachable(first):
        return {}  # Slack says ok, and the reply stands at the top level
    if first.get("thread_ts", thread) != thread:
        raise Fail("cannot_reply_to_message")
    found: Json = {"thread_ts": thread}
    if args.flag("reply_broadcast"):
        found |= {"subtype": "thread_broadcast", "root": {"ts": thread}}
    return found


def _custom(world: World, args: Args) -> Json:
    """Another name or picture needs its own scope."""
    wanted = {name: args.get(name) for name in ("username", "icon_url", "icon_emoji") if args.get(name)}
    if wanted:
        need(world, "chat:write.customize")
    return {"username": wanted["username"], "subtype": "bot_message"} if "username" in wanted else {}


@method("chat.postMessage", tier=0, scopes=("chat:write",))
def post_message(world: World, args: Args) -> Json:
    channel = _place(world, args)
    check(args.raw)
    fields = {**content(world, args.raw), **_thread(world, args, channel), **_custom(world, args)}
    slow_down(world, channel.id)
    late = float(args.get("_late") or 0)
    message = posting.post(world, channel, posting.bot_message(world, fields), late=late)
    if args.flag("unfurl_links", True) or args.flag("unfurl_media", True):
        posting.unfurl(world, channel, message)
    return {"channel": channel.id, "ts": message["ts"], "message": dict(message)}


def _own(world: World, channel: Channel, ts: str, error: str) -> Json:
    message = channel.messages.get(ts)
    if message is None or message.get("subtype") == "tombstone" or not world.reachable(message):
        raise Fail("message_not_found")
    if message.get("user") != BOT_USER or message.get("subtype") in ("channel_join", "group_join"):
        raise Fail(error)
    return message


@method("chat.update", tier=3, scopes=("chat:write",))
def update(world: World, args: Args) -> Json:
    channel = channel_of(world, args)
    message = _own(world, channel, args.text("ts"), "cant_update_message")
    if channel.archived:
        raise Fail("is_inactive")
    check(args.raw, update=True)
    given = content(world, args.raw)
    fields: Json = {
        "text": given["text"],
        "blocks": given.get("blocks"),
        "attachments": given.get("attachments"),
    }
    if "text" not in args.raw and "markdown_text" not in args.raw:
        del fields["text"]
    if "metadata" in given:
        fields["metadata"] = given["metadata"]
    posting.edit(world, channel, message, fields, BOT_USER, marked=not given.get("blocks"))
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": dict(message)}


@method("chat.delete", tier=3, scopes=("chat:write",))
def delete(world: World, args: Args) -> Json:
    channel = channel_of(world, args)
    message = _own(world, channel, args.text("ts"), "cant_delete_message")
    if channel.archived:
        raise Fail("is_archived")
    posting.delete(world, channel, message)
    return {"channel": channel.id, "ts": message["ts"]}


@method("chat.postEphemeral", tier=4, scopes=("chat:write",))
def post_ephemeral(world: World, args: Args) -> Json:
    channel = channel_of(world, args)
    user = world.state.users.get(args.text("user"))
    if channel.archived:
        raise Fail("is_archived")
    if not world.bot_in(channel):
        raise Fail("not_in_channel" if channel.kind == "channel" else "channel_not_found")
    if user is None or user["id"] not in channel.members:
        raise Fail("user_not_in_channel")
    check(args.raw, ephemeral=True)
    ts = whisper(world, channel, user["id"], content(world, args.raw), args.maybe("thread_ts"))
    return {"message_ts": ts}


def whisper(world: World, channel: Channel, user: str, fields: Json, thread_ts: str = "") -> str:
    """An ephemeral message: one person sees it, nothing keeps it."""
    ts = world.state.next_ts(channel)
    message = posting.bot_message(world, {**fields, "ts": ts, "is_ephemeral": True})
    if thread_ts:
        message["thread_ts"] = thread_ts
    world.state.tell(user, {"kind": "ephemeral", "channel": channel.id, "message": message})
    return ts


@method("chat.getPermalink", tier=0)
def get_permalink(world: World, args: Args) -> Json:
    channel, ts = channel_of(world, args), args.text("message_ts")
    message = channel.messages.get(ts)
    if message is None:
        raise Fail("message_not_found")
    thread = message.get("thread_ts")
    tail = f"?thread_ts={thread}&cid={channel.id}" if thread and thread != ts else ""
    return {
        "channel": channel.id,
        "permalink": f"{world.url}/archives/{channel.id}/p{ts.replace('.', '')}{tail}",
    }
