"""Did it arrive? The message's uid is looked for in Slack, among our own posts since the attempt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from copbot.delivery.rules import look_from
from copbot.slack.errors import Refused

EVENT_TYPE = "message_row"
AT_ONCE = 200


class Slack(Protocol):
    """As much of the gateway as delivery needs."""

    bot_user: str
    bot_id: str

    def call(self, method: str, /, *, timeout: float | None = None, **args: Any) -> dict[str, Any]:
        """Call a Web API method and return the answer's body."""
        ...


def find(
    slack: Slack,
    *,
    channel: str,
    thread_ts: str | None,
    uid: str,
    since: datetime | None,
    timeout: float,
) -> list[str]:
    """The timestamps of every copy of this message. A thread that is gone holds none."""
    args: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": AT_ONCE}
    if since is not None:
        args["oldest"] = look_from(since)
    try:
        if thread_ts is None:
            messages = list(_pages(slack, "conversations.history", timeout, args))
        else:
            messages = list(_pages(slack, "conversations.replies", timeout, {**args, "ts": thread_ts}))
    except Refused as refused:
        if thread_ts is not None and refused.code in ("thread_not_found", "message_not_found"):
            return []
        raise
    return [str(message["ts"]) for message in messages if _is_ours(slack, message) and _uid(message) == uid]


def _pages(slack: Slack, method: str, timeout: float, args: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = slack.call(method, timeout=timeout, **args, **more)
        yield from answer.get("messages") or []
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def _is_ours(slack: Slack, message: dict[str, Any]) -> bool:
    # Metadata can be read, and so copied, by every app of the workspace.
    by_user = bool(slack.bot_user) and message.get("user") == slack.bot_user
    return by_user or (bool(slack.bot_id) and message.get("bot_id") == slack.bot_id)


def _uid(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    uid = payload.get("uid")
    return uid if metadata.get("event_type") == EVENT_TYPE and isinstance(uid, str) else None
