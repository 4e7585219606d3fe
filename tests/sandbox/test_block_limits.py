"""Every limit of every block: what just fits is taken, one more is refused at the right place."""

from __future__ import annotations

from collections.abc import Callable

from copbot.sandbox.blocks import check_blocks
from copbot.sandbox.limits import Surface
from tests.rows import for_each
from tests.sandbox import kit
from tests.sandbox.kit import (
    Json,
    actions,
    button,
    cell,
    image,
    option,
    options,
    plain,
    section,
)

Build = Callable[[int], Json]


def x(count: int) -> str:
    return "x" * count


def with_(kind: str, **more: object) -> Json:
    return {**kit.BLOCKS[kind], **more}


def selects(**more: object) -> Json:
    return actions({"type": "static_select", **more})


CONFIRM = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}


def confirms(**more: object) -> Json:
    return actions(button(confirm={**CONFIRM, **more}))


# name, the limit, a block with so many of it, where Slack points
MOST: list[tuple[str, int, Build, str]] = [
    ("section text", 3000, lambda n: section(x(n)), "/text/text"),
    ("section plain text", 3000, lambda n: {"type": "section", "text": plain(x(n))}, "/text/text"),
    ("section fields", 10, lambda n: {"type": "section", "fields": [plain()] * n}, "/fields"),
    ("section field", 2000, lambda n: {"type": "section", "fields": [plain(x(n))]}, "/fields/0/text"),
    ("header", 150, lambda n: with_("header", text=plain(x(n))), "/text/text"),
    ("header level", 4, lambda n: with_("header", level=n), "/level"),
    ("context elements", 10, lambda n: with_("context", elements=[plain()] * n), "/elements"),
    ("context text", 3000, lambda n: with_("context", elements=[plain(x(n))]), "/elements/0/text"),
    ("actions", 25, lambda n: actions(*(button(action_id=f"a{i}") for i in range(n))), "/elements"),
    ("block id", 255, lambda n: with_("divider", block_id=x(n)), "/block_id"),
    ("action id", 255, lambda n: actions(button(action_id=x(n))), "/elements/0/action_id"),
    ("image address", 3000, lambda n: image(image_url="https://a.org/" + x(n - 14)), "/image_url"),
    ("image words", 2000, lambda n: image(alt_text=x(n)), "/alt_text"),
    ("image title", 2000, lambda n: image(title=plain(x(n))), "/title/text"),
    ("input label", 2000, lambda n: with_("input", label=plain(x(n))), "/label/text"),
    ("input hint", 2000, lambda n: with_("input", hint=plain(x(n))), "/hint/text"),
    ("button text", 75, lambda n: actions(button(text=plain(x(n)))), "/elements/0/text/text"),
    ("button value", 2000, lambda n: actions(button(value=x(n))), "/elements/0/value"),
    ("button url", 3000, lambda n: actions(button(url="https://a.org/" + x(n - 14))), "/elements/0/url"),
    (
        "button label",
        75,
        lambda n: actions(button(accessibility_label=x(n))),
        "/elements/0/accessibility_label",
    ),
    ("button prompt", 4000, lambda n: actions(button(agent_prompt=x(n))), "/elements/0/agent_prompt"),
    (
        "button people",
        10,
        lambda n: actions(button(visible_to_user_ids=["U123"] * n)),
        "/visible_to_user_ids",
    ),
    ("options", 100, lambda n: selects(options=options(n)), "/elements/0/options"),
    (
        "option groups",
        100,
        lambda n: selects(option_groups=[{"label": plain(), "options": options(1)}] * n),
        "/option_groups",
    ),
    (
        "options in a group",
        100,
        lambda n: selects(option_groups=[{"label": plain(), "options": options(n)}]),
        "/option_groups/0/options",
    ),
    (
        "group label",
        75,
        lambda n: selects(option_groups=[{"label": plain(x(n)), "options": options(1)}]),
        "/option_groups/0/label/text",
    ),
    ("option text", 75, lambda n: selects(options=[option(text=x(n))]), "/options/0/text/text"),
    ("option value", 150, lambda n: selects(options=[option(x(n))]), "/options/0/value"),
    (
        "option description",
        75,
        lambda n: selects(options=[option(description=plain(x(n)))]),
        "/options/0/description/text",
    ),
    ("placeholder", 150, lambda n: selects(options=options(1), placeholder=plain(x(n))), "/placeholder/text"),
    ("overflow", 5, lambda n: actions({"type": "overflow", "options": options(n)}), "/elements/0/options"),
    (
        "checkboxes",
        10,
        lambda n: actions({"type": "checkboxes", "options": options(n)}),
        "/elements/0/options",
    ),
    ("radio buttons", 10, lambda n: actions({"type": "radio_buttons", "options": options(n)}), "/options"),
    ("confirm title", 100, lambda n: confirms(title=plain(x(n))), "/confirm/title/text"),
    ("confirm text", 300, lambda n: confirms(text=plain(x(n))), "/confirm/text/text"),
    ("confirm yes", 30, lambda n: confirms(confirm=plain(x(n))), "/confirm/confirm/text"),
    ("confirm no", 30, lambda n: confirms(deny=plain(x(n))), "/confirm/deny/text"),
    ("table rows", 100, lambda n: with_("table", rows=kit.grid(n, 1)), "/rows"),
    ("table cells", 20, lambda n: with_("table", rows=kit.grid(1, n)), "/rows/0"),
    (
        "table columns",
        20,
        lambda n: with_("table", column_settings=[{"align": "left"}] * n),
        "/column_settings",
    ),
    ("table text", 10_000, lambda n: with_("table", rows=[[cell(x(n - 1)), cell()]]), "/rows"),
]


