"""Whole messages and views as a person reads them, and whom they would notify."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from copbot.sandbox.dates import written
from copbot.sandbox.limits import Json
from copbot.sandbox.mrkdwn import pings, reading, unescape


@dataclass(frozen=True)
class TextReader:
    """Who reads: the names they see behind ids, the moment and their zone."""

    names: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    tz: tzinfo | None = None

    def mrkdwn(self, text: str) -> str:
        return reading(text, self.names, now=self.now, tz=self.tz)

    def text(self, value: Any) -> str:
        """A text object, or a bare string."""
        if isinstance(value, str):
            return value
        if not isinstance(value, dict):
            return ""
        if value.get("type") == "rich_text":
            return self.rich(value)
        words = str(value.get("text", ""))
        return self.mrkdwn(words) if value.get("type") == "mrkdwn" else words

    def run(self, node: Json) -> str:
        kind = node.get("type")
        name = str(node.get(f"{kind}_id", ""))
        if kind == "user":
            return f"@{self.names.get(name, name)}"
        if kind == "channel":
            return f"#{self.names.get(name, 'private channel')}"
        if kind == "usergroup":
            return self.names.get(name, f"@{name}")
        if kind == "date":
            words = written(str(node.get("timestamp", "")), str(node.get("format", "")), self.now, self.tz)
            return words or str(node.get("fallback") or node.get("format", ""))
        shown = {"broadcast": f"@{node.get('range')}", "emoji": f":{node.get('name')}:", "team": name}
        return shown.get(str(kind)) or str(node.get("text") or node.get("url") or node.get("value") or "")

    def rich(self, node: Json) -> str:
        kind, parts = node.get("type"), node.get("elements") or []
        if kind == "rich_text":
            return "\n".join(self.rich(part) for part in parts)
        if kind == "rich_text_list":
            marks = [
                f"{place}." if node.get("style") == "ordered" else "•" for place in range(1, len(parts) + 1)
            ]
            return "\n".join(f"{mark} {self.rich(part)}" for mark, part in zip(marks, parts, strict=True))
        return "".join(self.run(part) for part in parts)


def _lines(parts: Iterable[str | None]) -> str:
    return "\n".join(part for part in parts if part)


def _option(reader: TextReader, one: Json) -> str:
    return " – ".join(
        part for part in (reader.text(one.get("text")), reader.text(one.get("description"))) if part
    )


def _options(reader: TextReader, element: Json) -> str:
    ungrouped = [_option(reader, one) for one in element.get("options") or []]
    grouped = [
        _lines(
            [reader.text(group.get("label")), *(_option(reader, one) for one in group.get("options") or [])]
        )
        for group in element.get("option_groups") or []
    ]
    return _lines([*ungrouped, *grouped])


def _started(reader: TextReader, element: Json) -> str | None:
    """What an input already shows before anybody touches it."""
    if isinstance(element.get("initial_value"), dict):
        return reader.text(element["initial_value"])
    for name in ("initial_value", "initial_date", "initial_time"):
        if element.get(name):
            return str(element[name])
    if element.get("initial_date_time"):
        return written(str(element["initial_date_time"]), "{date_num} {time}", reader.now, reader.tz)
    ids = [element.get(f"initial_{name}") for name in ("user", "channel", "conversation")]
    ids += [
        one for name in ("users", "channels", "conversations") for one in element.get(f"initial_{name}") or []
    ]
    started = [reader.names.get(one, one) for one in ids if isinstance(one, str)]
    if not element.get("options") and not element.get("option_groups"):
        chosen = [element.get("initial_option"), *(element.get("initial_options") or [])]
        started += [_option(reader, one) for one in chosen if one]
    return _lines(started) or None


def element_reading(reader: TextReader, element: Any) -> str:
    if not isinstance(element, dict):
        return ""
    kind = str(element.get("type"))
    if kind in ("button", "workflow_button"):
        return f"[{reader.text(element.get('text'))}]"
    if kind == "image":
        return f"({element.get('alt_text', '')})"
    if kind in ("plain_text", "mrkdwn"):
        return reader.text(element)
    started = _started(reader, element)
    placeholder = None if started else reader.text(element.get("placeholder"))
    return _lines([placeholder, started, _options(reader, element)])


def _section(reader: TextReader, block: Json) -> str:
    words = [reader.text(block.get("text")), *(reader.text(one) for one in block.get("fields") or [])]
    return _lines([*words, element_reading(reader, block.get("accessory"))])


def _side_by_side(reader: TextReader, block: Json) -> str:
    return " ".join(filter(None, (element_reading(reader, one) for one in block.get("elements") or [])))


def _input(reader: TextReader, block: Json) -> str:
    label = reader.text(block.get("label")) + (" (optional)" if block.get("optional") else "")
    return _lines([label, element_reading(reader, block.get("element")), reader.text(block.get("hint"))])


def _grid(reader: TextReader, block: Json) -> str:
    rows = [" | ".join(reader.text(cell) for cell in row) for row in block.get("rows") or []]
    return _lines(rows)


_READINGS: dict[str, Callable[[TextReader, Json], str]] = {
    "section": _section,
    "header": lambda reader, block: reader.text(block.get("text")),
    "markdown": lambda reader, block: reader.mrkdwn(str(block.get("text", ""))),
    "context": _side_by_side,
    "actions": _side_by_side,
    "rich_text": lambda reader, block: reader.rich(block),
    "image": lambda reader, block: _lines(
        [reader.text(block.get("title")), f"({block.get('alt_text', '')})"]
    ),
    "input": _input,
    "table": _grid,
}


def block_reading(reader: TextReader, block: Any) -> str:
    known = _READINGS.get(str(block.get("type"))) if isinstance(block, dict) else None
    return known(reader, block) if known else ""


def _attachment(reader: TextReader, attachment: Json) -> str:
    if attachment.get("blocks"):
        return _lines(block_reading(reader, one) for one in attachment["blocks"])
    words = [
        reader.mrkdwn(str(attachment.get(name) or "")) for name in ("pretext", "author_name", "title", "text")
    ]
    rows = [f"{one.get('title', '')}: {one.get('value', '')}" for one in attachment.get("fields") or []]
    return _lines([*words, *rows, str(attachment.get("footer") or "")])


def message_reading(
    message: Json,
    names: Mapping[str, str] | None = None,
    *,
    now: datetime | None = None,
    tz: tzinfo | None = None,
) -> str:
    """All a person sees of a message or a view. With blocks, a message's `text` is only its notification."""
    reader = TextReader(names or {}, now, tz)
    blocks = [block_reading(reader, one) for one in message.get("blocks") or []]
    attachments = [
        _attachment(reader, one) for one in message.get("attachments") or [] if isinstance(one, dict)
    ]
    if message.get("type") in ("modal", "home"):
        buttons = [f"[{reader.text(message[name])}]" for name in ("close", "submit") if message.get(name)]
        return _lines([reader.text(message.get("title")), *blocks, " ".join(buttons)])
    text = str(message.get("text") or message.get("markdown_text") or "")
    own = [] if blocks else [reader.mrkdwn(text) if message.get("mrkdwn", True) else unescape(text)]
    return _lines([*own, *blocks, *attachments])


