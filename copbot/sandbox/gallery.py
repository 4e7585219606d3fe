"""One of each: every block and element the page can draw, for whoever looks after the page."""

from collections.abc import Callable
from itertools import count
from typing import Any

from copbot.sandbox.form import initial_values, with_ids
from copbot.sandbox.world import World

Json = dict[str, Any]
PICTURE = "https://example.org/picture.png"
NOON = 1_790_000_000


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def _mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def _option(text: str, value: str, description: str = "") -> Json:
    more = {"description": _plain(description)} if description else {}
    return {"text": _plain(text), "value": value, **more}


OPTIONS = [
    _option("Naloxone", "naloxone"),
    _option("Syringe services", "ssp"),
    _option("Wound care", "wounds"),
]
DESCRIBED = [_option("Call me", "call", "Between nine and five"), _option("Write to me", "write")]
GROUPS = [
    {"label": _plain("Supplies"), "options": OPTIONS[:2]},
    {"label": _plain("Care"), "options": OPTIONS[2:]},
]
SURE = {
    "title": _plain("Withdraw the request?"),
    "text": _mrkdwn("Staff stop working on it. *You can reopen it.*"),
    "confirm": _plain("Withdraw"),
    "deny": _plain("Keep"),
    "style": "danger",
}
IMAGE = {"type": "image", "image_url": PICTURE, "alt_text": "A shelf with kits"}


def _button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": _plain(text), "action_id": action_id, "value": "1", **more}


BUTTONS: list[Json] = [
    _button("Take", "b1", style="primary"),
    _button("Hand over", "b2"),
    _button("Close", "b3", style="danger", confirm=SURE),
    _button("Read the guide", "b4", url="https://example.org/guide"),
    {
        "type": "workflow_button",
        "text": _plain("Start"),
        "action_id": "b5",
        "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}},
    },
    {
        "type": "overflow",
        "action_id": "b6",
        "options": [_option("Edit", "edit"), {**_option("Open", "open"), "url": "https://example.org"}],
    },
]
MENUS: list[Json] = [
    {"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[0]},
    {"type": "external_select", "placeholder": _plain("Type to search")},
    {"type": "users_select"},
    {"type": "conversations_select", "filter": {"include": ["public", "private"]}},
    {"type": "channels_select"},
    {"type": "multi_static_select", "option_groups": GROUPS, "initial_options": OPTIONS[:1]},
    {"type": "multi_external_select", "placeholder": _plain("Type to search")},
    {"type": "multi_users_select"},
    {"type": "multi_conversations_select"},
    {"type": "multi_channels_select", "max_selected_items": 2},
]
CHOICES: list[Json] = [
    {"type": "checkboxes", "options": DESCRIBED, "initial_options": DESCRIBED[1:]},
    {"type": "radio_buttons", "options": DESCRIBED, "initial_option": DESCRIBED[1]},
    {"type": "datepicker", "initial_date": "2026-09-30"},
    {"type": "timepicker", "initial_time": "09:30"},
    {"type": "datetimepicker", "initial_date_time": NOON},
]
TYPED: list[Json] = [
    {"type": "plain_text_input", "placeholder": _plain("A sentence or two"), "multiline": True},
    {"type": "email_text_input", "initial_value": "kim@example.org"},
    {"type": "url_text_input"},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "99"},
    {"type": "rich_text_input"},
    {"type": "file_input", "filetypes": ["pdf", "csv"], "max_files": 2},
]


def _run(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _line(*runs: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(runs)}


def _rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


RICH = _rich(
    _line(
        _run("Bold", bold=True),
        _run(", "),
        _run("italic", italic=True),
        _run(", "),
        _run("struck", strike=True),
        _run(", "),
        _run("code", code=True),
        _run(", underlined", underline=True),
        _run(" and "),
        {"type": "link", "url": "https://example.org", "text": "a link"},
        _run(" for "),
        {"type": "broadcast", "range": "here"},
        _run(" "),
        {"type": "emoji", "name": "wave"},
        _run(" "),
        {"type": "date", "timestamp": NOON, "format": "{date_long} at {time}", "fallback": "some day"},
        {"type": "color", "value": "#1f4b57"},
    ),
    {"type": "rich_text_list", "style": "bullet", "elements": [_line(_run("First")), _line(_run("Second"))]},
    {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [_line(_run("A step"))]},
    {"type": "rich_text_quote", "elements": [_run("Somebody said so.")]},
    {"type": "rich_text_preformatted", "elements": [_run("make run")]},
)
MARKS = (
    "*Bold*, _italic_, ~struck~, `code`, <https://example.org|a link>, <!here>, :tada: :warning:\n"
    "&gt; A quote, then a moment: <!date^1790000000^{date_long_pretty} at {time}|some day>\n"
    "```a block\n  of code```\n• an item by hand"
)
MARKDOWN = (
    "# Heading\n\n**Bold**, *italic*, ~~struck~~, `code`, [a link](https://example.org)\n\n"
    "1. one\n2. two\n   - inside\n\n> quoted\n\n- [x] done\n- [ ] to do\n\n---\n\n"
    "| Topic | Requests |\n|---|---:|\n| Naloxone | 12 |\n\n```\nmake run\n```"
)


def _cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


TABLE = [[_cell("Topic"), _cell("Requests")], [_cell("Naloxone"), _cell("12")], [_cell("Wounds"), _cell("3")]]


def _asks(element: Json) -> Json:
    label = element["type"].replace("_", " ").capitalize()
    return {
        "type": "input",
        "label": _plain(label),
        "element": element,
        "optional": True,
        "hint": _plain("A hint"),
    }


def _actions(elements: list[Json]) -> Json:
    return {"type": "actions", "elements": [dict(one) for one in elements]}


EXAMPLES: dict[str, list[Json]] = {
    "section": [
        {"type": "section", "text": _mrkdwn(MARKS), "accessory": IMAGE},
        {"type": "section", "fields": [_mrkdwn("*Area*\nLakeside"), _plain("Plain :tada: *text*")]},
        {"type": "section", "text": _mrkdwn("With a menu"), "accessory": MENUS[0]},
    ],
    "header": [{"type": "header", "text": _plain("A heading"), "level": n} for n in (1, 2, 3)],
    "divider": [{"type": "divider"}],
    "context": [{"type": "context", "elements": [IMAGE, _mrkdwn("Asked *today*"), _plain("by Kim")]}],
    "actions": [_actions(BUTTONS), _actions(MENUS[:5]), _actions(MENUS[5:]), _actions(CHOICES)],
    "rich_text": [RICH],
    "image": [{**IMAGE, "title": _plain("The shelf")}],
    "input": [_asks(dict(one)) for one in (*TYPED, *MENUS, *CHOICES)],
    "markdown": [{"type": "markdown", "text": MARKDOWN}],
    "table": [{"type": "table", "rows": TABLE, "column_settings": [{}, {"align": "right"}]}],
}


async def shown(world: World, body: Json) -> Json:  # noqa: ARG001
    """Each kind with its blocks and what stands in their fields."""
    found = []
    for kind, blocks in EXAMPLES.items():
        view = with_ids({"blocks": blocks}, _ids(kind))
        found.append({"kind": kind, "blocks": view["blocks"], "values": initial_values(view)})
    return {"gallery": found}


def _ids(kind: str) -> Callable[[], str]:
    numbers = count()
    return lambda: f"{kind}-{next(numbers)}"
