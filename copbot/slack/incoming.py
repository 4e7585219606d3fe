"""Slack's payloads, each read once into the same shape."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from copbot.slack.entrances import Form
from copbot.slack.text import clean, incoming_text, text_of_message

Body = dict[str, Any]


@dataclass(frozen=True)
class Incoming:
    """One delivery from Slack. `claim` is what makes it the same delivery when it comes again."""

    kind: str
    id: str
    user: str = ""
    text: str = ""
    value: str = ""
    form: Form = field(default_factory=Form)
    meta: dict[str, Any] = field(default_factory=dict)
    view: dict[str, Any] = field(default_factory=dict)
    channel: str = ""
    ts: str = ""
    event: dict[str, Any] = field(default_factory=dict)
    trigger: str = ""
    response_url: str = ""
    is_ephemeral: bool = False
    author: str = ""
    message_path: str = ""
    """Message shortcuts: who wrote the message (a user's or an app's id), and its address inside the workspace."""
    claim: tuple[str, ...] = ()

    @property
    def view_id(self) -> str:
        return str(self.view.get("id") or "")

    @property
    def root_view(self) -> str:
        return str(self.view.get("root_view_id") or self.view_id)


_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")
"""What Slack's ids look like; they are stored in columns of 32 characters."""


def slack_id(told: Any) -> str:
    """The id; empty for none. Raises `ValueError` for anything that cannot be one."""
    if told is None or told == "":
        return ""
    if not (isinstance(told, str) and _ID.fullmatch(told)):
        raise ValueError("not an id")
    return told


def outline(body: Any) -> Incoming:
    """Of a payload that cannot be read: what kind it is and where its sender can be answered. Never raises."""
    told = body if isinstance(body, dict) else {}
    kind = "command" if "command" in told else _KINDS.get(str(told.get("type")), "event")
    user, view = told.get("user"), told.get("view")
    user = user.get("id") if isinstance(user, dict) else told.get("user_id")
    blocks = view.get("blocks") if isinstance(view, dict) else None
    kept = [each for each in blocks if _is_field(each)] if isinstance(blocks, list) else []
    channel = told.get("channel")
    channel = channel.get("id") if isinstance(channel, dict) else told.get("channel_id")
    return Incoming(
        kind=kind,
        id="",
        user=_text_or_nothing(user),
        view={"type": "modal", "blocks": kept} if isinstance(view, dict) else {},
        channel=_text_or_nothing(channel),
        trigger=_text_or_nothing(told.get("trigger_id")),
        response_url=_text_or_nothing(told.get("response_url")),
    )


_KINDS = {
    "view_submission": "view",
    "view_closed": "closed",
    "block_actions": "action",
    "block_suggestion": "options",
    "shortcut": "shortcut",
    "message_action": "message_shortcut",
}


