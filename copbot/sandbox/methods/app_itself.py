"""auth.test, api.test, apps.connections.open: the app itself."""

from typing import Any

from copbot.sandbox.calls import Args, Fail, method
from copbot.sandbox.people import APP_ID, BOT_ID, BOT_USER, TEAM
from copbot.sandbox.world import World

Json = dict[str, Any]


@method("auth.test", tier=0)
def auth_test(world: World, args: Args) -> Json:  # noqa: ARG001
    return {
        "url": f"{world.url}/",
        "team": TEAM["name"],
        "user": world.state.users[BOT_USER]["name"],
        "team_id": TEAM["id"],
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


@method("api.test", tier=4, caller="any")
def api_test(world: World, args: Args) -> Json:  # noqa: ARG001
    if error := args.maybe("error"):
        raise Fail(error)
    return {"args": {name: value for name, value in args.raw.items() if name != "token"}}


@method("apps.connections.open", tier=3, caller="app")
def connections_open(world: World, args: Args) -> Json:  # noqa: ARG001
    address = world.url.replace("http://", "ws://")
    return {"url": f"{address}/link/?ticket={world.connections.ticket()}&app_id={APP_ID}"}
