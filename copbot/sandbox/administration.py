"""What an administrator of the workspace does: people, their flags, channels, and what is allowed."""

from typing import Any

from copbot.sandbox import membership
from copbot.sandbox.events import emit
from copbot.sandbox.finding import NotThere
from copbot.sandbox.people import BOT_USER, FLAGS, FOREIGN_TEAM, TEAM, InventedPerson, user_record
from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
SWITCHES = ("hide_days", "allow_kick", "allow_unarchive", "uninstalled")


def _user(world: World, who: str) -> Json:
    user = world.state.users.get(BOT_USER) if who == "bot" else world.state.user_named(who)
    if user is None:
        raise NotThere(f"nobody is called {who}")
    return user


def _channel(world: World, name: str) -> Channel:
    channel = world.state.channel_named(name)
    if channel is None:
        raise NotThere(f"there is no channel {name}")
    return channel


def _owner(world: World) -> str:
    return next(str(u["id"]) for u in world.state.users.values() if u["is_admin"] and not u["deleted"])


def set_flags(world: World, person: str, flags: Json) -> Json:
    user = _user(world, person)
    known = {*FLAGS, "deleted", "is_stranger"}
    if not flags.keys() <= known:
        raise ValueError(f"flags are {', '.join(sorted(known))}")
    user |= flags
    user["updated"] = int(world.clock.now())
    world.state.save_user(user)
    emit(world, {"type": "user_change", "user": dict(user), "cache_ts": user["updated"]})
    return {"user": user}


def rename_person(world: World, person: str, display_name: str) -> Json:
    user = _user(world, person)
    user["profile"] |= {"display_name": display_name, "display_name_normalized": display_name}
    return set_flags(world, user["id"], {})


def add_person(
    world: World,
    *,
    handle: str,
    name: str,
    zone: str = "America/Chicago",
    flags: Any = (),
    foreign: bool = False,
) -> Json:
    if world.state.user_named(handle):
        raise NotThere(f"{handle} is here already")
    person = InventedPerson(handle, name, "", zone, tuple(flags), FOREIGN_TEAM if foreign else TEAM["id"])
    user = user_record(world.state.new_id("U"), person, world.clock.now())
    world.state.save_user(user)
    if not foreign:
        emit(world, {"type": "team_join", "user": dict(user), "cache_ts": int(world.clock.now())})
    return {"user": user}


def add_people(world: World, count: int, prefix: str = "member", flags: Any = ()) -> Json:
    """Many at once, as an import does it: `member1`, `member2`, … ; the app hears of none of them."""
    now, first = world.clock.now(), len(world.state.users)
    ids = []
    for number in range(first, first + count):
        person = InventedPerson(
            f"{prefix}{number}", f"{prefix.capitalize()} {number}", "", flags=tuple(flags)
        )
        user = user_record(world.state.new_id("U"), person, now)
        world.state.save_user(user)
        ids.append(user["id"])
    return {"ids": ids}


def add_channel(world: World, name: str, private: bool = False, members: Any = ()) -> Json:
    if world.state.channel_named(name):
        raise NotThere(f"{name} is there already")
    channel = membership.create(world, name, private=private, creator=_owner(world))
    for member in members:
        membership.join(world, channel, _user(world, member)["id"], inviter=channel.creator)
    return {"channel": channel.record()}


def invite(world: World, person: str, channel: str) -> Json:
    """`bot` is the installed app."""
    place = _channel(world, channel)
    membership.join(world, place, _user(world, person)["id"], inviter=_owner(world))
    return {}


def remove(world: World, person: str, channel: str) -> Json:
    membership.leave(world, _channel(world, channel), _user(world, person)["id"])
    return {}


def archive(world: World, channel: str) -> Json:
    membership.archive(world, _channel(world, channel), _owner(world))
    return {}


def unarchive(world: World, channel: str) -> Json:
    membership.unarchive(world, _channel(world, channel), _owner(world))
    return {}


def rename(world: World, channel: str, name: str) -> Json:
    membership.rename(world, _channel(world, channel), name, _owner(world))
    return {}


def delete_channel(world: World, channel: str) -> Json:
    membership.remove_channel(world, _channel(world, channel), _owner(world))
    return {}


def make_public(world: World, channel: str, public: bool = True, tell: bool = True) -> Json:
    """The id stays. Without `tell` the app hears nothing of it."""
    membership.convert(world, _channel(world, channel), _owner(world), public=public, tell=tell)
    return {}


def share(world: World, channel: str, shared: bool = True, tell: bool = True) -> Json:
    """With another workspace, or not any more."""
    membership.share(world, _channel(world, channel), shared=shared, tell=tell)
    return {}


def change_id(world: World, channel: str, tell: bool = True) -> Json:
    """As when a private channel is shared. Without `tell` the event is late: `tell_id_changed` sends it."""
    place = _channel(world, channel)
    old = world.state.change_id(place)
    if tell:
        tell_id_changed(world, old, place.id)
    return {"old": old, "new": place.id}


def tell_id_changed(world: World, old: str, new: str) -> Json:
    emit(world, {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new})
    return {}


def switch(world: World, **values: Any) -> Json:
    """`hide_days` (a free plan's 90), `allow_kick`, `allow_unarchive`, `uninstalled`."""
    for name, value in values.items():
        if name not in SWITCHES:
            raise ValueError(f"switches are {', '.join(SWITCHES)}")
        setattr(world, name, value)
    return {}


def uninstall(world: World) -> Json:
    """The app's tokens are dead from now on; it is told so, if it listens."""
    emit(world, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}})
    emit(world, {"type": "app_uninstalled"})
    world.uninstalled = True
    return {}


VERBS = {
    verb.__name__: verb
    for verb in (
        set_flags,
        rename_person,
        add_person,
        add_people,
        add_channel,
        invite,
        remove,
        archive,
        unarchive,
        rename,
        delete_channel,
        make_public,
        share,
        change_id,
        tell_id_changed,
        switch,
        uninstall,
    )
}
