"""Block elements: buttons, menus, inputs, pickers, images."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from copbot.sandbox import limits
from copbot.sandbox.limits import Json, length
from copbot.sandbox.objects import (
    as_number,
    choice_option,
    confirm,
    conversation_filter,
    dispatch_action_config,
    identifier,
    menu_option,
    option_group,
    overflow_option,
    plain,
    slack_file,
    starts_among,
    workflow,
)
from copbot.sandbox.rich import rich_text
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
    matching,
    only_one_of,
    string,
    whole,
)

_placeholder: dict[str, Check] = {"placeholder": plain(limits.PLACEHOLDER)}
_confirm: dict[str, Check] = {"confirm": confirm}
_focus: dict[str, Check] = {"focus_on_load": flag}
_dispatch: dict[str, Check] = {"dispatch_action_config": dispatch_action_config}
_menu: dict[str, Check] = {**_placeholder, **_confirm, **_focus}
_many: dict[str, Check] = {"max_selected_items": whole(1)}


def _element(
    required: Mapping[str, Check],
    optional: Mapping[str, Check],
    rules: Iterable[Rule] = (),
) -> Check:
    return fields({"type": string(), **required}, {"action_id": identifier, **optional}, rules)


def _is_day(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


@cache
def _zones() -> set[str]:
    return available_timezones()


def _is_zone(value: str) -> bool:
    return value in _zones()


day = matching(_is_day, "must be a valid date in the format YYYY-MM-DD")
time_of_day = matching(
    re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z").match,
    "must be a valid time in the format HH:mm",
)
zone = matching(_is_zone, "must be a valid IANA timezone")
numeral = matching(lambda value: as_number(value) is not None, "must be a number")
# Ten digits: Slack's own words for a moment in a picker.
moment = whole(1_000_000_000, 9_999_999_999)
user = matching(re.compile(r"[UW][A-Z0-9]{2,}\Z").match, "must be a user ID")
channel = matching(re.compile(r"[CG][A-Z0-9]{2,}\Z").match, "must be a channel ID")
conversation = matching(re.compile(r"[CGDUW][A-Z0-9]{2,}\Z").match, "must be a conversation ID")


def _lengths_agree(element: Json, at: str, found: Findings) -> None:
    low, high = (
        element.get("min_length", 0),
        element.get("max_length", limits.TYPED_LENGTH),
    )
    if low > high:
        found.say("min_length must be less than or equal to max_length", at)
    elif length(element.get("initial_value", "")) > high:
        found.say(f"must be less than {high + 1} characters", f"{at}/initial_value")


def _lines_agree(element: Json, at: str, found: Findings) -> None:
    if element.get("min_lines", 1) > element.get("max_lines", limits.INPUT_LINES):
        found.say("min_lines must be less than or equal to max_lines", at)


def _numbers_agree(element: Json, at: str, found: Findings) -> None:
    low, high, start = (
        as_number(element[name]) if name in element else None
        for name in ("min_value", "max_value", "initial_value")
    )
    if low is not None and high is not None and low > high:
        found.say("min_value must be less than or equal to max_value", at)
    if start is None:
        return
    if not element["is_decimal_allowed"] and start != int(start):
        found.say("must be an integer", f"{at}/initial_value")
    if (low is not None and start < low) or (high is not None and start > high):
        found.say("must be between min_value and max_value", f"{at}/initial_value")


def _static(many: bool) -> Check:
    initial: dict[str, Check] = (
        {"initial_options": array(menu_option, 1, limits.OPTIONS), **_many}
        if many
        else {"initial_option": menu_option}
    )
    return _element(
        {},
        {
            **_menu,
            **initial,
            "options": array(menu_option, 1, limits.OPTIONS),
            "option_groups": array(option_group, 1, limits.OPTION_GROUPS),
        },
        [
            only_one_of("options", "option_groups"),
            starts_among(*_initial(many), many=many),
        ],
    )


def _initial(many: bool) -> tuple[str]:
    return ("initial_options" if many else "initial_option",)


def _external(many: bool) -> Check:
    initial: dict[str, Check] = (
        {"initial_options": array(menu_option, 1, limits.OPTIONS), **_many}
        if many
        else {"initial_option": menu_option}
    )
    return _element({}, {**_menu, **initial, "min_query_length": whole(0)})


def _picked(name: str, check: Check, *, many: bool, extra: Mapping[str, Check] | None = None) -> Check:
    """A menu Slack fills itself: people, channels, conversations."""
    initial: dict[str, Check] = {f"{name}s": array(check), **_many} if many else {name: check}
    return _element({}, {**_menu, **initial, **(extra or {})})


def _conversations(many: bool) -> Check:
    extra: dict[str, Check] = {
        "default_to_current_conversation": flag,
        "filter": conversation_filter,
    }
    if not many:
        extra["response_url_enabled"] = flag
    return _picked("initial_conversation", conversation, many=many, extra=extra)


def _text_input(extra: Mapping[str, Check], rules: Iterable[Rule] = ()) -> Check:
    return _element({}, {**_placeholder, **_focus, **_dispatch, **extra}, rules)


_button_like: dict[str, Check] = {
    **_confirm,
    "accessibility_label": string(1, limits.BUTTON_LABEL),
    "visible_to_user_ids": array(user, 1, limits.VISIBLE_TO),
}
button = _element(
    {"text": plain(limits.BUTTON_TEXT)},
    {
        **_button_like,
        "value": string(1, limits.BUTTON_VALUE),
        "url": address(limits.URL, web=False),
        "style": choice("primary", "danger"),
        "agent_prompt": string(1, limits.AGENT_PROMPT),
    },
)
image = fields(
    {"type": string(), "alt_text": string(1, limits.ALT_TEXT)},
    {"image_url": address(limits.URL), "slack_file": slack_file},
    [only_one_of("image_url", "slack_file")],
)

BUTTONS: dict[str, Check] = {
    "button": button,
    "workflow_button": _element(
        {"text": plain(limits.BUTTON_TEXT), "workflow": workflow},
        {**_button_like, "style": choice("primary", "danger")},
    ),
    "overflow": _element({"options": array(overflow_option, 1, limits.OVERFLOW_OPTIONS)}, {**_confirm}),
}
MENUS: dict[str, Check] = {
    "static_select": _static(many=False),
    "external_select": _external(many=False),
    "users_select": _picked("initial_user", user, many=False),
    "conversations_select": _conversations(many=False),
    "channels_select": _picked("initial_channel", channel, many=False, extra={"response_url_enabled": flag}),
    "multi_static_select": _static(many=True),
    "multi_external_select": _external(many=True),
    "multi_users_select": _picked("initial_user", user, many=True),
    "multi_conversations_select": _conversations(many=True),
    "multi_channels_select": _picked("initial_channel", channel, many=True),
}
CHOICES: dict[str, Check] = {
    "checkboxes": _element(
        {"options": array(choice_option, 1, limits.CHOICE_OPTIONS)},
        {
            **_confirm,
            **_focus,
            "initial_options": array(choice_option, 1, limits.CHOICE_OPTIONS),
        },
        [starts_among("initial_options", many=True)],
    ),
    "radio_buttons": _element(
        {"options": array(choice_option, 1, limits.CHOICE_OPTIONS)},
        {**_confirm, **_focus, "initial_option": choice_option},
        [starts_among("initial_option", many=False)],
    ),
}
PICKERS: dict[str, Check] = {
    "datepicker": _element({}, {**_menu, "initial_date": day}),
    "timepicker": _element({}, {**_menu, "initial_time": time_of_day, "timezone": zone}),
}
MOMENTS: dict[str, Check] = {
    "datetimepicker": _element({}, {**_confirm, **_focus, "initial_date_time": moment})
}
RICH_INPUT: dict[str, Check] = {
    "rich_text_input": _text_input(
        {
            "initial_value": rich_text,
            "min_lines": whole(1, limits.INPUT_LINES),
            "max_lines": whole(1, limits.INPUT_LINES),
        },
        [_lines_agree],
    ),
}
TYPED: dict[str, Check] = {
    "plain_text_input": _text_input(
        {
            "initial_value": string(0, limits.TYPED_LENGTH),
            "multiline": flag,
            "min_length": whole(0, limits.TYPED_LENGTH),
            "max_length": whole(1, limits.TYPED_LENGTH),
        },
        [_lengths_agree],
    ),
    "email_text_input": _text_input({"initial_value": string(0, limits.TYPED_LENGTH)}),
    "url_text_input": _text_input({"initial_value": string(0, limits.TYPED_LENGTH)}),
    "number_input": _element(
        {"is_decimal_allowed": flag},
        {
            **_placeholder,
            **_focus,
            **_dispatch,
            "initial_value": numeral,
            "min_value": numeral,
            "max_value": numeral,
        },
        [_numbers_agree],
    ),
    "file_input": _element({}, {"filetypes": array(string(1), 1), "max_files": whole(1, limits.FILES)}),
}

in_section = by_type({**BUTTONS, **MENUS, **CHOICES, **PICKERS, "image": image})
in_actions = by_type({**BUTTONS, **MENUS, **CHOICES, **PICKERS, **MOMENTS, **RICH_INPUT})
in_input = by_type({**MENUS, **CHOICES, **PICKERS, **MOMENTS, **RICH_INPUT, **TYPED})
