"""Block Kit in a few words. Every helper keeps within Slack's limits, so no screen can be refused.

Ours and people's words are kept apart by type: `mrkdwn` takes text written by us (with `escape`d
insertions), `plain` and `typed` show anything exactly as it was typed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from copbot.slack.answers import Block, Message, View
from copbot.slack.fitting import fitted
from copbot.slack.text import clean, cut, escape

TEXT = 3000
LABEL = 75
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
FALLBACK = 3900

Option = dict[str, Any]


def plain(text: str, most: int = TEXT) -> dict[str, Any]:
    """A plain_text object; an empty text, which Slack refuses, becomes a dash."""
    return {"type": "plain_text", "text": cut(clean(text), most) or "–", "emoji": False}


def mrkdwn(text: str) -> dict[str, Any]:
    """A mrkdwn object that parses nothing but what stands in it."""
    return {"type": "mrkdwn", "text": cut(text, TEXT) or "–", "verbatim": True}


def section(text: str, *, accessory: dict[str, Any] | None = None, block_id: str = "") -> Block:
    return _with({"type": "section", "text": mrkdwn(text)}, accessory=accessory, block_id=block_id)


def summary(text: str, *details: str, accessory: dict[str, Any] | None = None) -> Block:
    """A line of a list: our `text` (mrkdwn), then what people typed or are called, shown exactly as it is."""
    fields = [plain(each, 200) for each in details if each]
    return _with({"type": "section", "text": mrkdwn(text)}, fields=fields or None, accessory=accessory)


def particulars(rows: Mapping[str, str], most: int = 2000) -> Block:
    """Names and values, a line each, also on a phone; no value is parsed. Empty ones are left out."""
    runs: list[dict[str, Any]] = []
    for name, value in rows.items():
        if value:
            end = "\n" if runs else ""
            runs.append({"type": "text", "text": f"{end}{name}: ", "style": {"bold": True}})
            runs.append({"type": "text", "text": cut(clean(value), most) or "–"})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": runs}]}


def words(text: str, *, accessory: dict[str, Any] | None = None) -> Block:
    """A section that shows anything as it is: for sentences with people's and agencies' names in them."""
    return _with({"type": "section", "text": plain(text)}, accessory=accessory)


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def divider() -> Block:
    return {"type": "divider"}


def typed(text: str, *, block_id: str = "") -> Block:
    """Somebody's own words, as a quotation in which nothing is parsed."""
    run = {"type": "text", "text": cut(clean(text), TEXT) or "–"}
    quote = {"type": "rich_text_quote", "elements": [run]}
    return _with({"type": "rich_text", "elements": [quote]}, block_id=block_id)


