"""Channels and who is in them: each change is seen in the channel and heard by the app."""

from typing import Any

from copbot.sandbox.events import emit
from copbot.sandbox.people import BOT_USER, FOREIGN_TEAM, TEAM
from copbot.sandbox.posting import system_message
from copbot.sandbox.state import Channel
from copbot.sandbox.tutorial import came
from copbot.sandbox.world import World

Json = dict[str, Any]
LETTER = {"channel": "C", "group": "G", "im": "D"}


def create(world: World, name: str, *, private: bool, creator: str) -> Channel:
    channel = Channel(
        id=world.state.new_id("C"),
        name=name,
        kind="group" if private else "channel",
        creator=creator,
        created=int(world.clock.now()),
        members=[creator],
    )
    world.state.save_channel(channel)
    if not private:
        shown = {
            "id": channel.id,
            "name": name,
            "created": channel.created,
            "creator": creator,
            "is_private": False,
        }
        emit(
            world,
            {"type": "channel_created", "channel": {**shown, "is_channel": True, "is_ext_shared": False}},
        )
    return channel


def join(world: World, channel: Channel, user: str, *, inviter: str = "") -> None:
    if user in channel.members:
        return
    channel.members.append(user)
    world.state.save_channel(channel)
    subtype = "channel_join" if channel.kind == "channel" else "group_join"
    more = {"inviter": inviter} if inviter else {}
    system_message(world, channel, user, subtype, f"<@{user}> has joined the channel", **more)
    _tell_member(world, channel, "member_joined_channel", user, **more)
    if world.bot_in(channel):
        came(world, user)


def leave(world: World, channel: Channel, user: str) -> None:
    if user not in channel.members:
        return
    if user != BOT_USER:
        subtype = "channel_leave" if channel.kind == "channel" else "group_leave"
        system_message(world, channel, user, subtype, f"<@{user}> has left the channel")
    _tell_member(world, channel, "member_left_channel", user)
    channel.members.remove(user)
    world.state.save_channel(channel)
    if user == BOT_USER:
        type_ = "channel_left" if channel.kind == "channel" else "group_left"
        emit(world, {"type": type_, "channel": channel.id, "actor_id": user})


def archive(world: World, channel: Channel, user: str) -> None:
    """The app is no longer a member of an archived channel and learns of it all the same."""
    _tell_channel(world, channel, "archive", {"channel": channel.id, "user": user, "is_moved": 0})
    subtype = "channel_archive" if channel.kind == "channel" else "group_archive"
    system_message(world, channel, user, subtype, f"<@{user}> archived the channel")
    channel.archived = True
    if BOT_USER in channel.members:
        channel.members.remove(BOT_USER)
        channel.left_by_archiving = True
    world.state.save_channel(channel)


def unarchive(world: World, channel: Channel, user: str) -> None:
    channel.archived = channel.left_by_archiving = False
    if user not in channel.members:
        channel.members.append(user)
    world.state.save_channel(channel)
    _tell_channel(world, channel, "unarchive", {"channel": channel.id, "user": user})


def rename(world: World, channel: Channel, name: str, user: str) -> None:
    old, channel.name = channel.name, name
    world.state.save_channel(channel)
    shown = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
    _tell_channel(world, channel, "rename", {"channel": {**shown, "is_channel": True}})
    text = f"<@{user}> has renamed the channel from “{old}” to “{name}”"
    system_message(world, channel, user, "channel_name", text, old_name=old, name=name)


def convert(world: World, channel: Channel, user: str, *, public: bool, tell: bool = True) -> None:
    """Private becomes public, or the other way round."""
    channel.kind = "channel" if public else "group"
    world.state.save_channel(channel)
    if tell:
        subtype = f"channel_convert_to_{'public' if public else 'private'}"
        text = f"made this channel *{'public' if public else 'private'}*"
        system_message(world, channel, user, subtype, text)


def share(world: World, channel: Channel, *, shared: bool, tell: bool = True) -> None:
    channel.shared = shared
    world.state.save_channel(channel)
    if tell and world.bot_in(channel):
        type_, team = (
            ("channel_shared", "connected") if shared else ("channel_unshared", "previously_connected")
        )
        emit(world, {"type": type_, f"{team}_team_id": FOREIGN_TEAM, "channel": channel.id})


def set_words(world: World, channel: Channel, part: str, words: str, user: str) -> None:
    """`part` is topic or purpose."""
    setattr(channel, part, words)
    world.state.save_channel(channel)
    text = f"<@{user}> set the channel {part}: {words}"
    system_message(world, channel, user, f"channel_{part}", text, **{part: words})


def remove_channel(world: World, channel: Channel, user: str) -> None:
    """An owner deletes it for good."""
    if channel.kind == "channel":
        emit(world, {"type": "channel_deleted", "channel": channel.id, "actor_id": user})
    for ts in list(channel.messages):
        world.state.drop_message(channel, ts)
    world.state.forget_channel(channel.id)


def _tell_channel(world: World, channel: Channel, what: str, body: Json) -> None:
    """The whole workspace may know of a public channel, only members of a private one."""
    if channel.kind == "channel":
        emit(world, {"type": f"channel_{what}", **body})
    elif world.bot_in(channel):
        emit(world, {"type": f"group_{what}", **body})


def _tell_member(world: World, channel: Channel, type_: str, user: str, **more: Any) -> None:
    if world.bot_in(channel):
        place = {"channel": channel.id, "channel_type": LETTER[channel.kind], "team": TEAM["id"]}
        emit(world, {"type": type_, "user": user, **place, **more})
