"""Small sound pieces of Block Kit for the tests of the checks: each is the least Slack takes."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
IMAGE_URL = "https://example.org/a.png"


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Words") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "a", text: str = "A", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(f"v{i}", f"Option {i}") for i in range(count)]


def rich(*runs: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(runs)}]}


def rich_words(text: str = "Words") -> Json:
    return rich({"type": "text", "text": text})


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Take"), "action_id": "take", **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": IMAGE_URL, "alt_text": "A picture", **more}


def section(text: str = "Words", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def asks(element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": "b",
        "label": plain("Label"),
        "element": {"action_id": "a", **element},
        **more,
    }


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def grid(rows: int, cells: int, text: str = "x") -> list[list[Json]]:
    return [[cell(text) for _ in range(cells)] for _ in range(rows)]


BLOCKS: dict[str, Json] = {
    "section": section(),
    "header": {"type": "header", "text": plain()},
    "divider": {"type": "divider"},
    "context": {"type": "context", "elements": [mrkdwn(), plain(), image()]},
    "actions": actions(button()),
    "rich_text": rich_words(),
    "image": image(title=plain()),
    "input": asks({"type": "plain_text_input"}),
    "markdown": {"type": "markdown", "text": "**bold**"},
    "table": {"type": "table", "rows": grid(2, 2)},
}

OFFERS = {"options": [option()]}
ELEMENTS: dict[str, Json] = {
    "button": button(),
    "workflow_button": {
        "type": "workflow_button",
        "text": plain(),
        "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}},
    },
    "overflow": {"type": "overflow", **OFFERS},
    "static_select": {"type": "static_select", **OFFERS},
    "external_select": {"type": "external_select"},
    "users_select": {"type": "users_select"},
    "conversations_select": {"type": "conversations_select"},
    "channels_select": {"type": "channels_select"},
    "multi_static_select": {"type": "multi_static_select", **OFFERS},
    "multi_external_select": {"type": "multi_external_select"},
    "multi_users_select": {"type": "multi_users_select"},
    "multi_conversations_select": {"type": "multi_conversations_select"},
    "multi_channels_select": {"type": "multi_channels_select"},
    "checkboxes": {"type": "checkboxes", **OFFERS},
    "radio_buttons": {"type": "radio_buttons", **OFFERS},
    "datepicker": {"type": "datepicker"},
    "timepicker": {"type": "timepicker"},
    "datetimepicker": {"type": "datetimepicker"},
    "rich_text_input": {"type": "rich_text_input"},
    "plain_text_input": {"type": "plain_text_input"},
    "email_text_input": {"type": "email_text_input"},
    "url_text_input": {"type": "url_text_input"},
    "number_input": {"type": "number_input", "is_decimal_allowed": False},
    "file_input": {"type": "file_input"},
    "image": image(),
}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Ask"), "submit": plain("Send"), "blocks": list(blocks), **more}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}