def _block_pings(value: Any) -> set[str]:
    """Everyone notified by text objects and rich text nodes, however deep."""
    if isinstance(value, list):
        return set().union(*(_block_pings(one) for one in value))
    if not isinstance(value, dict):
        return set()
    kind, text = value.get("type"), value.get("text")
    if kind in ("mrkdwn", "markdown") and isinstance(text, str):
        return pings(text, mrkdwn=True, verbatim=bool(value.get("verbatim")))
    name = {"user": "user_id", "usergroup": "usergroup_id", "broadcast": "range"}.get(str(kind))
    own = {str(value[name])} if name and value.get(name) else set()
    return own.union(*(_block_pings(one) for one in value.values()))


def message_pings(message: Json) -> set[str]:
    """Everyone a message would notify: by its text, also when that is only the fallback, blocks and attachments."""
    text = str(message.get("text") or message.get("markdown_text") or "")
    found = pings(
        text,
        mrkdwn=True,
        verbatim=True,
        parse=message.get("parse"),
        link_names=message.get("link_names") in (True, 1, "1", "true"),
    )
    found |= _block_pings(message.get("blocks"))
    for attachment in message.get("attachments") or []:
        if isinstance(attachment, dict):
            found |= _block_pings(attachment.get("blocks"))
            for name in ("pretext", "title", "text", "fallback"):
                found |= pings(str(attachment.get(name) or ""), mrkdwn=True, verbatim=True)
            for row in attachment.get("fields") or []:
                found |= pings(str(row.get("value") or ""), mrkdwn=True, verbatim=True)
    return found
