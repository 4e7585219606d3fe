"""users.*, bots.info, team.info: who there is."""

from typing import Any

from copbot.sandbox.calls import Args, Fail, method, page, paged
from copbot.sandbox.methods.conversations import asked_types, shown
from copbot.sandbox.people import APP_ID, BOT_ID, BOT_USER, TEAM
from copbot.sandbox.world import World

Json = dict[str, Any]


def as_shown(world: World, user: Json) -> Json:
    """The e-mail address only to an app that may read it, and never a stranger's."""
    if "users:read.email" in world.app.scopes and not user.get("is_stranger"):
        return dict(user)
    profile = {name: value for name, value in user["profile"].items() if name != "email"}
    return {**user, "profile": profile}


@method("users.info", tier=4, scopes=("users:read",))
def info(world: World, args: Args) -> Json:
    user = world.state.users.get(args.text("user"))
    if user is None:
        raise Fail("user_not_found")
    return {"user": as_shown(world, user)}


@method("users.list", tier=2, scopes=("users:read",))
def list_(world: World, args: Args) -> Json:
    own = [as_shown(world, u) for u in world.state.users.values() if u["team_id"] == TEAM["id"]]
    return paged("members", *page(own, args, 200, 999)) | {"cache_ts": int(world.clock.now())}


@method("users.conversations", tier=3)
def conversations(world: World, args: Args) -> Json:
    wanted, user = asked_types(world, args), args.maybe("user") or BOT_USER
    found = [
        shown(world, c)
        for c in world.state.channels.values()
        if user in c.members
        and c.kind in wanted
        and (c.kind == "channel" or world.bot_in(c))
        and not (c.archived and args.flag("exclude_archived"))
    ]
    return paged("channels", *page(found, args, 100, 999))


@method("bots.info", tier=3, scopes=("users:read",))
def bots_info(world: World, args: Args) -> Json:
    if args.maybe("bot") != BOT_ID:
        raise Fail("bot_not_found")
    name = world.app.bot_name or world.app.name
    return {"bot": {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER, "name": name, "deleted": False}}


@method("team.info", tier=3, scopes=("team:read",))
def team_info(world: World, args: Args) -> Json:  # noqa: ARG001
    return {"team": {**TEAM, "url": f"{world.url}/", "email_domain": "", "icon": {}}}
