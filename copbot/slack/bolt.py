"""Bolt, with one catch-all listener per kind of payload: our own table of entrances stands behind it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from copbot.slack import incoming
from copbot.slack.frame import Frame
from copbot.slack.gateway import Gateway
from copbot.slack.incoming import Incoming

log = structlog.get_logger("bolt")

ANYTHING = re.compile(".*", re.DOTALL)

MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What reading a payload raises that is not as Slack describes it."""

Body = dict[str, Any]


class SlackApp(App):
    """Bolt's app, with the answer to a payload that Bolt itself cannot read."""

    unreadable: Callable[[Any], Body]


def build(frame: Frame, gateway: Gateway) -> SlackApp:
    """The Bolt app. It asks Slack nothing by itself: who we are is already known to the gateway."""

    def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=gateway.team,
            bot_user_id=gateway.bot_user,
            bot_id=gateway.bot_id,
            bot_token=gateway.client.token,
        )

    quiet = logging.getLogger("copbot.bolt")
    quiet.setLevel(logging.ERROR)  # it warns of the token in the environment, which is not the one it uses
    app = SlackApp(
        name="copbot",
        logger=quiet,
        client=gateway.client,
        authorize=authorize,
        process_before_response=True,  # the frame commits before it acks, and an ack leaves when it is ready
        request_verification_enabled=False,  # over HTTP, slack/http.py verifies before Bolt sees anything
        ignoring_self_events_enabled=False,  # it would hide that somebody deleted one of our notices
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        ssl_check_enabled=False,
    )
    app.unreadable = frame.unreadable
    _listen(app, frame)

    @app.error
    def failed(error: Exception, body: Body) -> BoltResponse:
        if body.get("type") != "event_callback":
            return _unreadable(
                frame, error, body
            )  # the frame answers what goes wrong in it, so this is Bolt's
        log.warning("not_acked", code=type(error).__name__)
        return BoltResponse(status=500)

    return app


def _listen(app: App, frame: Frame) -> None:
    def through(read: Callable[[Body], Incoming]) -> Callable[[Body], BoltResponse]:
        def listener(body: Body) -> BoltResponse:
            try:
                found = read(body)
            except MALFORMED as error:
                return _unreadable(frame, error, body)
            return BoltResponse(status=200, body=_ack(frame.take(found)))

        return listener

    # Bolt asks them in turn, and prepares each asking anew: what saves most comes first.
    app.view(ANYTHING)(through(incoming.of_view))
    app.command(ANYTHING)(through(incoming.of_command))
    app.action({"action_id": ANYTHING, "block_id": ANYTHING})(through(incoming.of_action))
    app.shortcut(ANYTHING)(through(incoming.of_shortcut))
    app.view_closed(ANYTHING)(through(incoming.of_view))
    app.options(ANYTHING)(through(incoming.of_options))
    app.event(ANYTHING)(through(incoming.of_event))


def _check_event(payload: Body) -> None:
    """Raises one of `MALFORMED` for an event that Bolt or the frame would fail at, which would keep coming back."""
    if payload.get("type") != "event_callback":
        return
    if not (isinstance(payload.get("event"), dict) and isinstance(payload["event"].get("type"), str)):
        raise TypeError("an event without a type")
    incoming.of_event(payload)


def _unreadable(app: SlackApp | Frame, error: Exception, body: Any) -> BoltResponse:
    """Acked all the same, with a sentence for the person: delivered again it would read no better."""
    log.warning("unreadable", code=type(error).__name__)
    return BoltResponse(status=200, body=_ack(app.unreadable(body)))


def _ack(body: Body) -> str:
    return json.dumps(body) if body else ""


def dispatch(app: SlackApp, payload: Body, headers: dict[str, str]) -> tuple[bool, Body]:
    """Run one Socket Mode payload: whether to ack it, and with what."""
    try:
        _check_event(payload)
        response = app.dispatch(BoltRequest(mode="socket_mode", body=payload, headers=dict(headers)))
    except (*MALFORMED, RecursionError) as error:  # Bolt itself could not read it
        response = _unreadable(app, error, payload)
    if response.status == 404:
        # Nothing here listens to it; unacked, Slack would send it again and show people an error.
        log.info("unmatched", kind=str(payload.get("type") or "")[:40])
        return True, app.unreadable(payload)
    return response.status == 200, json.loads(response.body) if response.body else {}
