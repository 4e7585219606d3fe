"""Rich text: the structure Slack's composer writes and apps may send."""

from __future__ import annotations

from typing import Any

from copbot.sandbox import limits
from copbot.sandbox.objects import identifier
from copbot.sandbox.shapes import (
    Check,
    Findings,
    address,
    array,
    by_type,
    choice,
    fields,
    flag,
    string,
    whole,
)

_style = fields(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), flag
    ),
)


def _run(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return fields({"type": string(), **required}, {"style": _style, **(optional or {})})


_text = _run({"text": string(1)})
_link = _run({"url": address(limits.URL, web=False)}, {"text": string(), "unsafe": flag})
RUNS: dict[str, Check] = {
    "text": _text,
    "link": _link,
    "user": _run({"user_id": string(1)}),
    "channel": _run({"channel_id": string(1)}),
    "usergroup": _run({"usergroup_id": string(1)}),
    "team": _run({"team_id": string(1)}),
    "broadcast": _run({"range": choice("here", "channel", "everyone")}),
    "emoji": _run(
        {"name": string(1)},
        {"unicode": string(1), "url": string(1), "skin_tone": whole(1, 6)},
    ),
    "color": _run({"value": string(1)}),
    "date": _run(
        {"timestamp": whole(0), "format": string(1)},
        {"url": string(1, limits.URL), "fallback": string(1)},
    ),
}
_runs = array(by_type(RUNS))
_border: dict[str, Check] = {"border": choice(0, 1)}
_section = fields({"type": string(), "elements": _runs})
_PARTS: dict[str, Check] = {
    "rich_text_section": _section,
    "rich_text_quote": fields({"type": string(), "elements": _runs}, _border),
    "rich_text_preformatted": fields(
        {"type": string(), "elements": array(by_type({"text": _text, "link": _link}))},
        {**_border, "language": string(1)},
    ),
    "rich_text_list": fields(
        {
            "type": string(),
            "style": choice("bullet", "ordered"),
            "elements": array(by_type({"rich_text_section": _section}), 1),
        },
        {**_border, "indent": whole(0), "offset": whole(0)},
    ),
}
_block = by_type(
    {
        "rich_text": fields(
            {"type": string(), "elements": array(by_type(_PARTS), 1)},
            {"block_id": identifier},
        )
    }
)


def rich_text(value: Any, at: str, found: Findings) -> None:
    _block(value, at, found)