def _is_field(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "input" and isinstance(block.get("block_id"), str)


def _text_or_nothing(told: Any) -> str:
    return told if isinstance(told, str) else ""


def of_command(body: Body) -> Incoming:
    trigger = str(body.get("trigger_id") or "")
    return Incoming(
        kind="command",
        id=str(body.get("command") or "").lstrip("/"),
        user=slack_id(body.get("user_id")),
        text=incoming_text(str(body.get("text") or "")),
        channel=str(body.get("channel_id") or ""),
        trigger=trigger,
        response_url=str(body.get("response_url") or ""),
        claim=("command", trigger),
    )


def of_shortcut(body: Body) -> Incoming:
    trigger = str(body.get("trigger_id") or "")
    message = body.get("message") or {}
    channel, ts = str((body.get("channel") or {}).get("id") or ""), str(message.get("ts") or "")
    return Incoming(
        kind="message_shortcut" if body.get("type") == "message_action" else "shortcut",
        id=str(body.get("callback_id") or ""),
        user=_user(body),
        text=text_of_message(message) if message else "",
        channel=channel,
        ts=ts,
        author=str(message.get("user") or message.get("bot_id") or "nobody") if message else "",
        message_path=_path(channel, ts, str(message.get("thread_ts") or "")),
        trigger=trigger,
        response_url=str(body.get("response_url") or ""),
        claim=("shortcut", trigger),
    )


def _path(channel: str, ts: str, thread: str) -> str:
    """What stands behind the workspace's address in a link to the message; empty for no message."""
    if not (_ID.fullmatch(channel) and _ID.fullmatch(ts)):
        return ""
    tail = f"?thread_ts={thread}&cid={channel}" if _ID.fullmatch(thread) and thread != ts else ""
    return f"archives/{channel}/p{ts.replace('.', '')}{tail}"


def of_action(body: Body) -> Incoming:
    action = (body.get("actions") or [{}])[0]
    view = body.get("view") or {}
    container = body.get("container") or {}
    state = (view.get("state") or body.get("state") or {}).get("values") or {}
    user, ident = _user(body), str(action.get("action_id") or "")
    message = body.get("message") or {}
    return Incoming(
        kind="action",
        id=ident,
        user=user,
        value=_chosen(action),
        form=_form(state),
        meta=_meta(view),
        view=view,
        channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        ts=str(message.get("ts") or container.get("message_ts") or ""),
        trigger=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
        is_ephemeral=bool(container.get("is_ephemeral")),
        claim=("action", str(action.get("action_ts") or body.get("trigger_id") or ""), ident, user),
    )


def of_view(body: Body) -> Incoming:
    view = body.get("view") or {}
    values = (view.get("state") or {}).get("values") or {}
    digest = json.dumps(values, sort_keys=True, separators=(",", ":"))
    closed = body.get("type") == "view_closed"
    ident = str(view.get("id") or "")
    return Incoming(
        kind="closed" if closed else "view",
        id=str(view.get("callback_id") or ""),
        user=_user(body),
        form=_form(values),
        meta=_meta(view),
        view=view,
        trigger=str(body.get("trigger_id") or ""),
        claim=("closed", ident) if closed else ("view", ident, str(view.get("hash") or ""), digest),
    )


def of_options(body: Body) -> Incoming:
    view = body.get("view") or {}
    return Incoming(
        kind="options",
        id=str(body.get("action_id") or ""),
        user=_user(body),
        text=clean(str(body.get("value") or "")).strip(),
        meta=_meta(view),
        view=view,
    )


def of_event(body: Body) -> Incoming:
    event = body.get("event") or {}
    kind = str(event.get("type") or "")
    if kind == "message" and event.get("subtype"):
        kind = str(event["subtype"])
    user = event.get("user")
    found = slack_id(user.get("id") if isinstance(user, dict) else user)
    channel = event.get("channel")
    return Incoming(
        kind="event",
        id=kind,
        user=found,
        text=text_of_message(event) if kind == "message" else "",
        channel=str((channel.get("id") if isinstance(channel, dict) else channel) or ""),
        ts=str(event.get("ts") or ""),
        event=event,
        claim=("event", str(body.get("event_id") or "")),
    )


def _user(body: Body) -> str:
    return slack_id((body.get("user") or {}).get("id"))


def _meta(view: Body) -> dict[str, Any]:
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, RecursionError):
        return {}
    cleaned = _cleaned(found)
    return cleaned if isinstance(cleaned, dict) else {}


def _cleaned(told: Any) -> Any:
    """What came back from a form's metadata, without characters that no database takes."""
    if isinstance(told, str):
        return clean(told)
    if isinstance(told, list):
        return [_cleaned(each) for each in told]
    if isinstance(told, dict):
        return {clean(str(name)): _cleaned(each) for name, each in told.items()}
    return told


_SINGLE = ("selected_user", "selected_conversation", "selected_channel", "selected_date", "selected_time")
_SEVERAL = ("selected_users", "selected_conversations", "selected_channels")


def _chosen(state: Body) -> str:
    """The one value of an action or field: the option's value, the id, the date, the text."""
    option = state.get("selected_option")
    if isinstance(option, dict):
        return clean(str(option.get("value") or ""))
    for name in _SINGLE:
        if state.get(name):
            return clean(str(state[name]))
    return clean(str(state.get("value") or ""))


def _form(values: Body) -> Form:
    found: dict[str, Any] = {}
    labels: dict[str, str] = {}
    for block, fields in values.items():
        for state in (fields or {}).values():  # nothing, where another Slack says nothing of an empty field
            found[block] = _field(state)
            option = state.get("selected_option")
            if isinstance(option, dict):
                labels[block] = clean(str((option.get("text") or {}).get("text") or ""))
    return Form(found, labels)


def _field(state: Body) -> str | tuple[str, ...]:
    if "selected_options" in state:
        return tuple(clean(str(option.get("value") or "")) for option in state["selected_options"] or ())
    for name in _SEVERAL:
        if name in state:
            return tuple(clean(str(each)) for each in state[name] or ())
    if state.get("selected_date_time"):
        return str(state["selected_date_time"])
    return _chosen(state)
