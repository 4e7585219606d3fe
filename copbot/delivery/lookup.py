"""Did it arrive? The message's uid is looked for in Slack, among our own posts since the attempt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from copbot.delivery.rules import MOST_LOOK_PAGES, look_from
from copbot.slack.errors import Refused, Unsure
from copbot.slack.pages import NOT_WHOLE, go_on, page_of

EVENT_TYPE = "message_row"
AT_ONCE = 200


class Slack(Protocol):
    """As much of the gateway as delivery needs."""

    bot_user: str
    bot_id: str

    def call(self, method: str, /, *, timeout: float | None = None, **args: Any) -> dict[str, Any]:
        """Call a Web API method and return the answer's body."""
        ...

    def upload(self, url: str, content: bytes) -> None:
        """The middle step of sending a file."""
        ...


Between = Callable[[], None]
"""Called before each page after the first: keeps the pace, and raises `Unsure` when the look-up may not go on."""


@dataclass(frozen=True)
class FoundCopies:
    """The timestamps of the copies where they belong, and of `strays`: those left outside their thread."""

    copies: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()


def find(
    slack: Slack,
    *,
    channel: str,
    thread_ts: str | None,
    uid: str,
    since: datetime | None,
    timeout: float,
    between: Between,
) -> FoundCopies:
    """Every copy of this message. Raises `Unsure` unless all pages came whole."""
    args: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": AT_ONCE}
    if since is not None:
        args["oldest"] = look_from(since)

    def copies(method: str, **more: Any) -> tuple[str, ...]:
        messages = _pages(slack, method, between, {"timeout": timeout, **args, **more})
        return tuple(each["ts"] for each in messages if _is_ours(slack, each) and _uid(each) == uid)

    if thread_ts is None:
        return FoundCopies(copies("conversations.history"))
    try:
        threaded = copies("conversations.replies", ts=thread_ts)
    except Refused as refused:
        if refused.code not in ("thread_not_found", "message_not_found"):
            raise
        threaded = ()
    # Slack may have put it at the top level, also of a thread that it still shows.
    return FoundCopies(threaded) if threaded else FoundCopies(strays=copies("conversations.history"))


def _pages(slack: Slack, method: str, between: Between, args: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    number, more = 0, dict[str, Any]()
    while True:
        page, cursor = page_of(slack.call(method, **args, **more), "messages", method)
        if not all(isinstance(each.get("ts"), str) for each in page):
            raise Unsure(NOT_WHOLE, method)
        found += page
        if not cursor:
            return found
        number, more = number + 1, {"cursor": cursor}
        go_on(number, method, MOST_LOOK_PAGES)
        between()


def _is_ours(slack: Slack, message: dict[str, Any]) -> bool:
    # Metadata can be read, and so copied, by every app of the workspace.
    by_user = bool(slack.bot_user) and message.get("user") == slack.bot_user
    return by_user or (bool(slack.bot_id) and message.get("bot_id") == slack.bot_id)


def _uid(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or not isinstance(payload, dict):
        return None
    uid = payload.get("uid")
    return uid if metadata.get("event_type") == EVENT_TYPE and isinstance(uid, str) else None
