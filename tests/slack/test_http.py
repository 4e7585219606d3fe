"""Slack over HTTP: only Slack gets in, and no word in a text loses a request."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier

from copbot.slack.http import SlackHttp, read_body
from copbot.slack.in_flight import InFlight

SECRET = "0123456789abcdef"
FORM = "application/x-www-form-urlencoded"


class Taken:
    """Stands where Bolt stands: keeps what came and answers as told."""

    def __init__(self, acked: bool = True, body: dict[str, Any] | None = None) -> None:
        self.payloads: list[dict[str, Any]] = []
        self.acked, self.body = acked, body or {}

    def __call__(self, payload: dict[str, Any], headers: dict[str, str]) -> tuple[bool, dict[str, Any]]:
        self.payloads.append({**payload, "retry": headers["x-slack-retry-num"]})
        return self.acked, self.body


def signed(
    body: str, *, kind: str = FORM, at: float | None = None, secret: str = SECRET
) -> dict[str, list[str]]:
    stamp = str(int(at if at is not None else time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {
        "Content-Type": [kind],
        "X-Slack-Request-Timestamp": [stamp],
        "X-Slack-Signature": [str(signature)],
    }


def test_a_command_whose_text_says_payload_arrives_whole() -> None:
    taken = Taken(body={"text": "hello"})
    body = urlencode({"command": "/ta", "text": "please parse the payload", "user_id": "U1"})
    status, headers, answer = SlackHttp(SECRET, taken)(body, signed(body))
    assert (status, json.loads(answer)) == (200, {"text": "hello"})
    assert headers["content-type"][0].startswith("application/json")
    assert taken.payloads[0]["text"] == "please parse the payload"


def test_an_interaction_is_read_from_its_payload_field() -> None:
    taken = Taken()
    body = urlencode({"payload": json.dumps({"type": "block_actions", "user": {"id": "U1"}})})
    assert SlackHttp(SECRET, taken)(body, signed(body))[0] == 200
    assert taken.payloads[0]["type"] == "block_actions"


def test_an_event_that_fails_is_not_acked_so_slack_sends_it_again() -> None:
    taken = Taken(acked=False)
    body = json.dumps({"type": "event_callback", "event": {"type": "team_join"}})
    headers = {**signed(body, kind="application/json"), "X-Slack-Retry-Num": ["2"]}
    assert SlackHttp(SECRET, taken)(body, headers)[0] == 500
    assert taken.payloads[0]["retry"] == "2"


def test_slack_checking_the_address_gets_its_challenge() -> None:
    taken = Taken()
    body = json.dumps({"type": "url_verification", "challenge": "c-123"})
    assert SlackHttp(SECRET, taken)(body, signed(body, kind="application/json"))[2] == "c-123"
    check = urlencode({"ssl_check": "1"})
    assert SlackHttp(SECRET, taken)(check, signed(check))[0] == 200
    assert taken.payloads == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed("other body"),
        signed("command=%2Fta", secret="not the secret"),
        signed("command=%2Fta", at=time.time() - 3600),
        {**signed("command=%2Fta"), "X-Slack-Request-Timestamp": ["soon"]},
        {**signed("command=%2Fta"), "X-Slack-Request-Timestamp": ["٣"]},
        {**signed("command=%2Fta"), "X-Slack-Signature": []},
    ],
    ids=["none", "other body", "other secret", "old", "no number", "foreign digits", "no signature"],
)
def test_anybody_else_is_refused_and_nothing_runs_inv7(headers: dict[str, list[str]]) -> None:
    taken = Taken()
    assert SlackHttp(SECRET, taken)("command=%2Fta", headers)[0] == 401
    assert taken.payloads == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        ("[1]", "application/json"),
        ("", FORM),
        ("payload=%7B", FORM),
        ("payload=7", FORM),
    ],
)
def test_what_is_no_payload_is_said_to_be_none(body: str, kind: str) -> None:
    assert read_body(body, kind) is None
    assert SlackHttp(SECRET, Taken())(body, signed(body, kind=kind))[0] == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Slack-Signature", "v0=é"),
        ("X-Slack-Signature", "v0=" + "9" * 400),
        ("X-Slack-Signature", ""),
        ("X-Slack-Request-Timestamp", "9" * 400),
        ("X-Slack-Request-Timestamp", "9" * 5000),
        ("X-Slack-Request-Timestamp", "²"),
        ("X-Slack-Request-Timestamp", "-1"),
        ("X-Slack-Request-Timestamp", "١٧٩٥٤٥٦٨٠٠"),
    ],
)
def test_headers_that_no_slack_sends_are_a_wrong_signature(name: str, value: str) -> None:
    taken = Taken()
    assert SlackHttp(SECRET, taken)("a=1", {**signed("a=1"), name: [value]})[0] == 401
    assert taken.payloads == []


def test_over_http_too_what_can_wait_knows_that_somebody_waits_for_an_answer() -> None:
    calm = InFlight()
    seen: list[bool] = []

    def dispatch(_payload: dict[str, Any], _headers: dict[str, str]) -> tuple[bool, dict[str, Any]]:
        seen.append(calm.wait(0.0))
        if len(seen) == 2:
            raise RuntimeError
        return True, {}

    web = SlackHttp(SECRET, dispatch, calm=calm)
    web("a=1", signed("a=1"))
    with pytest.raises(RuntimeError):
        web("a=1", signed("a=1"))
    assert seen == [False, False]
    assert calm.wait(0.0)
