"""Which blocks and elements Slack knows, where each may stand, and what it says of a wrong one."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from copbot.sandbox.blocks import ALLOWED, KINDS, check_blocks, elements_of, walk
from copbot.sandbox.limits import Surface
from tests.rows import for_each
from tests.sandbox import kit
from tests.sandbox.kit import (
    Json,
    actions,
    asks,
    button,
    image,
    mrkdwn,
    option,
    plain,
    section,
)

SURFACES: tuple[Surface, ...] = ("message", "modal", "home")
EVERYWHERE = {"section", "header", "divider", "context", "actions", "rich_text", "image", "input"}
PLACES: dict[str, set[str]] = {
    **{kind: {"message", "modal", "home"} for kind in EVERYWHERE},
    "table": {"message", "home"},
    "markdown": {"message"},
}


def test_every_known_block_has_an_example_and_a_place() -> None:
    assert set(KINDS) == set(kit.BLOCKS) == set(PLACES) == set().union(*ALLOWED.values())


@for_each("surface", SURFACES)
@for_each("kind", sorted(PLACES))
def test_blocks_stand_only_where_slack_allows_them(kind: str, surface: Surface) -> None:
    problems = check_blocks([kit.BLOCKS[kind]], surface)
    if surface in PLACES[kind]:
        assert problems == []
    else:
        assert problems == [f"unsupported type: {kind} [json-pointer:/blocks/0/type]"]


BUTTONS = {"button", "workflow_button", "overflow"}
MENUS = {kind for kind in kit.ELEMENTS if kind.endswith("_select")}
BOTH = MENUS | {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input"}
STANDS_IN = {
    "section": BOTH | BUTTONS | {"image"},
    "actions": BOTH | BUTTONS | {"datetimepicker", "rich_text_input"},
    "input": BOTH | TYPED | {"datetimepicker", "rich_text_input"},
    "context": {"image"},
}


def holding(place: str, element: Json) -> Json:
    return {
        "section": lambda: section(accessory=element),
        "actions": lambda: actions(element),
        "input": lambda: {"type": "input", "label": plain(), "element": element},
        "context": lambda: {"type": "context", "elements": [element]},
    }[place]()


@for_each("place", sorted(STANDS_IN))
@for_each("kind", sorted(kit.ELEMENTS))
def test_elements_stand_only_in_the_blocks_that_take_them(kind: str, place: str) -> None:
    problems = check_blocks([holding(place, kit.ELEMENTS[kind])], "message")
    assert (problems == []) == (kind in STANDS_IN[place]), problems


def home_of(kind: str) -> str:
    return next(place for place in STANDS_IN if kind in STANDS_IN[place])


@for_each("kind", sorted(kit.ELEMENTS))
def test_a_field_slack_does_not_know_is_refused_on_every_element(kind: str) -> None:
    problems = check_blocks([holding(home_of(kind), {**kit.ELEMENTS[kind], "colour": "red"})], "message")
    assert any(problem.startswith("invalid additional property: colour") for problem in problems)


@for_each("kind", sorted(kit.BLOCKS))
def test_a_field_slack_does_not_know_is_refused_on_every_block(kind: str) -> None:
    problems = check_blocks([{**kit.BLOCKS[kind], "colour": "red"}], "message")
    assert problems == ["invalid additional property: colour [json-pointer:/blocks/0]"]


NEEDED = [
    (kind, name)
    for kind, example in kit.BLOCKS.items()
    for name in example
    # An image's title is an extra, block ids are made up.
    if (kind, name) != ("image", "title") and name not in ("type", "block_id")
]


@for_each(("kind", "name"), NEEDED, ids=[f"{kind} {name}" for kind, name in NEEDED])
def test_a_block_without_what_it_needs_is_refused(kind: str, name: str) -> None:
    block = {key: value for key, value in kit.BLOCKS[kind].items() if key != name}
    assert check_blocks([block], "message")


@for_each("kind", sorted(kit.BLOCKS))
def test_null_is_not_the_same_as_left_out(kind: str) -> None:
    for name in kit.BLOCKS[kind]:
        assert check_blocks([{**kit.BLOCKS[kind], name: None}], "message"), name


WRONG: list[tuple[str, Json]] = [
    ("empty mrkdwn", section("")),
    ("section without text and fields", {"type": "section"}),
    ("header in mrkdwn", {"type": "header", "text": mrkdwn()}),
    ("text as a string", {"type": "section", "text": "Words"}),
    ("text of another kind", {"type": "section", "text": {"type": "html", "text": "x"}}),
    ("emoji on mrkdwn", {"type": "section", "text": {**mrkdwn(), "emoji": True}}),
    ("verbatim on plain text", {"type": "section", "text": {**plain(), "verbatim": True}}),
    ("verbatim as a word", {"type": "section", "text": {**mrkdwn(), "verbatim": "true"}}),
    ("label in mrkdwn", asks({"type": "plain_text_input"}, label=mrkdwn())),
    ("hint in mrkdwn", asks({"type": "plain_text_input"}, hint=mrkdwn())),
    ("placeholder in mrkdwn", asks({"type": "plain_text_input", "placeholder": mrkdwn()})),
    ("placeholder empty", asks({"type": "plain_text_input", "placeholder": plain("")})),
    ("button in mrkdwn", actions(button(text=mrkdwn()))),
    ("button in another style", actions(button(style="warning"))),
    ("button with an empty url", actions(button(url=""))),
    ("button with a path for a url", actions(button(url="/here"))),
    ("button without text", actions({"type": "button", "action_id": "a"})),
    ("image without words", {"type": "image", "image_url": kit.IMAGE_URL}),
    ("image from a file and an address", image(slack_file={"id": "F1"})),
    ("image from nowhere", {"type": "image", "alt_text": "x"}),
    (
        "image from a file by id and url",
        {"type": "image", "alt_text": "x", "slack_file": {"id": "F", "url": "https://a.b"}},
    ),
    ("image from no web address", image(image_url="picture.png")),
    ("title of an image in mrkdwn", image(title=mrkdwn())),
    (
        "menu with options and groups",
        actions({"type": "static_select", "options": [option()], "option_groups": []}),
    ),
    ("menu with nothing to choose", actions({"type": "static_select"})),
    ("empty group", actions({"type": "static_select", "option_groups": [{"label": plain(), "options": []}]})),
    (
        "menu option in mrkdwn",
        actions({"type": "static_select", "options": [{"text": mrkdwn(), "value": "a"}]}),
    ),
    ("menu option with a url", actions({"type": "static_select", "options": [option(url="https://a.org")]})),
    ("option without value", actions({"type": "static_select", "options": [{"text": plain()}]})),
    (
        "option value as a number",
        actions({"type": "static_select", "options": [{"text": plain(), "value": 1}]}),
    ),
    ("groups in checkboxes", actions({"type": "checkboxes", "option_groups": []})),
    ("confirm without text", actions(button(confirm={"title": plain()}))),
    ("confirm title in mrkdwn", actions(button(confirm={"title": mrkdwn(), "text": plain()}))),
    ("confirm style", actions(button(confirm={"text": plain(), "style": "green"}))),
    ("context of a button", {"type": "context", "elements": [button()]}),
    ("file dispatched", asks({"type": "file_input"}, dispatch_action=True)),
    ("optional as a word", asks({"type": "plain_text_input"}, optional="yes")),
    ("table cell empty", {"type": "table", "rows": [[kit.cell("")]]}),
    ("table cell plain", {"type": "table", "rows": [[plain()]]}),
    ("table alignment", {**kit.BLOCKS["table"], "column_settings": [{"align": "top"}]}),
    ("header level as text", {"type": "header", "text": plain(), "level": "1"}),
    ("header level as a flag", {"type": "header", "text": plain(), "level": True}),
]


@for_each("block", [row[1] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_slack_does_not_take_is_refused(block: Json) -> None:
    assert check_blocks([block], "message")


RIGHT: list[tuple[str, Json]] = [
    ("fields alone", {"type": "section", "fields": [plain(), mrkdwn()]}),
    ("section expanded", section(expand=True)),
    ("plain text without emoji", {"type": "section", "text": {**plain(), "emoji": False}}),
    ("verbatim mrkdwn", {"type": "section", "text": {**mrkdwn(), "verbatim": True}}),
    ("only spaces", section(" ")),
    ("header with a level", {"type": "header", "text": plain(), "level": 2}),
    ("danger", actions(button(style="danger", confirm={"text": mrkdwn(), "style": "danger"}))),
    ("a link of an app", actions(button(url="slack://open"))),
    ("mail", actions(button(url="mailto:help@example.org"))),
    ("no action id", actions({"type": "button", "text": plain()}, {"type": "button", "text": plain()})),
    ("overflow to the web", actions({"type": "overflow", "options": [option(url="https://a.org/b?c=d")]})),
    ("mrkdwn in checkboxes", actions({"type": "checkboxes", "options": [{"text": mrkdwn(), "value": "a"}]})),
    (
        "mrkdwn below a radio button",
        actions({"type": "radio_buttons", "options": [option(description=mrkdwn())]}),
    ),
    ("picture from a file", {"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}}),
    ("picture in a section", section(accessory=image())),
    ("table with a default column", {**kit.BLOCKS["table"], "column_settings": [None, {"is_wrapped": True}]}),
    (
        "table of everything",
        {"type": "table", "rows": [[kit.rich_words(), {"type": "raw_number", "value": 1.5, "text": "1.5"}]]},
    ),
    ("rows of two lengths", {"type": "table", "rows": [[kit.cell()], [kit.cell(), kit.cell()]]}),
]


@for_each("block", [row[1] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_what_slack_takes_is_taken(block: Json) -> None:
    assert check_blocks([block], "message") == []


def test_unknown_and_broken_blocks_are_named() -> None:
    assert check_blocks([{"type": "banner"}, {}, "text", None, {"type": 5}], "message") == [
        "unsupported type: banner [json-pointer:/blocks/0/type]",
        "missing required field: type [json-pointer:/blocks/1]",
        "must provide an object [json-pointer:/blocks/2]",
        "must provide an object [json-pointer:/blocks/3]",
        "unsupported type: 5 [json-pointer:/blocks/4/type]",
    ]
    assert check_blocks({"type": "divider"}, "message") == ["must provide an array [json-pointer:/blocks]"]


def test_a_block_id_stands_once() -> None:
    same = {"block_id": "b"}
    assert check_blocks([section(**same), section(block_id="c")], "message") == []
    assert check_blocks([section(**same), section(**same)], "message") == [
        "`block_id` `b` already exists [json-pointer:/blocks/1/block_id]"
    ]


def test_an_action_id_stands_once_in_a_block_but_again_in_another() -> None:
    assert check_blocks([actions(button()), actions(button())], "message") == []
    assert check_blocks([actions(button(), button())], "message") == [
        "`action_id` `take` already exists [json-pointer:/blocks/0/elements/1/action_id]"
    ]


def test_only_one_element_takes_the_focus() -> None:
    focused = {"type": "plain_text_input", "focus_on_load": True}
    first, second = asks(focused), asks(focused, block_id="b2")
    assert check_blocks([first, asks({**focused, "focus_on_load": False}, block_id="b2")], "modal") == []
    assert check_blocks([first, second], "modal") == [
        "only one element can have focus_on_load set to true [json-pointer:/blocks/1/element/focus_on_load]"
    ]


def test_walking_finds_every_block_and_every_element() -> None:
    blocks = [actions(button()), section(accessory=image()), asks({"type": "datepicker"})]
    found = [(at, block["type"], [inner for inner, _ in elements_of(block)]) for at, block in walk(blocks)]
    assert found == [
        ("/blocks/0", "actions", ["/elements/0"]),
        ("/blocks/1", "section", []),
        ("/blocks/2", "input", ["/element"]),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "options", "rows", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


def replaced(value: Any, path: list[int], new: Any) -> Any:
    """The value with one place inside it, found by walking along `path`, replaced."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    value = copy.copy(value)
    value[key] = replaced(value[key], path[1:], new)
    return value


@given(st.sampled_from(sorted(kit.BLOCKS)), st.lists(st.integers(0, 9), max_size=5), JSON)
def test_whatever_is_sent_is_judged_and_nothing_breaks(kind: str, path: list[int], new: Any) -> None:
    for surface in SURFACES:
        check_blocks([replaced(kit.BLOCKS[kind], path, new)], surface)
    check_blocks(new, "message")
