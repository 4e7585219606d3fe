"""Whole messages and views as a person reads them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copbot.sandbox.text import message_reading
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
    rich,
    section,
)

NAMES = {"U1": "Kim", "C1": "general", "S1": "@staff"}
TWO = [option("a", "One"), option("b", "Two", description=plain("the second"))]

READ: list[tuple[str, Json, str]] = [
    ("section", section("*Due* <@U1>", fields=[plain("*one*"), mrkdwn("_two_")]), "Due @Kim\n*one*\ntwo"),
    ("section with a button", section("Take it", accessory=button()), "Take it\n[Take]"),
    ("header", {"type": "header", "text": plain("Requests")}, "Requests"),
    (
        "context",
        {"type": "context", "elements": [image(alt_text="logo"), mrkdwn("by <@U1>")]},
        "(logo) by @Kim",
    ),
    ("buttons", actions(button(), button(text=plain("Ask"))), "[Take] [Ask]"),
    ("overflow", actions({"type": "overflow", "options": TWO}), "One\nTwo – the second"),
    ("image", image(title=plain("Map")), "Map\n(A picture)"),
    (
        "input",
        asks({"type": "plain_text_input", "placeholder": plain("Say it")}, hint=plain("Briefly")),
        "Label\nSay it\nBriefly",
    ),
    ("optional", asks({"type": "plain_text_input"}, optional=True), "Label (optional)"),
    (
        "started input",
        asks({"type": "plain_text_input", "initial_value": "Hi", "placeholder": plain("x")}),
        "Label\nHi",
    ),
    (
        "started rich input",
        asks({"type": "rich_text_input", "initial_value": kit.rich_words("Hi")}),
        "Label\nHi",
    ),
    (
        "menu",
        asks({"type": "static_select", "placeholder": plain("Pick"), "options": TWO}),
        "Label\nPick\nOne\nTwo – the second",
    ),
    (
        "grouped menu",
        asks(
            {"type": "multi_static_select", "option_groups": [{"label": plain("North"), "options": TWO[:1]}]}
        ),
        "Label\nNorth\nOne",
    ),
    ("started outside menu", asks({"type": "external_select", "initial_option": TWO[0]}), "Label\nOne"),
    ("people", asks({"type": "multi_users_select", "initial_users": ["U1", "U9"]}), "Label\nKim\nU9"),
    ("a channel", asks({"type": "channels_select", "initial_channel": "C1"}), "Label\ngeneral"),
    ("a day", asks({"type": "datepicker", "initial_date": "2026-01-02"}), "Label\n2026-01-02"),
    (
        "checks",
        asks({"type": "checkboxes", "options": [{"text": mrkdwn("*Yes*"), "value": "y"}]}),
        "Label\nYes",
    ),
    ("markdown", {"type": "markdown", "text": "hello <@U1>"}, "hello @Kim"),
    (
        "table",
        {
            "type": "table",
            "rows": [
                [kit.cell("a"), kit.rich_words("b")],
                [kit.cell("c"), {"type": "raw_number", "value": 1, "text": "1"}],
            ],
        },
        "a | b\nc | 1",
    ),
    ("divider", {"type": "divider"}, ""),
    ("unknown", {"type": "banner", "text": plain()}, ""),
]


@for_each(("block", "read"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_every_block_is_read(block: Json, read: str) -> None:
    assert message_reading({"blocks": [block]}, NAMES) == read


def test_every_kind_of_block_but_the_divider_says_something() -> None:
    silent = [kind for kind, block in kit.BLOCKS.items() if not message_reading({"blocks": [block]})]
    assert silent == ["divider"]


RUNS: list[tuple[Json, str]] = [
    ({"type": "text", "text": "<@U1> *x*"}, "<@U1> *x*"),
    ({"type": "user", "user_id": "U1"}, "@Kim"),
    ({"type": "user", "user_id": "U9"}, "@U9"),
    ({"type": "channel", "channel_id": "C1"}, "#general"),
    ({"type": "channel", "channel_id": "C9"}, "#private channel"),
    ({"type": "usergroup", "usergroup_id": "S1"}, "@staff"),
    ({"type": "broadcast", "range": "here"}, "@here"),
    ({"type": "emoji", "name": "wave"}, ":wave:"),
    ({"type": "link", "url": "https://a.org"}, "https://a.org"),
    ({"type": "link", "url": "https://a.org", "text": "A"}, "A"),
    ({"type": "color", "value": "#112233"}, "#112233"),
    ({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "then"}, "then"),
]


@for_each(("run", "read"), RUNS, ids=[row[1] + row[0]["type"] for row in RUNS])
def test_every_run_of_rich_text_is_read(run: Json, read: str) -> None:
    assert message_reading({"blocks": [rich(run)]}, NAMES) == read


def test_rich_text_lists_quotes_and_code() -> None:
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    block = {
        "type": "rich_text",
        "elements": [
            line,
            {"type": "rich_text_list", "style": "bullet", "elements": [line, line]},
            {"type": "rich_text_list", "style": "ordered", "elements": [line, line]},
            {**line, "type": "rich_text_quote"},
            {**line, "type": "rich_text_preformatted"},
        ],
    }
    assert message_reading({"blocks": [block]}) == "x\n• x\n• x\n1. x\n2. x\nx\nx"


def test_text_is_not_seen_where_there_are_blocks() -> None:
    assert message_reading({"text": "*plain*"}) == "plain"
    assert message_reading({"text": "*plain*", "mrkdwn": False}) == "*plain*"
    assert message_reading({"text": "fallback", "blocks": [section("seen")]}) == "seen"


def test_attachments_stand_below() -> None:
    message = {
        "text": "see",
        "attachments": [
            {"title": "T", "text": "*b*", "fields": [{"title": "k", "value": "v"}], "footer": "f"},
            {"fallback": "no", "blocks": [section("in")]},
        ],
    }
    assert message_reading(message) == "see\nT\nb\nk: v\nf\nin"


def test_a_modal_is_read_with_its_title_and_buttons() -> None:
    view = kit.modal(asks({"type": "plain_text_input"}), close=plain("Cancel"))
    assert message_reading(view) == "Ask\nLabel\n[Cancel] [Send]"


def test_home_is_read() -> None:
    assert message_reading(kit.home(section("Yours"))) == "Yours"


@given(st.text(min_size=1, max_size=75))
def test_plain_text_is_read_as_typed_wherever_it_stands(text: str) -> None:
    for block in (
        {"type": "header", "text": plain(text)},
        {"type": "section", "text": plain(text)},
        {"type": "section", "fields": [plain(text)]},
        rich({"type": "text", "text": text}),
        {"type": "table", "rows": [[kit.cell(text)]]},
    ):
        assert message_reading({"blocks": [block]}) == text
    assert message_reading({"blocks": [actions(button(text=plain(text)))]}) == f"[{text}]"
