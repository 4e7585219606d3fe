"""Views as Slack judges them, and the answers an app may give about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from copbot.sandbox import limits
from copbot.sandbox.blocks import check_blocks, walk
from copbot.sandbox.form import carry_values, check_form, initial_values, with_ids
from copbot.sandbox.limits import BlockRefusal, Json, refusal, size
from copbot.sandbox.messages import check_answer, check_message
from copbot.sandbox.objects import menu_option, option_group, plain
from copbot.sandbox.shapes import Check, Findings, anything, array, choice, fields, flag, only_one_of, string

__all__ = ["carry_values", "check_ack", "check_form", "check_view", "initial_values", "with_ids"]

AckKind = Literal["command", "action", "view", "options", "shortcut"]

_shared: dict[str, Check] = {
    "private_metadata": string(0, limits.PRIVATE_METADATA),
    "callback_id": string(0, limits.IDENTIFIER),
    "external_id": string(0, limits.IDENTIFIER),
}
_MODAL = fields(
    {"type": choice("modal"), "title": plain(limits.VIEW_TITLE), "blocks": anything},
    {
        **_shared,
        "submit": plain(limits.VIEW_BUTTON),
        "close": plain(limits.VIEW_BUTTON),
        "clear_on_close": flag,
        "notify_on_close": flag,
    },
)
_HOME = fields({"type": choice("home"), "blocks": anything}, _shared)


def _needs_submit(view: Json, found: Findings) -> None:
    if "submit" not in view and any(block.get("type") == "input" for _, block in walk(view.get("blocks"))):
        found.say("`submit` is required when an input block is within the blocks array", "/view/submit")


def check_view(view: Any, *, kind: Literal["modal", "home"]) -> BlockRefusal | None:
    """What views.open, push, update and publish refuse about the view itself."""
    found = Findings()
    (_MODAL if kind == "modal" else _HOME)(view, "/view", found)
    if isinstance(view, dict):
        if "blocks" in view:
            found.problems.extend(check_blocks(view["blocks"], kind, at="/view/blocks"))
        if kind == "modal":
            _needs_submit(view, found)
        if size(view) > limits.VIEW_BYTES:
            return refusal(
                "view_too_large", [f"must be less than {limits.VIEW_BYTES} bytes [json-pointer:/view]"]
            )
    return refusal("invalid_arguments", found.problems) if found.problems else None


def check_options(payload: Json) -> BlockRefusal | None:
    """The answer to a menu that asks the app for its options. None at all is an answer too."""
    found = Findings()
    fields(
        {},
        {
            "options": array(menu_option, 0, limits.OPTIONS),
            "option_groups": array(option_group, 0, limits.OPTION_GROUPS),
        },
        [only_one_of("options", "option_groups")],
    )(payload, "", found)
    return refusal("invalid_options", found.problems) if found.problems else None


def _check_errors(payload: Json, blocks: Sequence[Any] | None) -> BlockRefusal | None:
    found = Findings()
    fields({"response_action": choice("errors"), "errors": anything})(payload, "", found)
    errors = payload.get("errors")
    if not isinstance(errors, dict) or not errors:
        found.say("must provide an object with at least one error", "/errors")
        return refusal("invalid_arguments", found.problems)
    inputs = {block.get("block_id") for _, block in walk(list(blocks or [])) if block.get("type") == "input"}
    for block_id, words in errors.items():
        string(1, limits.TEXT)(words, f"/errors/{block_id}", found)
        if blocks is not None and block_id not in inputs:
            found.say("must be the block_id of an input block in the view", f"/errors/{block_id}")
    return refusal("invalid_arguments", found.problems) if found.problems else None


def _check_view_ack(payload: Json, blocks: Sequence[Any] | None, depth: int) -> BlockRefusal | None:
    action = payload.get("response_action")
    if action == "errors":
        return _check_errors(payload, blocks)
    found = Findings()
    if action in ("update", "push"):
        fields({"response_action": anything, "view": anything})(payload, "", found)
        if not found.problems:
            if action == "push" and depth >= limits.VIEW_DEPTH:
                return refusal("push_limit_reached")
            return check_view(payload["view"], kind="modal")
    else:
        choice("errors", "update", "push", "clear")(action, "/response_action", found)
    return refusal("invalid_arguments", found.problems) if found.problems else None


def check_ack(
    kind: AckKind, payload: Any, *, blocks_of_view: Sequence[Any] | None = None, depth: int = 1
) -> BlockRefusal | None:
    """The body an ack carried.

    `blocks_of_view` are the submitted view's blocks as stored (with ids), `depth` how many views are open.
    The app hears nothing of a refusal: the person sees trouble connecting, or no answer.
    """
    if kind in ("action", "shortcut") or payload in (None, "", {}):
        return refusal("invalid_options", ["missing required field: options"]) if kind == "options" else None
    if isinstance(payload, str) and kind == "command":
        return check_message({"text": payload})
    if not isinstance(payload, dict):
        return refusal("invalid_arguments", ["must provide an object"])
    if kind == "options":
        return check_options(payload)
    if kind == "view":
        return _check_view_ack(payload, blocks_of_view, depth)
    if set(payload) == {"response_type"}:
        # Nothing to say: only whether the typed command is shown.
        return check_answer({**payload, "text": "/"})
    return check_answer(payload)
