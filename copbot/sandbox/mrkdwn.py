"""Slack's text markup: what stands between angle brackets, and what a person sees of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from copbot.sandbox.dates import date_words

SpanKind = Literal["text", "user", "channel", "group", "broadcast", "date", "link"]

_BRACKETS = re.compile(r"<([^<>\n]+)>")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_BARE = re.compile(r"(?<![\w@.])@(here|channel|everyone)\b")
_NAMED = re.compile(r"(?<![\w@.])@([A-Za-z0-9][\w.-]*)")


@dataclass(frozen=True)
class Span:
    """A piece of text. `id` is the person, channel, group, word or address behind it, `label` what was written."""

    kind: SpanKind
    label: str
    id: str = ""
    raw: str = ""


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _special(inside: str, raw: str) -> Span | None:
    body, _, label = inside.partition("|")
    command, _, rest = body[1:].partition("^")
    if command in ("here", "channel", "everyone"):
        return Span("broadcast", label, command, raw)
    if command == "subteam" and rest:
        return Span("group", label, rest, raw)
    if command == "date" and rest and label:
        return Span("date", label, rest, raw)
    return None


def _bracketed(inside: str, raw: str) -> Span | None:
    body, _, label = inside.partition("|")
    if body.startswith("@") and re.fullmatch(r"@[UW][A-Z0-9]+", body):
        return Span("user", label, body[1:], raw)
    if body.startswith("#") and re.fullmatch(r"#[CGD][A-Z0-9]+", body):
        return Span("channel", label, body[1:], raw)
    if body.startswith("!"):
        return _special(inside, raw)
    if _SCHEME.match(body):
        return Span("link", label, body, raw)
    return None


def spans(text: str) -> Iterator[Span]:
    """The pieces of mrkdwn text in order; joined, their `raw` is the text again."""
    done = 0
    for match in _BRACKETS.finditer(text):
        span = _bracketed(match.group(1), match.group(0))
        if span is None:
            continue
        if match.start() > done:
            plain = text[done : match.start()]
            yield Span("text", plain, raw=plain)
        yield span
        done = match.end()
    if done < len(text):
        yield Span("text", text[done:], raw=text[done:])


def pings(
    text: str,
    *,
    mrkdwn: bool = True,
    verbatim: bool = False,
    parse: str | None = None,
    link_names: bool = False,
) -> set[str]:
    """Who would be notified: ids of people and groups, and "here", "channel", "everyone".

    Markup counts in mrkdwn only. Plain `@here` counts where Slack parses names: text objects without
    `verbatim`, `parse: full`, `link_names`. A plain `@name` then counts as itself, with its sign.
    """
    if not mrkdwn:
        return set()
    found = {span.id for span in spans(text) if span.kind in ("user", "group", "broadcast")}
    names = parse == "full" or link_names
    for span in spans(text):
        if span.kind != "text":
            continue
        if names or not verbatim:
            found.update(_BARE.findall(span.raw))
        if names:
            found.update(f"@{name}" for name in _NAMED.findall(span.raw) if name not in _BROADCASTS)
    return found


_BROADCASTS = ("here", "channel", "everyone")


def _seen(span: Span, names: Mapping[str, str], now: datetime | None, tz: tzinfo | None) -> str:
    label = unescape(span.label)
    if span.kind == "user":
        return f"@{names.get(span.id) or label or span.id}"
    if span.kind == "channel":
        return f"#{names.get(span.id) or label or 'private channel'}"
    if span.kind == "group":
        return names.get(span.id) or label or f"@{span.id}"
    if span.kind == "broadcast":
        return f"@{span.id}"
    if span.kind == "date":
        return date_words(span.id, now, tz) or label
    return label or unescape(span.id).removeprefix("mailto:")


_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_MARKED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]{0,1000}?\S)\1(?![\w*_~])")
_QUOTE = re.compile(r"^(?:&gt;|>)(?:&gt;&gt;|>>)? ?", re.MULTILINE)


def _unmarked(text: str) -> str:
    """Bold, italic and strike become nothing to read; done until no marker pair is left."""
    previous = None
    while previous != text:
        previous, text = text, _MARKED.sub(r"\2", text)
    return text


def _formatted(text: str) -> str:
    """Text without its formatting marks; what stands in code stays as it is."""
    kept: list[str] = []
    done = 0
    for match in _CODE.finditer(text):
        kept += [_unmarked(text[done : match.start()]), match.group(1) or match.group(2)]
        done = match.end()
    return "".join([*kept, _unmarked(text[done:])])


def reading(
    text: str,
    names: Mapping[str, str] | None = None,
    *,
    now: datetime | None = None,
    tz: tzinfo | None = None,
) -> str:
    """mrkdwn as a person reads it. Dates show their fallback unless the reader's zone is given."""
    held: list[str] = []
    pieces: list[str] = []
    mark = next(chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)
    for span in spans(_QUOTE.sub("", text)):
        if span.kind == "text":
            pieces.append(span.raw)
        else:
            # Kept out of the way, so that a name with a * in it is not taken for formatting.
            pieces.append(f"{mark}{len(held)}{mark}")
            held.append(_seen(span, names or {}, now, tz))
    shown = unescape(_formatted("".join(pieces)))
    return re.sub(rf"{mark}(\d+){mark}", lambda match: held[int(match.group(1))], shown)
