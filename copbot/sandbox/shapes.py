"""Small checks that compose: each looks at one value and writes down what Slack would say about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from copbot.sandbox.limits import Json, length


class Findings:
    """Problems found so far, each with the JSON pointer Slack prints behind it."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def say(self, problem: str, at: str) -> None:
        self.problems.append(f"{problem} [json-pointer:{at}]")


Check = Callable[[Any, str, Findings], None]
Rule = Callable[[Json, str, Findings], None]


def string(low: int = 0, high: int | None = None) -> Check:
    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.say("must provide a string", at)
        elif length(value) < low:
            found.say(f"must be more than {low - 1} characters", at)
        elif high is not None and length(value) > high:
            found.say(f"must be less than {high + 1} characters", at)

    return check


_WEB = re.compile(r"https?://[^\s/]\S*\Z", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+\Z")


def address(high: int, *, web: bool = True) -> Check:
    """An absolute address: http(s) where Slack fetches it, any scheme where it is only opened."""
    words = string(1, high)
    pattern = _WEB if web else _ANY_SCHEME

    def check(value: Any, at: str, found: Findings) -> None:
        words(value, at, found)
        if isinstance(value, str) and value and not pattern.match(value):
            found.say("must be a valid URL", at)

    return check


def whole(low: int | None = None, high: int | None = None) -> Check:
    def check(value: Any, at: str, found: Findings) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            found.say("must provide an integer", at)
        elif low is not None and value < low:
            found.say(f"must be more than {low - 1}", at)
        elif high is not None and value > high:
            found.say(f"must be less than {high + 1}", at)

    return check


def number(value: Any, at: str, found: Findings) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        found.say("must provide a number", at)


def flag(value: Any, at: str, found: Findings) -> None:
    if not isinstance(value, bool):
        found.say("must provide a boolean", at)


def choice(*allowed: Any) -> Check:
    def check(value: Any, at: str, found: Findings) -> None:
        if not any(value is item or (type(value) is type(item) and value == item) for item in allowed):
            found.say(f"must be one of: {', '.join(map(str, allowed))}", at)

    return check


def matching(pattern: Callable[[str], object], words: str) -> Check:
    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.say("must provide a string", at)
        elif not pattern(value):
            found.say(words, at)

    return check


def array(item: Check, low: int = 0, high: int | None = None) -> Check:
    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.say("must provide an array", at)
            return
        if len(value) < low:
            found.say(f"no less than {low} items allowed", at)
        if high is not None and len(value) > high:
            found.say(f"no more than {high} items allowed", at)
            return
        for place, one in enumerate(value):
            item(one, f"{at}/{place}", found)

    return check


def fields(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    rules: Iterable[Rule] = (),
) -> Check:
    """An object with these fields and no others. Rules look at the whole object, only when its fields are sound."""
    known = {**required, **(optional or {})}
    after = tuple(rules)

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.say("must provide an object", at)
            return
        before = len(found.problems)
        for name in required:
            if name not in value:
                found.say(f"missing required field: {name}", at)
        for name, one in value.items():
            if name in known:
                known[name](one, f"{at}/{name}", found)
            else:
                found.say(f"invalid additional property: {name}", at)
        if len(found.problems) == before:
            for rule in after:
                rule(value, at, found)

    return check


def by_type(kinds: Mapping[str, Check], *, key: str = "type") -> Check:
    """One of several kinds of object, told apart by its `type`."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.say("must provide an object", at)
        elif key not in value:
            found.say(f"missing required field: {key}", at)
        elif not isinstance(value[key], str) or value[key] not in kinds:
            found.say(f"unsupported type: {value[key]}", f"{at}/{key}")
        else:
            kinds[value[key]](value, at, found)

    return check


def only_one_of(*names: str) -> Rule:
    def rule(value: Json, at: str, found: Findings) -> None:
        if sum(name in value for name in names) != 1:
            found.say(f"must define either {' or '.join(f'`{name}`' for name in names)}", at)

    return rule


def at_least_one_of(*names: str) -> Rule:
    def rule(value: Json, at: str, found: Findings) -> None:
        if not any(name in value for name in names):
            found.say(f"must define either {' or '.join(f'`{name}`' for name in names)}", at)

    return rule


def anything(value: Any, at: str, found: Findings) -> None:
    """For what Slack does not look into."""
