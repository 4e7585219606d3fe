"""What stands in a form: the values Slack reports for it, and what its own client checks before sending them."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

from copbot.sandbox import limits
from copbot.sandbox.blocks import elements_of, walk
from copbot.sandbox.limits import Json, length
from copbot.sandbox.objects import as_number, options_of, same_option

Values = dict[str, dict[str, Json]]

# Kind of element -> (key in `state.values`, field with the value it starts with, is it a list)
HELD: dict[str, tuple[str, str, bool]] = {
    "plain_text_input": ("value", "initial_value", False),
    "email_text_input": ("value", "initial_value", False),
    "url_text_input": ("value", "initial_value", False),
    "number_input": ("value", "initial_value", False),
    "rich_text_input": ("rich_text_value", "initial_value", False),
    "file_input": ("files", "", True),
    "static_select": ("selected_option", "initial_option", False),
    "external_select": ("selected_option", "initial_option", False),
    "users_select": ("selected_user", "initial_user", False),
    "conversations_select": ("selected_conversation", "initial_conversation", False),
    "channels_select": ("selected_channel", "initial_channel", False),
    "multi_static_select": ("selected_options", "initial_options", True),
    "multi_external_select": ("selected_options", "initial_options", True),
    "multi_users_select": ("selected_users", "initial_users", True),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", True),
    "multi_channels_select": ("selected_channels", "initial_channels", True),
    "checkboxes": ("selected_options", "initial_options", True),
    "radio_buttons": ("selected_option", "initial_option", False),
    "datepicker": ("selected_date", "initial_date", False),
    "timepicker": ("selected_time", "initial_time", False),
    "datetimepicker": ("selected_date_time", "initial_date_time", False),
}


def with_ids(view: Json, new_id: Callable[[], str]) -> Json:
    """The view as Slack stores it: every block and every element a person can act on has an id."""
    stored = copy.deepcopy(view)
    for _, block in walk(stored.get("blocks")):
        if not block.get("block_id"):
            block["block_id"] = new_id()
        for _, element in elements_of(block):
            if not element.get("action_id"):
                element["action_id"] = new_id()
    return stored


def held_elements(view: Json) -> Iterator[tuple[str, str, Json, Json]]:
    """(block_id, action_id, block, element) of everything that holds a value. Ids must be there."""
    for _, block in walk(view.get("blocks")):
        for _, element in elements_of(block):
            if element.get("type") in HELD:
                yield str(block.get("block_id")), str(element.get("action_id")), block, element


def reported(option: Json) -> Json:
    """An option as Slack sends it back: with the defaults of its text objects spelled out."""
    full = {key: value for key, value in option.items() if key != "url"}
    for key in ("text", "description"):
        words = full.get(key)
        if isinstance(words, dict):
            default = {"emoji": True} if words.get("type") == "plain_text" else {"verbatim": False}
            full[key] = {**words, **{k: v for k, v in default.items() if k not in words}}
    return full


def starting(element: Json) -> Json:
    """What Slack reports for an element nobody has touched."""
    key, initial, many = HELD[element["type"]]
    value = copy.deepcopy(element.get(initial)) if initial else None
    if key == "selected_option" and value is not None:
        value = reported(value)
    elif key == "selected_options":
        value = [reported(one) for one in value or []]
    elif many:
        value = value or []
    elif key == "value" and value == "":
        value = None
    held: Json = {"type": element["type"], key: value}
    if element["type"] == "timepicker" and element.get("timezone"):
        held["timezone"] = element["timezone"]
    return held


def initial_values(view: Json) -> Values:
    """`state.values` of a view nobody has touched."""
    values: Values = {}
    for block_id, action_id, _, element in held_elements(view):
        values.setdefault(block_id, {})[action_id] = starting(element)
    return values


def carry_values(old_view: Json, old_values: Values, new_view: Json) -> Values:
    """What stands in a form after an update.

    The same block_id, action_id and kind keep what stood there, and a new initial value is then not looked at,
    not even over an empty field: Slack does the same. A choice that is no longer offered is gone.
    """
    kinds = {(block, action): element["type"] for block, action, _, element in held_elements(old_view)}
    values = initial_values(new_view)
    for block_id, action_id, _, element in held_elements(new_view):
        held = old_values.get(block_id, {}).get(action_id)
        if held is None or kinds.get((block_id, action_id)) != element["type"] or not _offered(element, held):
            continue
        values[block_id][action_id] = copy.deepcopy(held)
    return values


def chosen(held: Json) -> list[Json]:
    """The options chosen in an element, one or several."""
    one = held.get("selected_option")
    return [one] if one else list(held.get("selected_options") or [])


def _offered(element: Json, held: Json) -> bool:
    offered = options_of(element)
    if "external" in element["type"] or not offered:
        return True
    return all(any(same_option(one, other) for other in offered) for one in chosen(held))


REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]{2,}\Z")
_WEB = re.compile(r"https?://[^\s/]+\.?[^\s]*\Z", re.IGNORECASE)


def check_form(view: Json, values: Values) -> dict[str, str]:
    """The errors a person sees before anything is sent, by block_id. Only input blocks are checked."""
    errors: dict[str, str] = {}
    for block_id, action_id, block, element in held_elements(view):
        if block.get("type") != "input":
            continue
        held = values.get(block_id, {}).get(action_id) or starting(element)
        wrong = _wrong(block, element, held)
        if wrong:
            errors[block_id] = wrong
    return errors


def _wrong(block: Json, element: Json, held: Json) -> str | None:
    key, _, many = HELD[element["type"]]
    value = held.get(key)
    if value in (None, "", []) or (element["type"] == "rich_text_input" and not _says_anything(value)):
        return None if block.get("optional") else REQUIRED
    if many:
        return _too_many(element, value)
    if key == "value":
        return _CHECKS[element["type"]](element, str(value))
    return None


def _says_anything(value: Any) -> bool:
    """Whether typed rich text holds more than empty sections."""
    if isinstance(value, list):
        return any(_says_anything(one) for one in value)
    if not isinstance(value, dict):
        return False
    if value.get("type") == "text":
        return bool(value.get("text"))
    return _says_anything(value["elements"]) if "elements" in value else True


def _too_many(element: Json, value: list[Any]) -> str | None:
    high = (
        element.get("max_files", limits.FILES)
        if element["type"] == "file_input"
        else element.get("max_selected_items")
    )
    return f"You can choose up to {high} items." if high is not None and len(value) > high else None


def _typed(element: Json, value: str) -> str | None:
    low, high = element.get("min_length", 0), element.get("max_length", limits.TYPED_LENGTH)
    if length(value) < low:
        return f"Must be at least {low} characters."
    if length(value) > high:
        return f"Must be {high} characters or fewer."
    return None


def _amount(element: Json, value: str) -> str | None:
    amount = as_number(value)
    if amount is None:
        return "Please enter a valid number."
    if not element.get("is_decimal_allowed") and amount != int(amount):
        return "Please enter a whole number."
    low, high = (as_number(str(element.get(name, ""))) for name in ("min_value", "max_value"))
    if low is not None and amount < low:
        return f"Must be at least {element['min_value']}."
    if high is not None and amount > high:
        return f"Must be {element['max_value']} or less."
    return None


_CHECKS: dict[str, Callable[[Json, str], str | None]] = {
    "plain_text_input": _typed,
    "email_text_input": lambda _, value: (
        None if _EMAIL.match(value) else "Please enter a valid email address."
    ),
    "url_text_input": lambda _, value: None if _WEB.match(value) else "Please enter a valid URL.",
    "number_input": _amount,
}
