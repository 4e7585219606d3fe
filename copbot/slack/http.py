"""Slack over HTTP: the signature first, then the same payloads as over the socket.

Bolt's own parser loses a form whose text holds the word "payload", and logs the whole body of a request with a
wrong signature; so the body is verified and read here, and Bolt gets it as it would from Socket Mode.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import structlog
from slack_sdk.signature import SignatureVerifier

from copbot.slack.in_flight import InFlight

log = structlog.get_logger("http")

Headers = Mapping[str, Sequence[str]]
Dispatch = Callable[[dict[str, Any], dict[str, str]], tuple[bool, dict[str, Any]]]
Answered = tuple[int, Headers, str]

LONGEST_STAMP = 12
"""Digits of a time in seconds: Slack sends ten."""

JSON = {"content-type": ["application/json; charset=utf-8"]}
TEXT = {"content-type": ["text/plain; charset=utf-8"]}


class SlackHttp:
    """Answers one request from Slack: status, headers, body."""

    def __init__(self, signing_secret: str, dispatch: Dispatch, *, calm: InFlight | None = None) -> None:
        self._verifier = SignatureVerifier(signing_secret)
        self._dispatch = dispatch
        self._calm = calm or InFlight()

    def __call__(self, body: str, headers: Headers) -> Answered:
        first = {name.lower(): values[0] for name, values in headers.items() if values}
        if not self._is_slack(body, first):
            log.warning("wrong_signature")
            return 401, TEXT, "The signature is not Slack's."
        payload = read_body(body, first.get("content-type", ""))
        if payload is None:
            return 400, TEXT, "Not a payload of Slack's."
        if payload.get("type") == "url_verification":
            return 200, TEXT, str(payload.get("challenge") or "")
        if payload.get("ssl_check"):
            return 200, TEXT, ""
        self._calm.arrived()
        try:
            acked, answer = self._dispatch(
                payload, {"x-slack-retry-num": first.get("x-slack-retry-num", "0")}
            )
        finally:
            self._calm.answered()
        if not acked:
            return 500, TEXT, ""
        return 200, JSON if answer else TEXT, json.dumps(answer) if answer else ""

    def _is_slack(self, body: str, headers: dict[str, str]) -> bool:
        stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        # The verifier raises at anything but a time in seconds, and at a signature beyond ASCII.
        is_time = stamp.isascii() and stamp.isdecimal() and len(stamp) <= LONGEST_STAMP
        return is_time and signature.isascii() and self._verifier.is_valid(body, stamp, signature)


def read_body(body: str, content_type: str) -> dict[str, Any] | None:
    """JSON, a form with a JSON field named payload, or the fields of a command; None for anything else."""
    try:
        if content_type.startswith("application/json"):
            found = json.loads(body)
        else:
            fields = dict(parse_qsl(body, keep_blank_values=True))
            found = json.loads(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found else None
