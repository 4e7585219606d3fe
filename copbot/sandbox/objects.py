"""Composition objects: text, options, confirm dialogs and the other small objects inside elements."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from copbot.sandbox import limits
from copbot.sandbox.limits import Json
from copbot.sandbox.shapes import (
    Check,
    Findings,
    Rule,
    address,
    array,
    by_type,
    choice,
    fields,
    flag,
    only_one_of,
    string,
)

identifier = string(1, limits.IDENTIFIER)


def plain(high: int = limits.TEXT) -> Check:
    return by_type(
        {"plain_text": fields({"type": string(), "text": string(1, high)}, {"emoji": flag})},
    )


def mrkdwn(high: int = limits.TEXT) -> Check:
    return by_type({"mrkdwn": fields({"type": string(), "text": string(1, high)}, {"verbatim": flag})})


def words(high: int = limits.TEXT) -> Check:
    """Plain text or mrkdwn. Slack adds one line when neither form fits."""
    either = by_type(
        {
            "plain_text": fields({"type": string(), "text": string(1, high)}, {"emoji": flag}),
            "mrkdwn": fields({"type": string(), "text": string(1, high)}, {"verbatim": flag}),
        }
    )

    def check(value: Any, at: str, found: Findings) -> None:
        inner = Findings()
        either(value, at, inner)
        if inner.problems:
            found.say("failed to match all allowed schemas", at)
            found.problems.extend(inner.problems)

    return check


def _option(words_allowed: Callable[[int], Check], extra: dict[str, Check] | None = None) -> Check:
    return fields(
        {
            "text": words_allowed(limits.OPTION_TEXT),
            "value": string(1, limits.OPTION_VALUE),
        },
        {"description": words_allowed(limits.OPTION_DESCRIPTION), **(extra or {})},
    )


menu_option = _option(plain)
overflow_option = _option(plain, {"url": address(limits.URL, web=False)})
choice_option = _option(words)
option_group = fields(
    {
        "label": plain(limits.GROUP_LABEL),
        "options": array(menu_option, 1, limits.OPTIONS),
    },
)

confirm = fields(
    {"text": words(limits.CONFIRM_TEXT)},
    {
        "title": plain(limits.CONFIRM_TITLE),
        "confirm": plain(limits.CONFIRM_BUTTON),
        "deny": plain(limits.CONFIRM_BUTTON),
        "style": choice("primary", "danger"),
    },
)

dispatch_action_config = fields(
    {},
    {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 1, 2)},
)


def _says_something(value: Json, at: str, found: Findings) -> None:
    if not value:
        found.say("must define at least one property", at)


conversation_filter = fields(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    [_says_something],
)

slack_file = fields({}, {"id": string(1), "url": address(limits.URL)}, [only_one_of("id", "url")])

workflow = fields(
    {
        "trigger": fields(
            {"url": address(limits.URL)},
            {"customizable_input_parameters": array(fields({"name": string(1), "value": string()}))},
        )
    }
)


def options_of(element: Json) -> list[Json]:
    """Every option an element offers, through its groups."""
    groups = element.get("option_groups") or []
    return [
        *(element.get("options") or []),
        *(one for group in groups for one in group.get("options") or []),
    ]


def same_option(one: Json, other: Json) -> bool:
    """Slack takes an initial option only when it is the offered one, in value and words."""
    return one.get("value") == other.get("value") and _words_of(one) == _words_of(other)


def _words_of(one: Json) -> object:
    text = one.get("text")
    return (text.get("type"), text.get("text")) if isinstance(text, dict) else None


def starts_among(name: str, *, many: bool) -> Rule:
    """The initial option(s) must be among the options."""

    def rule(element: Json, at: str, found: Findings) -> None:
        if name not in element:
            return
        chosen = element[name] if many else [element[name]]
        offered = options_of(element)
        for place, one in enumerate(chosen):
            if not any(same_option(one, other) for other in offered):
                found.say(
                    f"{name} not found in options",
                    f"{at}/{name}" + (f"/{place}" if many else ""),
                )

    return rule


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\Z")


def as_number(text: str) -> float | None:
    """The number a person or an app wrote, or nothing when it is not one."""
    if not _NUMBER.match(text.strip()):
        return None
    value = float(text)
    return value if math.isfinite(value) else None
