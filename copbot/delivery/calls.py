"""The calls that make Slack match a row. Each raises one of `slack.errors`; none opens a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from copbot.delivery.lookup import EVENT_TYPE, Between, FoundCopies, Slack, find
from copbot.delivery.rules import EDIT_CLOSED, after_look
from copbot.delivery.sending.claims import ClaimedMessage
from copbot.delivery.sending.outcomes import Looked
from copbot.slack.answers import Message
from copbot.slack.errors import Refused, SlackError, Unsure
from copbot.slack.pages import NOT_WHOLE

FindCopies = Callable[[str], FoundCopies]
"""Channel → where copies of a message stand in it."""


def post(slack: Slack, turn: ClaimedMessage, message: Message, timeout: float) -> tuple[str, str, bool]:
    """Post the message; (channel, ts, whether it stands in its thread). A public channel we are not in is joined first.

    Slack answers ok for a thread whose first message is gone, and the reply then stands at the top level.
    """
    args: dict[str, Any] = {
        "channel": turn.destination,
        "text": message.text,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"uid": turn.uid}},
        "unfurl_links": False,
        "unfurl_media": False,
    }
    if message.blocks:
        args["blocks"] = list(message.blocks)
    if turn.thread_ts:
        args["thread_ts"] = turn.thread_ts
    try:
        answer = slack.call("chat.postMessage", timeout=timeout, **args)
    except Refused as refused:
        if refused.code != "not_in_channel":
            raise
        _join(slack, turn.destination, timeout)
        answer = slack.call("chat.postMessage", timeout=timeout, **args)
    if not (answer.get("channel") and answer.get("ts")):  # done, it says, and not where: the look-up finds it
        raise Unsure("no_ts", "chat.postMessage")
    posted = answer.get("message")
    if turn.thread_ts and not isinstance(posted, dict):
        raise Unsure("no_message", "chat.postMessage")
    threaded = not turn.thread_ts or bool(posted and posted.get("thread_ts"))
    return str(answer["channel"]), str(answer["ts"]), threaded


def take_back(slack: Slack, channel: str, ts: str, timeout: float) -> None:
    """Delete what came to stand outside its thread. Raises `Unsure` of the post when it may still stand: a look-up finds it."""
    try:
        delete(slack, channel, ts, timeout)
    except SlackError as error:
        if error.code != "message_not_found":
            raise Unsure("unthreaded", "chat.postMessage") from None


def update(slack: Slack, turn: ClaimedMessage, message: Message, timeout: float) -> None:
    """Bring the standing message up to date. Its metadata stays as it is when it is not named."""
    args = {"channel": turn.channel, "ts": turn.ts, "text": message.text, "parse": "none"}
    slack.call("chat.update", timeout=timeout, blocks=list(message.blocks), **args)


def withdraw(slack: Slack, turn: ClaimedMessage, line: Message, timeout: float) -> bool:
    """Put a line in the place of a text that may not stay. False: it cannot be edited any more, so it is deleted."""
    try:
        update(slack, turn, line, timeout)
    except Refused as refused:
        if refused.code not in EDIT_CLOSED:
            raise
        delete(slack, turn.channel, str(turn.ts), timeout)
        return False
    return True


def delete(slack: Slack, channel: str | None, ts: str, timeout: float) -> None:
    slack.call("chat.delete", timeout=timeout, channel=channel, ts=ts)


def look(slack: Slack, turn: ClaimedMessage, timeout: float, find_copies: FindCopies) -> Looked:
    """Find the copies of this message, and delete all but the one that stays."""
    channel = turn.channel or conversation(slack, turn.destination, timeout)
    found = find_copies(channel)
    plan = after_look(found.copies, own=turn.ts, wanted=turn.wanted, rooted=turn.rooted)
    for ts in (*plan.drop, *(ts for ts in found.strays if ts != turn.ts)):
        try:
            delete(slack, channel, ts, timeout)
        except Refused as refused:
            if refused.code != "message_not_found":
                raise
    return Looked(channel, plan.keep, bool(found.copies))


def find_posts(
    slack: Slack, turn: ClaimedMessage, timeout: float, between: Between, channel: str
) -> FoundCopies:
    """The copies of a post, found by the uid that it carries."""

    def look_there() -> FoundCopies:
        return find(
            slack,
            channel=channel,
            thread_ts=turn.thread_ts,
            uid=turn.uid,
            since=turn.since,
            timeout=timeout,
            between=between,
        )

    try:
        return look_there()
    except Refused as refused:
        if refused.code != "not_in_channel":
            raise
        _join(slack, channel, timeout)
        return look_there()


def conversation(slack: Slack, destination: str, timeout: float) -> str:
    """The channel a message to this destination lands in; a person's is asked for."""
    if destination[:1] not in ("U", "W"):
        return destination
    answer = slack.call("conversations.open", timeout=timeout, users=destination)
    opened = answer.get("channel")
    if not (isinstance(opened, dict) and opened.get("id")):
        raise Unsure(NOT_WHOLE, "conversations.open")
    return str(opened["id"])


def _join(slack: Slack, channel: str, timeout: float) -> None:
    try:
        slack.call("conversations.join", timeout=timeout, channel=channel)
    except Refused as refused:
        # The post was refused for not being there; that, not the failed join, is what a person can mend.
        raise Refused("not_in_channel", refused.method) from None
