"""Blocks as Slack judges them: each kind, where it may stand, and what holds over all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from copbot.sandbox import limits
from copbot.sandbox.elements import (
    image,
    in_actions,
    in_input,
    in_section,
)
from copbot.sandbox.grids import grid_text, table
from copbot.sandbox.limits import Json, Surface, length
from copbot.sandbox.objects import identifier, plain, slack_file, words
from copbot.sandbox.rich import rich_text
from copbot.sandbox.shapes import (
    Check,
    Findings,
    Rule,
    address,
    array,
    at_least_one_of,
    by_type,
    fields,
    flag,
    only_one_of,
    string,
    whole,
)


def _block(
    required: dict[str, Check],
    optional: dict[str, Check] | None = None,
    rules: tuple[Rule, ...] = (),
) -> Check:
    return fields(
        {"type": string(), **required},
        {"block_id": identifier, **(optional or {})},
        rules,
    )


def _files_are_not_dispatched(block: Json, at: str, found: Findings) -> None:
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        found.say("dispatch_action is not supported for file_input", at)


_SECTION = _block(
    {},
    {
        "text": words(limits.SECTION_TEXT),
        "fields": array(words(limits.SECTION_FIELD), 1, limits.SECTION_FIELDS),
        "accessory": in_section,
        "expand": flag,
    },
    (at_least_one_of("text", "fields"),),
)
KINDS: dict[str, Check] = {
    "section": _SECTION,
    "header": _block({"text": plain(limits.HEADER_TEXT)}, {"level": whole(1, limits.HEADER_LEVELS)}),
    "divider": _block({}),
    "context": _block(
        {
            "elements": array(
                by_type({"image": image, "plain_text": words(), "mrkdwn": words()}),
                1,
                limits.CONTEXT_ELEMENTS,
            )
        }
    ),
    "actions": _block({"elements": array(in_actions, 1, limits.ACTIONS_ELEMENTS)}),
    "rich_text": rich_text,
    "image": _block(
        {"alt_text": string(1, limits.ALT_TEXT)},
        {
            "title": plain(limits.IMAGE_TITLE),
            "image_url": address(limits.URL),
            "slack_file": slack_file,
        },
        (only_one_of("image_url", "slack_file"),),
    ),
    "input": _block(
        {"label": plain(limits.INPUT_LABEL), "element": in_input},
        {"hint": plain(limits.INPUT_HINT), "optional": flag, "dispatch_action": flag},
        (_files_are_not_dispatched,),
    ),
    "table": table,
    "markdown": _block({"text": string(1)}),
}
_MESSAGE_ONLY, _NOT_IN_MODALS = {"markdown"}, {"table"}
_EVERYWHERE = set(KINDS) - _MESSAGE_ONLY - _NOT_IN_MODALS
ALLOWED: dict[Surface, set[str]] = {
    "message": _EVERYWHERE | _MESSAGE_ONLY | _NOT_IN_MODALS,
    "modal": _EVERYWHERE,
    "home": _EVERYWHERE | _NOT_IN_MODALS,
}


def walk(blocks: Any, at: str = "/blocks") -> Iterator[tuple[str, Json]]:
    """Every block with its pointer."""
    for place, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict):
            yield f"{at}/{place}", block


_NO_ACTION = ("image", "plain_text", "mrkdwn")


def elements_of(block: Json) -> Iterator[tuple[str, Json]]:
    """The elements of one block that a person can act on, each with its pointer inside the block."""
    kind = block.get("type")
    if kind == "input":
        places = [("/element", block.get("element"))]
    elif kind == "section":
        places = [("/accessory", block.get("accessory"))]
    elif kind == "actions":
        listed = block.get("elements")
        places = [(f"/elements/{i}", one) for i, one in enumerate(listed if isinstance(listed, list) else [])]
    else:
        places = []
    for at, element in places:
        if isinstance(element, dict) and element.get("type") not in _NO_ACTION:
            yield at, element


def _ids_are_unique(blocks: Any, at: str, found: Findings) -> None:
    seen: Counter[str] = Counter()
    for pointer, block in walk(blocks, at):
        name = block.get("block_id")
        if isinstance(name, str):
            seen[name] += 1
            if seen[name] > 1:
                found.say(f"`block_id` `{name}` already exists", f"{pointer}/block_id")
        actions: Counter[str] = Counter()
        for inner, element in elements_of(block):
            action = element.get("action_id")
            if isinstance(action, str):
                actions[action] += 1
                if actions[action] > 1:
                    found.say(
                        f"`action_id` `{action}` already exists",
                        f"{pointer}{inner}/action_id",
                    )


def _one_focus(blocks: Any, at: str, found: Findings) -> None:
    focused = [
        pointer + inner
        for pointer, block in walk(blocks, at)
        for inner, element in elements_of(block)
        if element.get("focus_on_load") is True
    ]
    for pointer in focused[1:]:
        found.say(
            "only one element can have focus_on_load set to true",
            f"{pointer}/focus_on_load",
        )


def _sums(blocks: Any, at: str, found: Findings) -> None:
    """What is counted over the whole payload."""
    tables = (block for _, block in walk(blocks, at) if block.get("type") == "table")
    if sum(map(grid_text, tables)) > limits.TABLE_TEXT:
        found.say(f"must be less than {limits.TABLE_TEXT + 1} characters over all table blocks", at)


def markdown_length(blocks: Any) -> int:
    """Characters over all markdown blocks: Slack allows a sum, not so much each."""
    texts = (block.get("text") for _, block in walk(blocks) if block.get("type") == "markdown")
    return sum(length(text) for text in texts if isinstance(text, str))


def check_blocks(blocks: Any, surface: Surface, *, at: str = "/blocks") -> list[str]:
    """What Slack would say about these blocks on this surface; nothing when it would take them."""
    found = Findings()
    high = limits.MESSAGE_BLOCKS if surface == "message" else limits.VIEW_BLOCKS
    allowed = {kind: check for kind, check in KINDS.items() if kind in ALLOWED[surface]}
    array(by_type(allowed), 0, high)(blocks, at, found)
    _ids_are_unique(blocks, at, found)
    _one_focus(blocks, at, found)
    _sums(blocks, at, found)
    return found.problems
