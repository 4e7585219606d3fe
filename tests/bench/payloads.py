"""What Slack sends when somebody types the command, or sends the form."""

from __future__ import annotations

import itertools
from typing import Any

from tests.bench.slack import TEAM

Json = dict[str, Any]

AGENCY = "Lakeside Exchange"
_numbers = itertools.count(1)


def member(number: int) -> str:
    """The user id of one of the people who ask."""
    return f"U0MEMBER{number:04d}"


def command(user: str, text: str = "") -> Json:
    """`/ta`, with or without words."""
    return {
        "command": "/ta",
        "text": text,
        "user_id": user,
        "user_name": user.lower(),
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": "C0GENERAL01",
        "channel_name": "general",
        "api_app_id": "A0BENCH",
        "response_url": "",
        "trigger_id": f"{next(_numbers)}.1234.abcdef",
    }


def submission(user: str, need: str, *, agency: str = "agency:1") -> Json:
    """The filled form. `agency:new` adds the agency; it is number 1 in an empty database."""
    number = next(_numbers)
    ident = f"V0FORM{number:08d}"
    view = {
        "id": ident,
        "root_view_id": ident,
        "type": "modal",
        "callback_id": "request.ask",
        "hash": f"{number}.form",
        "private_metadata": "",
        "blocks": [],
        "state": {"values": _values(need, agency)},
    }
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "bench"},
        "user": {"id": user, "name": user.lower(), "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "trigger_id": f"{number}.5678.abcdef",
        "view": view,
        "response_urls": [],
    }


def _values(need: str, agency: str) -> Json:
    values = {
        "topics": {"topics": _several("naloxone")},
        "kind": {"kind": _one("answer")},
        "need": {"need": {"type": "plain_text_input", "value": need}},
        "agency": {"request.agency": _one(agency, AGENCY) | {"type": "external_select"}},
        "areas": {"areas": _several("wi-dane", "wi-rock")},
        "by_when": {"request.by_when": {"type": "static_select", "selected_option": None}},
    }
    if agency == "agency:new":
        values["agency_name"] = {"agency_name": {"type": "plain_text_input", "value": AGENCY}}
    return values


def _one(value: str, label: str = "") -> Json:
    return {"type": "static_select", "selected_option": _option(value, label)}


def _several(*values: str) -> Json:
    return {"type": "multi_static_select", "selected_options": [_option(value) for value in values]}


def _option(value: str, label: str = "") -> Json:
    return {"text": {"type": "plain_text", "text": label or value}, "value": value}
