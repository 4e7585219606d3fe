"""Slack's payloads, each read once into the same shape."""

from __future__ import annotations

import json
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
    claim: tuple[str, ...] = ()

    @property
    def view_id(self) -> str:
        return str(self.view.get("id") or "")

    @property
    def root_view(self) -> str:
        return str(self.view.get("root_view_id") or self.view_id)


def of_command(body: Body) -> Incoming:
    trigger = str(body.get("trigger_id") or "")
    return Incoming(
        kind="command",
        id=str(body.get("command") or "").lstrip("/"),
        user=str(body.get("user_id") or ""),
        text=incoming_text(str(body.get("text") or "")),
        channel=str(body.get("channel_id") or ""),
        trigger=trigger,
        response_url=str(body.get("response_url") or ""),
        claim=("command", trigger),
    )


def of_shortcut(body: Body) -> Incoming:
    trigger = str(body.get("trigger_id") or "")
    message = body.get("message") or {}
    return Incoming(
        kind="message_shortcut" if body.get("type") == "message_action" else "shortcut",
        id=str(body.get("callback_id") or ""),
        user=_user(body),
        text=text_of_message(message) if message else "",
        channel=str((body.get("channel") or {}).get("id") or ""),
        ts=str(message.get("ts") or ""),
        trigger=trigger,
        response_url=str(body.get("response_url") or ""),
        claim=("shortcut", trigger),
    )


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
    found = user.get("id") if isinstance(user, dict) else user
    channel = event.get("channel")
    return Incoming(
        kind="event",
        id=kind,
        user=str(found or ""),
        text=text_of_message(event) if kind == "message" else "",
        channel=str((channel.get("id") if isinstance(channel, dict) else channel) or ""),
        ts=str(event.get("ts") or ""),
        event=event,
        claim=("event", str(body.get("event_id") or "")),
    )


def _user(body: Body) -> str:
    return str((body.get("user") or {}).get("id") or "")


def _meta(view: Body) -> dict[str, Any]:
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


_SINGLE = ("selected_user", "selected_conversation", "selected_channel", "selected_date", "selected_time")
_SEVERAL = ("selected_users", "selected_conversations", "selected_channels")


def _chosen(state: Body) -> str:
    """The one value of an action or field: the option's value, the id, the date, the text."""
    option = state.get("selected_option")
    if isinstance(option, dict):
        return str(option.get("value") or "")
    for name in _SINGLE:
        if state.get(name):
            return str(state[name])
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
        return tuple(str(option.get("value") or "") for option in state["selected_options"] or ())
    for name in _SEVERAL:
        if name in state:
            return tuple(state[name] or ())
    if state.get("selected_date_time"):
        return str(state["selected_date_time"])
    return _chosen(state)
