"""files.*: a file is sent in three steps, and one that people dropped is read with the app's token."""

import base64
import binascii
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copbot.sandbox import posting
from copbot.sandbox.calls import Args, Fail, channel_of, method
from copbot.sandbox.finding import NotThere, channel_for
from copbot.sandbox.people import BOT_USER, TEAM
from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
LARGEST = 20 * 1024 * 1024
SIGN_IN = b"<!DOCTYPE html><title>Sign in</title>"
KINDS = {"csv": "CSV", "tsv": "TSV", "pdf": "PDF", "png": "PNG", "ics": "Calendar", "zip": "Zip"}


def record(world: World, user: str, name: str, content: bytes | None, length: int) -> Json:
    """A new file; `content` is None until it is uploaded."""
    ident, kind = world.state.new_id("F"), name.rpartition(".")[2].lower()
    address = f"{world.url}/files-pri/{TEAM['id']}-{ident}/{'file.' + kind if kind.isalnum() else 'file'}"
    made = {
        "id": ident,
        "created": int(world.clock.now()),
        "name": name,
        "title": name,
        "mimetype": "text/csv" if kind == "csv" else "application/octet-stream",
        "filetype": kind,
        "pretty_type": KINDS.get(kind, kind.upper()),
        "user": user,
        "size": length,
        "mode": "hosted",
        "is_external": False,
        "url_private": address,
        "url_private_download": address,
        "shares": {},
        "content": None if content is None else base64.b64encode(content).decode(),
    }
    world.state.save_file(made)
    return made


def shown(file: Json) -> Json:
    """The file as messages and answers hold it."""
    return {name: value for name, value in file.items() if name not in ("content", "shares")}


def share(world: World, channel: Channel, message: Json, files: list[Json]) -> Json:
    posted = posting.post(world, channel, {**message, "subtype": "file_share", "files": [*map(shown, files)]})
    for file in files:
        where = file["shares"].setdefault("public" if channel.kind == "channel" else "private", {})
        where.setdefault(channel.id, []).append({"ts": posted["ts"]})
        world.state.save_file(file)
    return posted


async def drops(
    world: World, user: Json, *, name: str, content: str, channel: str = "dm", text: str = ""
) -> Json:
    """Somebody drops a file into a conversation; `content` is base64."""
    place = channel_for(world, user, channel)
    if user["id"] not in place.members or place.archived:
        raise NotThere(f"{user['name']} cannot write in {place.name}")
    held = base64.b64decode(content)
    file = record(world, user["id"], name, held, len(held))
    message = posting.user_message(world, user, text)
    if not text:
        message.pop("blocks")
    posted = share(world, place, {**message, "upload": True}, [file])
    return {"message": dict(posted), "channel": place.id}


def _file(world: World, ident: str) -> Json:
    found = world.state.files.get(ident)
    if found is None:
        raise Fail("file_not_found")
    return found


@method("files.info", tier=4, scopes=("files:read",))
def info(world: World, args: Args) -> Json:
    found = _file(world, args.text("file"))
    return {"file": {**shown(found), "shares": found["shares"]}}


@method("files.getUploadURLExternal", tier=4, scopes=("files:write",))
def upload_address(world: World, args: Args) -> Json:
    length = args.number("length", 0, LARGEST, "invalid_arguments")
    made = record(world, BOT_USER, args.text("filename"), None, length)
    return {"upload_url": f"{world.url}/upload/v1/{made['id']}", "file_id": made["id"]}


@method("files.completeUploadExternal", tier=4, scopes=("files:write",))
def complete(world: World, args: Args) -> Json:
    told = args.get("files")
    try:
        wanted = json.loads(told) if isinstance(told, str) else told
        files = [_file(world, str(each["id"])) for each in wanted]
    except (ValueError, TypeError, KeyError):
        raise Fail("invalid_arguments") from None
    if not files or any(file["content"] is None or file["shares"] for file in files):
        raise Fail("file_not_found")
    for file, each in zip(files, wanted, strict=True):
        file["title"] = str(each.get("title") or file["name"])
    if args.maybe("channel_id"):
        channel = channel_of(world, args, name="channel_id")
        if channel.kind != "im" and not world.bot_in(channel):
            raise Fail("not_in_channel")
        share(world, channel, posting.bot_message(world, {"text": args.maybe("initial_comment")}), files)
    return {"files": [{"id": file["id"], "title": file["title"]} for file in files]}


def take_upload(world: World, ident: str, content: bytes) -> bool:
    """The middle step: the bytes, as many as were announced."""
    file = world.state.files.get(ident)
    if file is None or file["content"] is not None or file["size"] != len(content):
        return False
    world.state.save_file(file | {"content": base64.b64encode(content).decode()})
    return True


def content_of(world: World, ident: str, authorization: str) -> bytes | None:
    """The bytes, for the app's token with the scope to read; None for anybody else."""
    file = world.state.files.get(ident)
    if authorization != f"Bearer {world.bot_token}" or "files:read" not in world.app.scopes:
        return None
    try:
        return base64.b64decode(file["content"]) if file and file["content"] is not None else None
    except binascii.Error:
        return None


def routes(world: World) -> list[Route]:
    async def upload(request: Request) -> Response:
        taken = take_upload(world, request.path_params["ident"], await request.body())
        world.state.flush()
        return Response("OK" if taken else "no such upload", 200 if taken else 404)

    async def private(request: Request) -> Response:
        ident = request.path_params["ident"].rpartition("-")[2]
        found = content_of(world, ident, request.headers.get("authorization", ""))
        if found is None:  # as Slack does: its sign-in page, and all is well
            return Response(SIGN_IN, 200, media_type="text/html")
        return Response(found, 200, media_type="application/octet-stream")

    return [
        Route("/upload/v1/{ident}", upload, methods=["POST"]),
        Route("/files-pri/{ident}/{name}", private, methods=["GET"]),
    ]
