"""A message within what Slack takes: it counts the words of all blocks together, besides each block's own."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from typing import Any

from copbot.slack.answers import Block
from copbot.slack.text import cut, size

MESSAGE_TEXT = 11_000
"""UTF-16 units over all blocks. Slack refuses `msg_blocks_too_long` from about 12,000 on."""

GLIMPSE = 300
_LEAST = (GLIMPSE, 60, 1)
_TORN = re.compile(r"(<[^<>]*|&[a-z]{0,4})…$")


def total(blocks: Sequence[Block]) -> int:
    """How much Slack counts: every visible text, also those of buttons and options."""
    return sum(size(each["text"]) for each in _holders(list(blocks)))


def fitted(blocks: Sequence[Block], most: int = MESSAGE_TEXT, *, instead: str = "") -> tuple[Block, ...]:
    """The blocks within `most`; the same ones when they are.

    What people wrote is shortened first, the oldest (uppermost) before the newer, to a glimpse that ends with
    `instead`, which says where all of it can be read; only then is anything else cut, the longest first.
    """
    over = total(blocks) - most
    if over <= 0:
        return tuple(blocks)
    kept = [copy.deepcopy(each) for each in blocks]
    others = sorted(_holders(kept), key=lambda each: -size(each["text"]))
    for least in _LEAST:
        over = _shorten(list(_quoted(kept)), over, max(least, size(instead) + 2), instead)
        over = _shorten(others, over, least, "")
    while kept and total(kept) > most:
        kept.pop()
    return tuple(kept)


def _shorten(holders: Sequence[dict[str, Any]], over: int, least: int, instead: str) -> int:
    """Each text made shorter, none below `least`, until nothing is over; how much still is."""
    for each in holders:
        before = size(each["text"])
        if over <= 0:
            break
        if before > least:
            each["text"] = _short(each, max(least, before - over), instead)
            over -= before - size(each["text"])
    return over


def _short(holder: dict[str, Any], most: int, instead: str) -> str:
    text = holder["text"]
    if instead:
        return f"{cut(text.removesuffix(f' {instead}'), most - size(instead) - 1)} {instead}"
    short = cut(text, most)
    # Half an entity or half a date would be shown as it is.
    return _TORN.sub("…", short) if holder.get("type") == "mrkdwn" else short


def _holders(value: Any) -> Iterator[dict[str, Any]]:
    """Every object with a visible text of its own, however deep, in order."""
    if isinstance(value, list):
        for each in value:
            yield from _holders(each)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value
        for name, each in value.items():
            if name != "text" or not isinstance(each, str):
                yield from _holders(each)


def _quoted(blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        for element in block.get("elements", ()) if block["type"] == "rich_text" else ():
            if element["type"] == "rich_text_quote":
                yield from _holders(element)