@for_each(("limit", "build", "at"), [row[1:] for row in MOST], ids=[row[0] for row in MOST])
def test_as_much_as_the_limit_is_taken_and_one_more_refused(limit: int, build: Build, at: str) -> None:
    assert check_blocks([build(limit)], "message") == []
    problems = check_blocks([build(limit + 1)], "message")
    assert problems
    assert any(problem.endswith(f"{at}]") for problem in problems), problems


# name, the least, a block with so many of it
LEAST: list[tuple[str, int, Build]] = [
    ("section text", 1, lambda n: section(x(n))),
    ("header text", 1, lambda n: with_("header", text=plain(x(n)))),
    ("header level", 1, lambda n: with_("header", level=n)),
    ("context", 1, lambda n: with_("context", elements=[plain()] * n)),
    ("actions", 1, lambda n: actions(*[button()] * n)),
    ("fields", 1, lambda n: section(fields=[plain()] * n)),
    ("block id", 1, lambda n: with_("divider", block_id=x(n))),
    ("action id", 1, lambda n: actions(button(action_id=x(n)))),
    ("button text", 1, lambda n: actions(button(text=plain(x(n))))),
    ("options", 1, lambda n: selects(options=options(n))),
    ("option value", 1, lambda n: selects(options=[option(x(n))])),
    ("overflow", 1, lambda n: actions({"type": "overflow", "options": options(n)})),
    ("chosen at most", 1, lambda n: actions({**kit.ELEMENTS["multi_users_select"], "max_selected_items": n})),
    ("query length", 0, lambda n: actions({"type": "external_select", "min_query_length": n})),
    ("table rows", 1, lambda n: with_("table", rows=kit.grid(n, 1))),
    ("rich text", 1, lambda n: kit.rich_words(x(n))),
    ("markdown", 1, lambda n: with_("markdown", text=x(n))),
]


@for_each(("least", "build"), [row[1:] for row in LEAST], ids=[row[0] for row in LEAST])
def test_less_than_the_least_is_refused(least: int, build: Build) -> None:
    assert check_blocks([build(least)], "message") == []
    assert check_blocks([build(least - 1)], "message")


@for_each(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_blocks_are_counted_by_surface(surface: Surface, most: int) -> None:
    assert check_blocks([{"type": "divider"}] * most, surface) == []
    assert check_blocks([{"type": "divider"}] * (most + 1), surface) == [
        f"no more than {most} items allowed [json-pointer:/blocks]"
    ]


def test_tables_are_also_limited_together() -> None:
    half = with_("table", rows=[[cell(x(5000))]])
    assert check_blocks([half, half], "message") == []
    assert check_blocks([half, half, with_("table", rows=[[cell()]])], "message")


def test_astral_characters_count_as_two() -> None:
    """Slack's counting is not published: the stricter one keeps the bot on the safe side."""
    assert check_blocks([with_("header", text=plain("😀" * 75))], "message") == []
    assert check_blocks([with_("header", text=plain("😀" * 76))], "message")


def test_slacks_own_words_for_a_long_section() -> None:
    assert check_blocks([section(x(3001))], "message") == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
