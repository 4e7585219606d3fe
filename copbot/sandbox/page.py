"""A plain page: people, channels, what was said. Read-only, no scripts, nothing from elsewhere."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copbot.sandbox.posting import Json
from copbot.sandbox.state import Channel
from copbot.sandbox.text import message_reading
from copbot.sandbox.world import World

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
HERE = Path(__file__).parent / "pages"


def _threads(world: World, channel: Channel) -> list[dict[str, Any]]:
    """First messages in order, each with its replies."""
    names, zone = world.state.names(), None
    kept = sorted(
        (m for m in channel.messages.values() if world.visible(channel, m)), key=lambda m: float(m["ts"])
    )

    def line(message: Json) -> dict[str, Any]:
        who = message.get("username") or names.get(message.get("user", ""), message.get("user", ""))
        return {
            "who": who,
            "words": message_reading(message, names, tz=zone),
            "ts": message["ts"],
            "replies": [],
        }

    lines = {m["ts"]: line(m) for m in kept}
    for message in kept:
        first = message.get("thread_ts", message["ts"])
        if first != message["ts"] and first in lines:
            lines[first]["replies"].append(lines[message["ts"]])
    return [
        lines[m["ts"]] for m in kept if m.get("thread_ts", m["ts"]) == m["ts"] or m["thread_ts"] not in lines
    ]


def routes(world: World) -> list[Route]:
    pages = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)

    def shown(name: str, **values: Any) -> Response:
        body = pages.get_template(name).render(app=world.app, **values)
        return Response(body, media_type="text/html", headers=SECURITY)

    async def front(request: Request) -> Response:  # noqa: ARG001
        channels = sorted(world.state.channels.values(), key=lambda c: (c.kind, c.name))
        return shown(
            "front.html", users=list(world.state.users.values()), channels=channels, names=world.state.names()
        )

    async def channel(request: Request) -> Response:
        found = world.state.channels.get(request.path_params["channel"])
        if found is None:
            return Response("no such channel", 404, SECURITY, "text/plain")
        names = world.state.names()
        title = (
            f"#{found.name}" if found.kind != "im" else f"Direct messages with {names.get(found.user, '')}"
        )
        members = [names.get(member, member) for member in found.members]
        return shown(
            "channel.html", channel=found, title=title, members=members, threads=_threads(world, found)
        )

    async def style(request: Request) -> Response:  # noqa: ARG001
        return Response((HERE / "page.css").read_text(), 200, SECURITY, "text/css")

    return [Route("/", front), Route("/archives/{channel}", channel), Route("/page.css", style)]
