"""Blocks as Slack judges them: each kind, where it may stand, and what holds over all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from copbot.sandbox import limits
from copbot.sandbox.elements import (
    BUTTONS,
    button,
    image,
    in_actions,
    in_context_actions,
    in_input,
    in_section,
    url_source,
)
from copbot.sandbox.grids import chart, data_table, grid_text, table
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
    choice,
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


def _collapses(block: Json, at: str, found: Findings) -> None:
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        found.say("default_collapsed requires is_collapsible", at)
    if block.get("has_header_divider") and block.get("is_collapsible"):
        found.say("has_header_divider cannot be set when is_collapsible is true", at)


_card = _block(
    {},
    {
        "hero_image": image,
        "icon": image,
        "title": words(limits.CARD_TITLE),
        "subtitle": words(limits.CARD_TITLE),
        "body": words(limits.CARD_BODY),
        "subtext": words(limits.CARD_BODY),
        "actions": array(by_type({"button": button}), 1, limits.CARD_BUTTONS),
    },
    (at_least_one_of("hero_image", "title", "actions", "body"),),
)
_task_card = _block(
    {
        "task_id": string(1),
        "title": string(1),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
    {"details": rich_text, "output": rich_text, "sources": array(url_source)},
)

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
# Only the SDK describes this one; where it may stand is not said.
_auth_provider = _block(
    {
        "value": string(1, limits.PROVIDER_VALUE),
        "name": plain(limits.PROVIDER_NAME),
        "is_connected": flag,
    },
    {
        "description": plain(limits.PROVIDER_DESCRIPTION),
        "icon_url": address(limits.URL),
        "auth_url": address(limits.URL),
        "disconnect_url": address(limits.URL),
        "connected_identity": plain(limits.PROVIDER_NAME),
        "connected_context": plain(limits.PROVIDER_NAME),
        "accessory": by_type({"overflow": BUTTONS["overflow"]}),
        "fallback": array(by_type({"section": _SECTION, "divider": _block({})})),
    },
)

_SIMPLE: dict[str, Check] = {
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
    "video": _block(
        {
            "title": plain(limits.VIDEO_TITLE),
            "video_url": address(limits.URL),
            "thumbnail_url": address(limits.URL),
            "alt_text": string(1, limits.ALT_TEXT),
        },
        {
            "title_url": address(limits.URL),
            "description": plain(),
            "provider_icon_url": address(limits.URL),
            "provider_name": string(1),
            "author_name": string(1, limits.VIDEO_AUTHOR),
        },
    ),
    "table": table,
    "file": _block({"external_id": string(1), "source": choice("remote")}),
}
_container = _block(
    {"child_blocks": array(by_type(_SIMPLE), 1, limits.CONTAINER_BLOCKS)},
    {
        "title": plain(limits.CONTAINER_TITLE),
        "rich_text_title": rich_text,
        "subtitle": words(limits.CONTAINER_TITLE),
        "width": choice("narrow", "standard", "wide", "full"),
        "icon": image,
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
    (at_least_one_of("title", "rich_text_title"), _collapses),
)
KINDS: dict[str, Check] = {
    **_SIMPLE,
    "markdown": _block({"text": string(1)}),
    "data_table": data_table,
    "data_visualization": chart,
    "card": _card,
    "carousel": _block({"elements": array(by_type({"card": _card}), 1, limits.CAROUSEL_CARDS)}),
    "container": _container,
    "alert": _block(
        {"text": words(limits.ALERT_TEXT)},
        {"level": choice("default", "info", "warning", "error", "success")},
    ),
    "context_actions": _block({"elements": array(in_context_actions, 1, limits.CONTEXT_ACTIONS_ELEMENTS)}),
    "task_card": _task_card,
    "auth_provider": _auth_provider,
    "plan": _block({"title": string(1)}, {"tasks": array(by_type({"task_card": _task_card}))}),
}

_EVERYWHERE = {
    "section",
    "header",
    "context",
    "actions",
    "divider",
    "rich_text",
    "image",
    "input",
    "video",
    "card",
    "auth_provider",
}
_MESSAGE_ONLY = {
    "markdown",
    "data_visualization",
    "container",
    "context_actions",
    "plan",
    "task_card",
    "file",
}
_NOT_IN_MODALS = {"table", "data_table", "carousel"}
ALLOWED: dict[Surface, set[str]] = {
    "message": _EVERYWHERE | _MESSAGE_ONLY | _NOT_IN_MODALS,
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE | _NOT_IN_MODALS,
}


def walk(blocks: Any, at: str = "/blocks") -> Iterator[tuple[str, Json]]:
    """Every block with its pointer, those inside other blocks too."""
    for place, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict):
            yield f"{at}/{place}", block
            if block.get("type") == "container":
                yield from walk(block.get("child_blocks"), f"{at}/{place}/child_blocks")
            elif block.get("type") == "carousel":
                yield from walk(block.get("elements"), f"{at}/{place}/elements")
            elif block.get("type") == "plan":
                yield from walk(block.get("tasks"), f"{at}/{place}/tasks")


_NO_ACTION = ("image", "plain_text", "mrkdwn")


def elements_of(block: Json) -> Iterator[tuple[str, Json]]:
    """The elements of one block that a person can act on, each with its pointer inside the block."""
    kind = block.get("type")
    if kind == "input":
        places = [("/element", block.get("element"))]
    elif kind in ("section", "auth_provider"):
        places = [("/accessory", block.get("accessory"))]
    elif kind in ("actions", "context_actions", "card"):
        name = "actions" if kind == "card" else "elements"
        listed = block.get(name)
        places = [(f"/{name}/{i}", one) for i, one in enumerate(listed if isinstance(listed, list) else [])]
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
    all_blocks = [block for _, block in walk(blocks, at)]
    for kind, high in (
        ("table", limits.TABLE_TEXT),
        ("data_table", limits.DATA_TABLE_TEXT),
    ):
        if sum(grid_text(block) for block in all_blocks if block.get("type") == kind) > high:
            found.say(f"must be less than {high + 1} characters over all {kind} blocks", at)
    if sum(block.get("type") == "data_visualization" for block in all_blocks) > limits.CHARTS:
        found.say(f"no more than {limits.CHARTS} data_visualization blocks allowed", at)


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
