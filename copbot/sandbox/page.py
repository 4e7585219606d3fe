"""The page: one document, its scripts and styles, all from this package; nothing from elsewhere."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copbot.sandbox.world import World

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
KINDS = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
DOCUMENT = "index.html"
PLACES = ("/", "/archives/{channel}", "/archives/{channel}/{message}", "/app/{tab}", "/channels", "/gallery")


def _parts() -> dict[str, Traversable]:
    """Every file of the page by its path below `browser/`: only these are ever answered."""
    found: dict[str, Traversable] = {}
    folders = [("", files("copbot.sandbox") / "browser")]
    for prefix, folder in folders:
        for one in folder.iterdir():
            if one.is_dir():
                folders.append((f"{prefix}{one.name}/", one))
            elif one.name.rpartition(".")[2] in (*KINDS, "html"):
                found[prefix + one.name] = one
    return found


def routes(world: World) -> list[Route]:  # noqa: ARG001
    parts = _parts()

    async def document(request: Request) -> Response:  # noqa: ARG001
        return Response(parts[DOCUMENT].read_bytes(), 200, SECURITY, "text/html")

    async def part(request: Request) -> Response:
        path = request.path_params["path"]
        kind = KINDS.get(path.rpartition(".")[2])
        if kind is None or path not in parts:
            return Response("there is no such part of the page", 404, SECURITY, "text/plain")
        return Response(parts[path].read_bytes(), 200, SECURITY, kind)

    return [*(Route(place, document) for place in PLACES), Route("/browser/{path:path}", part)]
