"""conversations.*: making channels and changing them."""

import re
from typing import Any

from copbot.sandbox import membership
from copbot.sandbox.calls import MANAGE, Args, Fail, channel_of, method, need
from copbot.sandbox.methods.conversations import shown
from copbot.sandbox.people import BOT_USER
from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
NAME = re.compile(r"[a-z0-9_-]+")
WORDS_LENGTH = 250
INVITED_AT_ONCE = 1000


def _may_manage(world: World, channel: Channel, narrow: str = "") -> None:
    if channel.kind == "im":
        raise Fail("method_not_supported_for_channel_type")
    wide = MANAGE[channel.kind]
    family = "channels" if channel.kind == "channel" else "groups"
    need(world, wide, *([f"{family}:write.{narrow}"] if narrow else []))


def _member_of(world: World, args: Args, narrow: str = "", *, archived: str = "is_archived") -> Channel:
    channel = channel_of(world, args)
    _may_manage(world, channel, narrow)
    if channel.archived:
        raise Fail(archived)
    if not world.bot_in(channel):
        raise Fail("not_in_channel")
    return channel


def _name(world: World, args: Args) -> str:
    name = args.maybe("name")
    if not name:
        raise Fail("invalid_name_required")
    if len(name) > 80:
        raise Fail("invalid_name_maxlength")
    if not NAME.fullmatch(name):
        raise Fail("invalid_name_specials")
    if not any(letter.isalnum() for letter in name):
        raise Fail("invalid_name_punctuation")
    if any(c.name == name for c in world.state.channels.values()):
        raise Fail("name_taken")
    return name


@method("conversations.create", tier=2)
def create(world: World, args: Args) -> Json:
    private = args.flag("is_private")
    need(world, MANAGE["group" if private else "channel"])
    channel = membership.create(world, _name(world, args), private=private, creator=BOT_USER)
    return {"channel": shown(world, channel)}


@method("conversations.join", tier=3, scopes=("channels:join",))
def join(world: World, args: Args) -> Json:
    channel = channel_of(world, args)
    if channel.kind != "channel":
        raise Fail("method_not_supported_for_channel_type")
    if channel.archived:
        raise Fail("is_archived")
    already = {"warning": "already_in_channel"} if world.bot_in(channel) else {}
    membership.join(world, channel, BOT_USER)
    return {"channel": shown(world, channel), **already}


@method("conversations.leave", tier=3)
def leave(world: World, args: Args) -> Json:
    channel = channel_of(world, args)
    _may_manage(world, channel)
    if channel.archived:
        raise Fail("is_archived")
    if not world.bot_in(channel):
        return {"not_in_channel": True}
    membership.leave(world, channel, BOT_USER)
    return {}


def _invite_error(world: World, channel: Channel, user_id: str) -> str:
    user = world.state.users.get(user_id)
    if user is None or user["deleted"]:
        return "user_not_found"
    if user_id == BOT_USER:
        return "cant_invite_self"
    if user_id in channel.members:
        return "already_in_channel"
    if user.get("is_stranger"):
        return "org_user_not_in_team"
    return "ura_max_channels" if user["is_ultra_restricted"] else ""


@method("conversations.invite", tier=3)
def invite(world: World, args: Args) -> Json:
    channel = _member_of(world, args, "invites")
    users = args.names("users")
    if not users:
        raise Fail("no_user")
    if len(users) > INVITED_AT_ONCE:
        raise Fail("too_many_users")
    problems = {user: error for user in users if (error := _invite_error(world, channel, user))}
    listed = [{"user": user, "ok": False, "error": error} for user, error in problems.items()]
    if problems and (len(problems) == len(users) or not args.flag("force")):
        raise Fail(next(iter(problems.values())), errors=listed)
    for user in users:
        if user not in problems:
            membership.join(world, channel, user, inviter=BOT_USER)
    return {"channel": shown(world, channel), **({"errors": listed} if listed else {})}


@method("conversations.kick", tier=3)
def kick(world: World, args: Args) -> Json:
    channel, user = _member_of(world, args), args.text("user")
    if user == BOT_USER:
        raise Fail("cant_kick_self")
    if not world.allow_kick:
        raise Fail("restricted_action")
    if channel.name == "general":
        raise Fail("cant_kick_from_general")
    if user not in channel.members:
        raise Fail("not_in_channel" if user in world.state.users else "user_not_found")
    membership.leave(world, channel, user)
    return {"errors": {}}


@method("conversations.archive", tier=2)
def archive(world: World, args: Args) -> Json:
    channel = _member_of(world, args, archived="already_archived")
    if channel.name == "general":
        raise Fail("cant_archive_general")
    membership.archive(world, channel, BOT_USER)
    return {}


@method("conversations.unarchive", tier=2)
def unarchive(world: World, args: Args) -> Json:
    """An app has left the channel when it was archived, so it is no member and cannot bring it back."""
    channel = channel_of(world, args)
    _may_manage(world, channel)
    if not channel.archived:
        raise Fail("not_archived")
    if not world.allow_unarchive:
        raise Fail("not_in_channel")
    membership.unarchive(world, channel, BOT_USER)
    return {}


@method("conversations.rename", tier=2)
def rename(world: World, args: Args) -> Json:
    channel = _member_of(world, args)
    if channel.name == "general":
        raise Fail("not_authorized")
    membership.rename(world, channel, _name(world, args), BOT_USER)
    return {"channel": shown(world, channel)}


def _set_words(world: World, args: Args, part: str) -> Json:
    channel, words = _member_of(world, args, "topic"), args.maybe(part)
    if len(words) > WORDS_LENGTH:
        raise Fail("too_long")
    if getattr(channel, part) != words:
        membership.set_words(world, channel, part, words, BOT_USER)
    return {"channel": shown(world, channel), part: words}


@method("conversations.setTopic", tier=2)
def set_topic(world: World, args: Args) -> Json:
    return _set_words(world, args, "topic")


@method("conversations.setPurpose", tier=2)
def set_purpose(world: World, args: Args) -> Json:
    return _set_words(world, args, "purpose")
