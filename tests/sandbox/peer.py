"""A small real bot for the sandbox to talk to: Bolt, the websocket client, the SDK's own WebClient."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
import websocket
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.world import SlackTiming
from tests.days import Sandbox
from tests.waiting import PATIENCE

Json = dict[str, Any]
SCOPES = [
    "commands",
    "chat:write",
    "chat:write.public",
    "users:read",
    "users:read.email",
    "channels:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "groups:read",
    "groups:history",
    "groups:write",
    "im:read",
    "im:write",
    "im:history",
    "bookmarks:read",
    "bookmarks:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "app_mentions:read",
]
EVENTS = [
    "app_home_opened",
    "message.channels",
    "message.groups",
    "message.im",
    "app_mention",
    "member_joined_channel",
    "member_left_channel",
    "channel_archive",
    "channel_unarchive",
    "channel_rename",
    "channel_created",
    "channel_deleted",
    "channel_left",
    "group_left",
    "team_join",
    "user_change",
    "pin_added",
    "reaction_added",
    "reaction_removed",
    "app_uninstalled",
    "tokens_revoked",
]


hasty = pytest.mark.parametrize(
    "timing", [SlackTiming(ack=0.3, trigger=0.3, redelivery=(0.0, 0.1, 0.2))], ids=["hasty"]
)
"""For tests of what happens when the time is over."""


def manifest(
    *, scopes: list[str] | None = None, events: list[str] | None = None, escape: bool = True, **home: bool
) -> Json:
    """The test app's manifest; every argument narrows it down."""
    return {
        "display_information": {"name": "Helper"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, **home},
            "bot_user": {"display_name": "helper"},
            "slash_commands": [{"command": "/ask", "description": "Ask", "should_escape": escape}],
            "shortcuts": [
                {"type": "global", "name": "Ask for help", "callback_id": "ask_global", "description": "x"},
                {
                    "type": "message",
                    "name": "Help with this",
                    "callback_id": "ask_message",
                    "description": "x",
                },
            ],
        },
        "oauth_config": {"scopes": {"bot": SCOPES if scopes is None else scopes}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS if events is None else events},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, accessory: Json | None = None) -> Json:
    return {"type": "section", "text": plain(text), **({"accessory": accessory} if accessory else {})}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "actions", "elements": list(elements)}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def asked(label: str, element: Json, block_id: str, **more: Any) -> Json:
    """An input block."""
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def need_field(**more: Any) -> Json:
    return asked("Need", {"type": "plain_text_input", "action_id": "need", **more}, "need_block")


def modal(*blocks: Json, title: str = "Ask", callback_id: str = "form", **more: Any) -> Json:
    submit = {"submit": plain("Send")}
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "blocks": list(blocks),
        **submit,
        **more,
    }


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}


def select(kind: str, action_id: str, **more: Any) -> Json:
    return {"type": kind, "action_id": action_id, **more}


TOPICS = [option("Naloxone", "nlx"), option("Safer smoking", "smk"), option("Wound care", "wnd")]


class Bot:
    """Listeners acknowledge from the socket's own workers, as the product's do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        logger = logging.getLogger("tests.sandbox.bot")
        logger.setLevel(logging.CRITICAL)
        self.client = WebClient(sandbox.bot_token, base_url=sandbox.api_url, timeout=PATIENCE, logger=logger)
        self.client.retry_handlers.clear()
        self.app = App(
            client=self.client,
            process_before_response=True,
            ignoring_self_events_enabled=False,
            logger=logger,
        )
        self.seen: list[Json] = []
        self._handlers: list[SocketModeHandler] = []

    def connect(self, links: int = 1) -> Bot:
        for _ in range(links):
            handler = SocketModeHandler(self.app, self.sandbox.app_token, ping_interval=1)
            self._handlers.append(handler)
            handler.connect()
        workspace = self.sandbox.workspace()
        workspace.connected(links)
        return self

    def hears_events(self) -> Bot:
        """Every event is acknowledged and kept in `seen`."""

        def keep(body: Json) -> None:
            self.seen.append(body)

        for kind in ("message", *{event.split(".")[0] for event in EVENTS}):
            self.app.event(kind)(keep)
        return self

    def answers_command(self, answer: Callable[[Json], Any] = lambda command: "") -> Bot:
        def listener(ack: Any, command: Json) -> None:
            ack(answer(command))

        self.app.command("/ask")(listener)
        return self

    def opens(self, view: Json | Callable[[], Json]) -> Bot:
        """The command opens this form, or what this returns then."""

        def listener(ack: Any, command: Json, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=command["trigger_id"], view=view() if callable(view) else view)

        self.app.command("/ask")(listener)
        return self

    def answers_form(self, callback_id: str = "form", **ack_body: Any) -> list[Json]:
        """Keeps the submissions it gets and acknowledges each with the same body."""
        got: list[Json] = []

        def listener(ack: Any, body: Json) -> None:
            got.append(body)
            ack(**ack_body)

        self.app.view(callback_id)(listener)
        return got

    def answers_action(self, action_id: str) -> list[Json]:
        got: list[Json] = []

        def listener(ack: Any, body: Json) -> None:
            got.append(body)
            ack()

        self.app.action(action_id)(listener)
        return got

    def close(self) -> None:
        """At once: the client itself waits up to ten seconds in `select` and one in its queue."""
        for handler in self._handlers:
            client = handler.client
            client.closed, client.auto_reconnect_enabled = True, False
            session = client.current_session
            if session is not None and session.sock is not None and session.sock.sock is not None:
                with contextlib.suppress(OSError):
                    session.sock.sock.shutdown(socket.SHUT_RDWR)
            client.current_session_runner.shutdown()
            client.message_queue.put(None)
            handler.close()


def trigger(ws: Workspace, bot: Bot, person: str = "kim") -> str:
    """A fresh trigger id, out of a command."""
    got: list[str] = []
    bot.answers_command(lambda command: got.append(command["trigger_id"]) or "").connect()
    ws.person(person).types("/ask")
    return got[0]


class RawSocket:
    """Socket Mode by hand: nothing is acknowledged unless the test says so."""

    def __init__(self, sandbox: Sandbox, url: str = "") -> None:
        opener = WebClient(base_url=sandbox.api_url)
        self.url = url or opener.apps_connections_open(app_token=sandbox.app_token)["url"]
        self.line = websocket.create_connection(self.url, timeout=PATIENCE)
        self.hello = self.next()

    def next(self, timeout: float = PATIENCE) -> Json:
        self.line.settimeout(timeout)
        return dict(json.loads(self.line.recv()))

    def ack(self, envelope: Json, payload: Json | None = None) -> None:
        body = {"envelope_id": envelope["envelope_id"], **({"payload": payload} if payload else {})}
        self.line.send(json.dumps(body))

    def close(self) -> None:
        self.line.close(timeout=0)
        self.line.shutdown()


def refused(call: Callable[[], Any]) -> SlackApiError:
    """The refusal a call met; fails when it was accepted."""
    try:
        answer = call()
    except SlackApiError as error:
        return error
    raise AssertionError(f"Slack would refuse this: {answer}")


def error_of(call: Callable[[], Any]) -> str:
    return str(refused(call).response["error"])


def fetch(
    url: str, method: str = "GET", body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], str]:
    """One request without a client's own ideas: status, headers (lower case), text."""
    parts = urlsplit(url)
    line = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        line.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        reply = line.getresponse()
        return reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read().decode()
    finally:
        line.close()
