"""Files in Slack: one that people sent us is read, one of ours is sent in three steps. Only at Slack's own addresses."""

from __future__ import annotations

import http.client
import ssl
import time
import urllib.request
from dataclasses import dataclass, field
from typing import IO, Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from copbot.slack.errors import Refused, Unsure
from copbot.slack.pages import NOT_WHOLE

TIMEOUT, WHOLE = 10.0, 60.0
"""Seconds without a byte, and for all of a file."""
_STEP = 64 * 1024
_DOWNLOAD, _UPLOAD = "files.download", "files.upload"


@dataclass(frozen=True)
class FilePlace:
    """Where the token may go: Slack's own hosts, and the server of the Web API that is configured."""

    token: str = field(repr=False)
    base_url: str
    tls: ssl.SSLContext = field(repr=False)

    def owns(self, url: str) -> bool:
        """Whether this address is Slack's: anything else never sees the token, nor a file of ours."""
        try:
            here, api = urlsplit(url), urlsplit(self.base_url)
            port, host = here.port, (here.hostname or "").lower()
        except ValueError:
            return False
        if here.username is not None:
            return False
        if (here.scheme, here.netloc.lower()) == (api.scheme, api.netloc.lower()):
            return True
        is_slacks = host == "slack.com" or host.endswith((".slack.com", ".slack-files.com"))
        return here.scheme == "https" and is_slacks and port in (None, 443)


class FileGateway(Protocol):
    """What the three steps need of the gateway."""

    def call(self, method: str, /, **args: Any) -> dict[str, Any]: ...
    def upload(self, url: str, content: bytes) -> None: ...


def download(place: FilePlace, url: str, *, most: int) -> bytes:
    """The bytes of a private file. A redirect is refused: it leads to Slack's sign-in page, or away with our token."""
    request = _request(place, url, _DOWNLOAD)
    request.add_header("Authorization", f"Bearer {place.token}")
    with _answer(place, request, _DOWNLOAD) as answer:
        if "text/html" in str(answer.headers.get("Content-Type", "")):
            raise Refused("no_file", _DOWNLOAD)  # the sign-in page: the app may not read this file
        return _bounded(answer, most)


def upload(place: FilePlace, url: str, content: bytes) -> None:
    """Give Slack the bytes of a file. The address itself is the permission, so no token goes with them."""
    request = _request(place, url, _UPLOAD)
    request.data = content
    request.add_header("Content-Type", "application/octet-stream")
    _answer(place, request, _UPLOAD).close()


def begin(gateway: FileGateway, name: str, content: bytes) -> str:
    """Give Slack a file that nobody sees yet; its id. The first two of three steps."""
    begun = gateway.call("files.getUploadURLExternal", filename=name, length=len(content))
    gateway.upload(str(begun.get("upload_url") or ""), content)
    return str(begun.get("file_id") or "")


def share(gateway: FileGateway, file: str, channel: str, title: str, comment: str = "") -> None:
    """The last step: the file stands in the conversation, with the comment above it."""
    said = {"initial_comment": comment} if comment else {}
    files = [{"id": file, "title": title}]
    gateway.call("files.completeUploadExternal", files=files, channel_id=channel, **said)


def shares(gateway: FileGateway, file: str, channel: str) -> tuple[str, ...]:
    """The timestamps of the messages that show the file in this conversation, oldest first."""
    told = gateway.call("files.info", file=file).get("file")
    where = told.get("shares") if isinstance(told, dict) else None
    if not isinstance(where, dict):
        raise Unsure(NOT_WHOLE, "files.info")
    listed = [each for kind in where.values() for each in kind.get(channel, ())]
    return tuple(sorted(str(each["ts"]) for each in listed))


def _request(place: FilePlace, url: str, method: str) -> urllib.request.Request:
    if not place.owns(url):
        raise Refused("not_slacks_address", method)
    return urllib.request.Request(url)  # noqa: S310 - http or https, at a host that `owns` knows


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        """None: the redirect comes back as an error."""


def _answer(place: FilePlace, request: urllib.request.Request, method: str) -> Any:
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=place.tls))
    try:
        return opener.open(request, timeout=TIMEOUT)
    except HTTPError as error:
        error.close()
        code = f"http_{error.code}"
        raise (Unsure if error.code >= 500 else Refused)(code, method) from None
    except (URLError, OSError, http.client.HTTPException):
        raise Unsure("no_answer", method) from None


def _bounded(answer: IO[bytes], most: int) -> bytes:
    body, until = bytearray(), time.monotonic() + WHOLE
    try:
        while part := answer.read(_STEP):
            body += part
            if len(body) > most:
                raise Refused("too_large", _DOWNLOAD)
            if time.monotonic() > until:
                raise Unsure("too_slow", _DOWNLOAD)
    except (OSError, http.client.HTTPException):
        raise Unsure("no_answer", _DOWNLOAD) from None
    return bytes(body)
