"""The one way to Slack's Web API: one client, one TLS context, no hidden retries, errors sorted."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from functools import cache
from typing import Any
from urllib.error import HTTPError, URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from copbot.slack import files
from copbot.slack.errors import NeverConnected, RateLimited, Refused, SlackError, Unsure
from copbot.slack.scopes import METHODS

_MAYBE_DONE = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
_TOO_FAST = {"ratelimited", "rate_limited"}
_CODE = re.compile(r"[a-zA-Z0-9_.:-]{1,80}")
_NO_ROUTE = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
_FAILURES = (SlackClientError, OSError, http.client.HTTPException, ValueError, AttributeError)
"""`AttributeError`: the SDK trips over an answer that is JSON and no object."""


@cache
def _tls() -> ssl.SSLContext:
    """The process's own: it costs 22 ms of CPU to build, and the SDK would build one for every call."""
    return ssl.create_default_context()


class Gateway:
    """Slack as this bot's token sees it. `bot_user`, `bot_id` and `team` are known after `hello()`."""

    def __init__(self, token: str, *, base_url: str, timeout: float = 10.0) -> None:
        self._tls = _tls()
        self._client = self._make(token, base_url, timeout)
        self._quick: dict[float, WebClient] = {}
        self.bot_user = ""
        self.bot_id = ""
        self.team = ""
        self.team_name = ""
        self.workspace_url = ""
        self.scopes: frozenset[str] = frozenset()

    @property
    def client(self) -> WebClient:
        """The shared client, for Bolt, which copies its settings."""
        return self._client

    def hello(self) -> None:
        """Learn who we are. Raises `SlackError` when the token is refused, or Slack cannot be reached or does not say."""
        answer = self._ask(self._client, "auth.test", {})
        told = answer.data if isinstance(answer.data, dict) else {}
        self.bot_user = str(told.get("user_id") or "")
        self.bot_id = str(told.get("bot_id") or "")
        self.team = str(told.get("team_id") or "")
        self.team_name = str(told.get("team") or "")
        self.workspace_url = str(told.get("url") or "")
        # Without them nobody could be told from a stranger, nor from us.
        if not (self.bot_user and self.team):
            raise Unsure("http_200", "auth.test")
        granted = {name.lower(): value for name, value in (answer.headers or {}).items()}.get(
            "x-oauth-scopes"
        )
        self.scopes = frozenset(scope.strip() for scope in str(granted or "").split(",") if scope.strip())

    def call(self, method: str, /, *, timeout: float | None = None, **args: Any) -> dict[str, Any]:
        """Call a Web API method; the answer's body. Raises one of `slack.errors`; never retries."""
        if method not in METHODS:
            raise ValueError(f"{method} is not in the table of methods, so the manifest has no scope for it")
        client = self._client if timeout is None else self._quick_client(timeout)
        answer = self._ask(client, method, args)
        told = answer.data if isinstance(answer.data, dict) else {}
        if args.get("cursor") and _next(told) == args["cursor"]:
            raise Unsure("same_page", method)  # a list that never ends would be asked for without end
        return told

    def download(self, url: str, *, most: int) -> bytes:
        """A file that somebody sent us. Raises one of `slack.errors`; nothing over `most` bytes is read."""
        return files.download(self._web_files(), url, most=most)

    def upload(self, url: str, content: bytes) -> None:
        """The middle step of sending a file, to the address that Slack gave for it."""
        files.upload(self._web_files(), url, content)

    def _web_files(self) -> files.FilePlace:
        return files.FilePlace(str(self._client.token or ""), self._client.base_url, self._tls)

    def socket_url(self, app_token: str) -> str:
        """A fresh Socket Mode address. Raises `SlackError`, also when the answer holds none."""
        answer = self._ask(self._client, "apps.connections.open", {"app_token": app_token})
        told = answer.data if isinstance(answer.data, dict) else {}
        url = told.get("url")
        if not isinstance(url, str) or not url.startswith(("wss://", "ws://")):
            raise Unsure("no_address", "apps.connections.open")
        return url

    def reply(self, response_url: str, *, timeout: float, **body: Any) -> None:
        """Post to a response_url. Raises one of `slack.errors`."""
        hook = WebhookClient(response_url, timeout=int(timeout) or 1, ssl=self._tls, retry_handlers=[])
        try:
            answer = hook.send_dict(body)
        except _FAILURES as error:
            raise _sorted("response_url", error) from None
        if answer.status_code == 429:
            raise RateLimited(1.0, "response_url")
        if answer.status_code >= 400:
            raise Refused(f"http_{answer.status_code}", "response_url")

    def _quick_client(self, timeout: float) -> WebClient:
        if timeout not in self._quick:
            self._quick[timeout] = self._make(str(self._client.token), self._client.base_url, timeout)
        return self._quick[timeout]

    def _make(self, token: str, base_url: str, timeout: float) -> WebClient:
        # The SDK's annotation says whole seconds; sockets take fractions as well.
        return WebClient(token, base_url=base_url, timeout=timeout, ssl=self._tls, retry_handlers=[])  # type: ignore[arg-type]

    @staticmethod
    def _ask(client: WebClient, method: str, args: dict[str, Any]) -> Any:
        ask = getattr(client, method.replace(".", "_"))
        try:
            return ask(**args)
        except _FAILURES as error:
            raise _sorted(method, error) from None


def _sorted(method: str, error: Exception) -> SlackError:
    """What a failed call means for the caller. The result carries codes only, never what was sent."""
    if isinstance(error, SlackApiError):
        return _answered(method, error)
    if isinstance(error, HTTPError):
        code = f"http_{error.code}"
        return Unsure(code, method) if error.code >= 500 else Refused(code, method)
    reason = error.reason if isinstance(error, URLError) else error
    return (
        NeverConnected("unreachable", method)
        if isinstance(reason, _NO_ROUTE)
        else Unsure("no_answer", method)
    )


def _answered(method: str, error: SlackApiError) -> SlackError:
    answer = error.response
    status = getattr(answer, "status_code", 200)
    body = getattr(answer, "data", None)
    told = body if isinstance(body, dict) else {}
    code = str(told.get("error") or "")
    is_slacks = bool(_CODE.fullmatch(code))
    if not is_slacks:  # the SDK puts the body of an answer that is no JSON in its place
        code = f"http_{status}"
    if status == 429 or code in _TOO_FAST:
        headers = {name.lower(): value for name, value in (getattr(answer, "headers", None) or {}).items()}
        return RateLimited(_seconds(headers.get("retry-after")), method)
    # A proxy's page says nothing about what Slack has done, whatever its status.
    if status >= 500 or code in _MAYBE_DONE or (not is_slacks and status < 400):
        return Unsure(code, method)
    return Refused(code, method, needed=str(told.get("needed") or ""))


def _next(told: dict[str, Any]) -> object:
    more = told.get("response_metadata")
    return more.get("next_cursor") if isinstance(more, dict) else None


def _seconds(told: object) -> float:
    try:
        return max(1.0, float(str(told)))
    except ValueError:
        return 30.0
