"""Views and the answers an app may give about them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.sandbox.limits import BlockRefusal
from copbot.sandbox.views import check_ack, check_view
from tests.sandbox.kit import Json, asks, home, modal, mrkdwn, option, options, plain, section

ASK = asks({"type": "plain_text_input"})


def refused(refusal: BlockRefusal | None) -> str:
    assert refusal is not None
    assert all(line.startswith("[ERROR] ") for line in refusal.messages)
    return refusal.error


def x(count: int) -> str:
    return "x" * count


MOST: list[tuple[str, int, Callable[[int], Json], str]] = [
    ("title", 24, lambda n: modal(title=plain(x(n))), "/view/title/text"),
    ("submit", 24, lambda n: modal(submit=plain(x(n))), "/view/submit/text"),
    ("close", 24, lambda n: modal(close=plain(x(n))), "/view/close/text"),
    ("private metadata", 3000, lambda n: modal(private_metadata=x(n)), "/view/private_metadata"),
    ("callback id", 255, lambda n: modal(callback_id=x(n)), "/view/callback_id"),
    ("external id", 255, lambda n: modal(external_id=x(n)), "/view/external_id"),
    ("blocks", 100, lambda n: modal(*[{"type": "divider"}] * n), "/view/blocks"),
]


@pytest.mark.parametrize(("limit", "build", "at"), [row[1:] for row in MOST], ids=[row[0] for row in MOST])
def test_view_limits(limit: int, build: Callable[[int], Json], at: str) -> None:
    assert check_view(build(limit), kind="modal") is None
    refusal = check_view(build(limit + 1), kind="modal")
    assert refused(refusal) == "invalid_arguments"
    assert refusal is not None
    assert refusal.messages[0].endswith(f"[json-pointer:{at}]")


def test_a_view_of_250_kb_is_taken_and_one_byte_more_refused() -> None:
    def of(total: int) -> Json:
        view = modal(*[section(x(3000))] * 81)
        rest = total - len(json.dumps(view, separators=(",", ":")))
        view["blocks"] += [section(x(rest - len(',{"type":"section","text":{"type":"mrkdwn","text":""}}')))]
        return view

    assert len(json.dumps(of(250_000), separators=(",", ":"))) == 250_000
    assert check_view(of(250_000), kind="modal") is None
    assert refused(check_view(of(250_001), kind="modal")) == "view_too_large"


WRONG: list[tuple[str, Json]] = [
    ("no title", {key: value for key, value in modal().items() if key != "title"}),
    ("empty title", modal(title=plain(""))),
    ("title in mrkdwn", modal(title=mrkdwn())),
    ("title as a string", modal(title="Ask")),
    ("no blocks", {"type": "modal", "title": plain()}),
    ("no type", {"title": plain(), "blocks": []}),
    ("a home", home()),
    ("an id of its own", modal(id="V1")),
    ("a table in a modal", modal({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]})),
    ("flag as a word", modal(notify_on_close="true")),
    ("metadata that is no string", modal(private_metadata={"a": 1})),
    ("an input without submit", {"type": "modal", "title": plain(), "blocks": [ASK]}),
    ("two of one block id", modal(section(block_id="b"), section(block_id="b"))),
]


@pytest.mark.parametrize("view", [row[1] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_modal_is_refused(view: Json) -> None:
    assert refused(check_view(view, kind="modal")) == "invalid_arguments"


def test_a_modal_with_everything_is_taken() -> None:
    view = modal(
        ASK, close=plain(), clear_on_close=True, notify_on_close=False, callback_id="", private_metadata=""
    )
    assert check_view(view, kind="modal") is None
    assert check_view({"type": "modal", "title": plain(), "blocks": [section()]}, kind="modal") is None


def test_home_has_blocks_and_nothing_of_a_modal() -> None:
    assert check_view(home(ASK, section(), callback_id="home", private_metadata="x"), kind="home") is None
    for more in ({"title": plain()}, {"submit": plain()}, {"close": plain()}, {"notify_on_close": True}):
        assert refused(check_view(home(**more), kind="home")) == "invalid_arguments"
    assert refused(check_view(modal(), kind="home")) == "invalid_arguments"


@pytest.mark.parametrize("view", [None, [], "view", 5, {}])
def test_what_is_no_view_is_refused(view: Any) -> None:
    assert refused(check_view(view, kind="modal")) == "invalid_arguments"
    assert refused(check_view(view, kind="home")) == "invalid_arguments"


@given(
    st.dictionaries(
        st.sampled_from(
            ["type", "title", "blocks", "submit", "close", "private_metadata", "errors", "view", "options"]
        ),
        st.none() | st.text(max_size=3) | st.lists(st.none() | st.integers(), max_size=2) | st.just(plain()),
    )
)
def test_any_view_and_any_ack_is_judged_and_nothing_breaks(body: Json) -> None:
    check_view(body, kind="modal")
    for kind in ("command", "action", "view", "options", "shortcut"):
        check_ack(kind, body, blocks_of_view=[ASK])  # type: ignore[arg-type]
    for action in ("errors", "update", "push", "clear"):
        check_ack("view", {"response_action": action, **body}, blocks_of_view=[ASK])


STORED = [asks({"type": "plain_text_input"}), section(block_id="s")]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        {},
        {"response_action": "clear"},
        {"response_action": "errors", "errors": {"b": "Say a little more."}},
        {"response_action": "update", "view": modal(ASK)},
        {"response_action": "push", "view": modal(section())},
    ],
)
def test_answers_to_a_submission(answer: Any) -> None:
    assert check_ack("view", answer, blocks_of_view=STORED) is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors"},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": []},
        {"response_action": "errors", "errors": {"b": ""}},
        {"response_action": "errors", "errors": {"b": x(3001)}},
        {"response_action": "errors", "errors": {"b": None}},
        {"response_action": "errors", "errors": {"s": "Not an input."}},
        {"response_action": "errors", "errors": {"gone": "Not in the view."}},
        {"response_action": "errors", "errors": {"b": "x"}, "view": modal()},
        {"response_action": "update"},
        {"response_action": "update", "view": home()},
        {"response_action": "update", "view": modal(title=plain(x(25)))},
        {"response_action": "close"},
        {"errors": {"b": "Say a little more."}},
        {"text": "Saved."},
        ["errors"],
        "Saved.",
    ],
)
def test_wrong_answers_to_a_submission_are_refused(answer: Any) -> None:
    assert refused(check_ack("view", answer, blocks_of_view=STORED))


def test_a_fourth_view_is_not_pushed() -> None:
    push = {"response_action": "push", "view": modal()}
    assert check_ack("view", push, depth=2) is None
    assert refused(check_ack("view", push, depth=3)) == "push_limit_reached"
    assert check_ack("view", {"response_action": "update", "view": modal()}, depth=3) is None


GROUP = {"label": plain(), "options": options(1)}


@pytest.mark.parametrize(
    ("answer", "fine"),
    [
        ({"options": []}, True),
        ({"options": options(100)}, True),
        ({"option_groups": [GROUP] * 100}, True),
        ({"option_groups": []}, True),
        ({"options": options(101)}, False),
        ({"option_groups": [GROUP] * 101}, False),
        ({"option_groups": [{"label": plain(), "options": options(101)}]}, False),
        ({"options": options(1), "option_groups": [GROUP]}, False),
        ({"options": [option(text="")]}, False),
        ({"options": [option(text=x(76))]}, False),
        ({"options": [option(x(151))]}, False),
        ({"options": [{"text": mrkdwn(), "value": "a"}]}, False),
        ({"options": None}, False),
        ({}, False),
        ("", False),
    ],
)
def test_answers_to_a_menu(answer: Any, fine: bool) -> None:
    assert (check_ack("options", answer) is None) == fine


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("", None),
        (None, None),
        ("Saved.", None),
        ({"text": "Saved."}, None),
        ({"response_type": "in_channel"}, None),
        ({"response_type": "ephemeral", "blocks": [section()]}, None),
        ({"response_type": "loud", "text": "Saved."}, "invalid_arguments"),
        ({"text": ""}, "no_text"),
        ({"blocks": [section("")]}, "invalid_blocks"),
        (["Saved."], "invalid_arguments"),
    ],
)
def test_answers_to_a_command(answer: Any, error: str | None) -> None:
    refusal = check_ack("command", answer)
    assert (refusal.error if refusal else None) == error


def test_what_an_action_s_ack_carries_is_not_read() -> None:
    assert check_ack("action", {"text": ""}) is None
    assert check_ack("shortcut", {"anything": 1}) is None
