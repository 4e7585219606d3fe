"""The page: one document, its scripts and styles, all from this package; nothing from elsewhere."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

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
KEPT = {**SECURITY, "Cache-Control": "max-age=31536000, immutable"}
KINDS = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
DOCUMENT = "index.html"
PLACES = ("/", "/archives/{channel}", "/archives/{channel}/{message}", "/app/{tab}", "/channels", "/gallery")


@cache
def _parts() -> dict[str, bytes]:
    """Every file of the page by its path below `browser/`: only these are ever answered."""
    found: dict[str, bytes] = {}
    folders = [("", files("copbot.sandbox") / "browser")]
    for prefix, folder in folders:
        for one in folder.iterdir():
            if one.is_dir():
                folders.append((f"{prefix}{one.name}/", one))
            elif one.name.rpartition(".")[2] in (*KINDS, "html"):
                found[prefix + one.name] = one.read_bytes()
    return found


@cache
def _stamp() -> str:
    """What stands before the path of each part the document names: another one as soon as any of them changes."""
    return sha256(b"".join(text for _, text in sorted(_parts().items()))).hexdigest()[:12]


def routes(world: World) -> list[Route]:  # noqa: ARG001
    parts, stamp = _parts(), _stamp()
    page = parts[DOCUMENT].replace(b"/browser/", f"/browser/{stamp}/".encode())

    async def document(request: Request) -> Response:  # noqa: ARG001
        return Response(page, 200, SECURITY, "text/html")

    async def part(request: Request) -> Response:
        """A browser keeps what it got by a stamped path: its next window asks for the document alone."""
        asked = request.path_params["path"]
        path = asked.removeprefix(f"{stamp}/")
        kind = KINDS.get(path.rpartition(".")[2])
        if kind is None or path not in parts:
            return Response("there is no such part of the page", 404, SECURITY, "text/plain")
        return Response(parts[path], 200, SECURITY if path == asked else KEPT, kind)

    return [*(Route(place, document) for place in PLACES), Route("/browser/{path:path}", part)]