def button(
    text: str, action: str, value: str = "", *, style: str = "", confirm: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A button; `value` holds ids and versions, never words."""
    element = {"type": "button", "text": plain(text, LABEL), "action_id": action}
    return _with(element, value=value, style=style, confirm=confirm)


def overflow(
    action: str, options: Sequence[Option], *, confirm: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A menu behind three dots, of one to five options."""
    return _with({"type": "overflow", "action_id": action, "options": list(options)[:5]}, confirm=confirm)


def link(text: str, url: str, action: str) -> dict[str, Any]:
    return {"type": "button", "text": plain(text, LABEL), "action_id": action, "url": url}


def confirm(title: str, text: str, yes: str, no: str = "Cancel") -> dict[str, Any]:
    words = {"title": plain(title, 100), "text": plain(text, 300)}
    return {**words, "confirm": plain(yes, 30), "deny": plain(no, 30)}


def actions(elements: Iterable[dict[str, Any]], *, block_id: str = "") -> Block:
    return _with({"type": "actions", "elements": list(elements)[:25]}, block_id=block_id)


def option(text: str, value: str, description: str = "") -> Option:
    found = {"text": plain(text, LABEL), "value": value[:150]}
    return _with(found, description=plain(description, LABEL) if description else None)


def group(label: str, options: Sequence[Option]) -> dict[str, Any]:
    return {"label": plain(label, LABEL), "options": list(options)[:100]}


def select(
    action: str,
    *,
    options: Sequence[Option] = (),
    groups: Sequence[dict[str, Any]] = (),
    chosen: Iterable[str] = (),
    many: int = 0,
    placeholder: str = "",
) -> dict[str, Any]:
    """A static select; `many` > 0 makes it a multi-select of at most that many. `chosen` are values."""
    element: dict[str, Any] = {
        "type": "multi_static_select" if many else "static_select",
        "action_id": action,
    }
    element |= {"option_groups": list(groups)} if groups else {"options": list(options)[:100]}
    everything = [each for part in groups for each in part["options"]] if groups else list(options)[:100]
    wanted = set(chosen)
    first = [each for each in everything if each["value"] in wanted]
    if many:
        return _with(
            element,
            max_selected_items=many,
            initial_options=first[:many] or None,
            placeholder=plain(placeholder, 150) if placeholder else None,
        )
    return _with(
        element,
        initial_option=first[0] if first else None,
        placeholder=plain(placeholder, 150) if placeholder else None,
    )


def radio(action: str, *, options: Sequence[Option], chosen: str = "") -> dict[str, Any]:
    """Two or three choices that all stand open; `chosen` is a value."""
    found = list(options)[:10]
    first = next((each for each in found if each["value"] == chosen), None)
    return _with({"type": "radio_buttons", "action_id": action, "options": found}, initial_option=first)


def search_select(
    action: str, *, chosen: Option | None = None, placeholder: str = "", least: int = 0
) -> dict[str, Any]:
    """A select that asks us for options while the person types."""
    element = {"type": "external_select", "action_id": action, "min_query_length": least}
    return _with(element, initial_option=chosen, placeholder=plain(placeholder, 150) if placeholder else None)


def text_input(
    action: str,
    *,
    first: str = "",
    long: bool = False,
    most: int = TEXT,
    least: int = 0,
    placeholder: str = "",
) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": action, "multiline": long}
    return _with(
        element,
        max_length=most,
        min_length=least or None,
        initial_value=cut(clean(first), most) or None,
        placeholder=plain(placeholder, 150) if placeholder else None,
    )


def field(
    block_id: str,
    label: str,
    element: dict[str, Any],
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """An input. `block_id` is also the name under which the form's value is read."""
    block = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element}
    return _with(
        block,
        hint=plain(hint, 2000) if hint else None,
        optional=True if optional else None,
        dispatch_action=True if dispatch else None,
    )


def filled(view: View, block_id: str, text: str) -> View:
    """The form with this text in one of its text fields, as far as it fits."""

    def put(block: Block) -> Block:
        element = block["element"]
        first = cut(clean(text), element.get("max_length", TEXT))
        return {**block, "element": {**element, "initial_value": first}}

    return {
        **view,
        "blocks": [put(each) if each.get("block_id") == block_id else each for each in view["blocks"]],
    }


def form(
    callback: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "Cancel",
    meta: Mapping[str, Any] | None = None,
    tell_when_closed: bool = False,
) -> View:
    """A modal. `meta` holds ids only and comes back as `call.meta`."""
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": list(blocks)[:VIEW_BLOCKS],
    }
    return _with(
        view,
        submit=plain(submit, 24) if submit else None,
        private_metadata=json.dumps(meta, separators=(",", ":")) if meta else None,
        notify_on_close=True if tell_when_closed else None,
    )


def notice(
    title: str, blocks: Sequence[Block], *, close: str = "Close", meta: Mapping[str, Any] | None = None
) -> View:
    """A modal that is only read."""
    return form("notice", title, blocks, close=close, meta=meta)


def home(blocks: Sequence[Block], callback: str = "home") -> View:
    return {"type": "home", "callback_id": callback, "blocks": list(blocks)[:VIEW_BLOCKS]}


def message(text: str, blocks: Sequence[Block] = (), *, see: dict[str, Any] | None = None) -> Message:
    """A message whose fallback is our own plain `text` (insertions are escaped here).

    Where what people wrote is too long in sum, the oldest words are shortened; `see`, a button to all of it,
    is then named in their place and put at the end.
    """
    shown = tuple(blocks)[:MESSAGE_BLOCKS]
    fitting = fitted(shown, instead=see["text"]["text"] if see else "")
    if see and fitting != shown:
        fitting = (*fitting[: MESSAGE_BLOCKS - 1], actions([see]))
    return Message(text=cut(escape(text), FALLBACK), blocks=fitting)


def say(text: str, *more: Block) -> Message:
    """A message of one sentence in which nothing is parsed, and what stands under it."""
    return message(text, [words(text), *more])


def _with(block: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The block with those keys that have something in them."""
    return block | {key: value for key, value in more.items() if value not in (None, "")}
