"""What stands in a form: before it is touched, after an update, and what is checked before it is sent."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from typing import Any

from copbot.sandbox.blocks import check_blocks
from copbot.sandbox.form import HELD
from copbot.sandbox.views import carry_values, check_form, initial_values, with_ids
from tests.rows import for_each
from tests.sandbox import kit
from tests.sandbox.kit import Json, actions, asks, button, mrkdwn, option, plain, section

A, B = option("a", "A"), option("b", "B")
BOTH = {"options": [A, B]}
FULL_A = {"text": {"type": "plain_text", "text": "A", "emoji": True}, "value": "a"}
FULL_B = {"text": {"type": "plain_text", "text": "B", "emoji": True}, "value": "b"}


def counting() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"id{next(numbers)}"


# kind, what it holds untouched, how to start it, what it holds then
HELD_BY: list[tuple[str, Json, Json, Json]] = [
    ("plain_text_input", {"value": None}, {"initial_value": "Hi"}, {"value": "Hi"}),
    ("email_text_input", {"value": None}, {"initial_value": "k@x.org"}, {"value": "k@x.org"}),
    ("url_text_input", {"value": None}, {"initial_value": "https://x.org"}, {"value": "https://x.org"}),
    ("number_input", {"value": None}, {"initial_value": "5"}, {"value": "5"}),
    (
        "rich_text_input",
        {"rich_text_value": None},
        {"initial_value": kit.rich_words()},
        {"rich_text_value": kit.rich_words()},
    ),
    ("file_input", {"files": []}, {}, {"files": []}),
    ("static_select", {"selected_option": None}, {**BOTH, "initial_option": B}, {"selected_option": FULL_B}),
    ("external_select", {"selected_option": None}, {"initial_option": A}, {"selected_option": FULL_A}),
    ("users_select", {"selected_user": None}, {"initial_user": "U1A"}, {"selected_user": "U1A"}),
    (
        "conversations_select",
        {"selected_conversation": None},
        {"initial_conversation": "C1A"},
        {"selected_conversation": "C1A"},
    ),
    ("channels_select", {"selected_channel": None}, {"initial_channel": "C1A"}, {"selected_channel": "C1A"}),
    (
        "multi_static_select",
        {"selected_options": []},
        {**BOTH, "initial_options": [A, B]},
        {"selected_options": [FULL_A, FULL_B]},
    ),
    (
        "multi_external_select",
        {"selected_options": []},
        {"initial_options": [A]},
        {"selected_options": [FULL_A]},
    ),
    ("multi_users_select", {"selected_users": []}, {"initial_users": ["U1A"]}, {"selected_users": ["U1A"]}),
    (
        "multi_conversations_select",
        {"selected_conversations": []},
        {"initial_conversations": ["C1A"]},
        {"selected_conversations": ["C1A"]},
    ),
    (
        "multi_channels_select",
        {"selected_channels": []},
        {"initial_channels": ["C1A"]},
        {"selected_channels": ["C1A"]},
    ),
    (
        "checkboxes",
        {"selected_options": []},
        {**BOTH, "initial_options": [B]},
        {"selected_options": [FULL_B]},
    ),
    ("radio_buttons", {"selected_option": None}, {**BOTH, "initial_option": A}, {"selected_option": FULL_A}),
    ("datepicker", {"selected_date": None}, {"initial_date": "2026-01-02"}, {"selected_date": "2026-01-02"}),
    ("timepicker", {"selected_time": None}, {"initial_time": "10:00"}, {"selected_time": "10:00"}),
    (
        "datetimepicker",
        {"selected_date_time": None},
        {"initial_date_time": 1_700_000_000},
        {"selected_date_time": 1_700_000_000},
    ),
]


def form(element: Json, **block: Any) -> Json:
    return kit.modal(asks(element, **block))


def test_every_kind_that_holds_a_value_is_in_the_table() -> None:
    assert {row[0] for row in HELD_BY} == set(HELD)


@for_each(("kind", "empty", "start", "started"), HELD_BY, ids=[row[0] for row in HELD_BY])
def test_values_of_a_form_nobody_has_touched(kind: str, empty: Json, start: Json, started: Json) -> None:
    untouched, begun = kit.ELEMENTS[kind], {**kit.ELEMENTS[kind], **start}
    assert check_blocks([asks(begun)], "modal") == []
    assert initial_values(form(untouched)) == {"b": {"a": {"type": kind, **empty}}}
    assert initial_values(form(begun)) == {"b": {"a": {"type": kind, **started}}}


def test_an_empty_start_is_reported_as_nothing() -> None:
    assert initial_values(form({"type": "plain_text_input", "initial_value": ""}))["b"]["a"]["value"] is None


def test_a_time_carries_its_zone() -> None:
    held = initial_values(
        form({"type": "timepicker", "initial_time": "10:00", "timezone": "America/Chicago"})
    )
    assert held["b"]["a"] == {"type": "timepicker", "selected_time": "10:00", "timezone": "America/Chicago"}


def test_mrkdwn_options_are_reported_with_their_default() -> None:
    choice = {"text": mrkdwn("*A*"), "value": "a", "description": plain("Why")}
    held = initial_values(form({"type": "radio_buttons", "options": [choice], "initial_option": choice}))
    assert held["b"]["a"]["selected_option"] == {
        "text": {"type": "mrkdwn", "text": "*A*", "verbatim": False},
        "value": "a",
        "description": {"type": "plain_text", "text": "Why", "emoji": True},
    }


def test_menus_outside_inputs_hold_values_and_buttons_do_not() -> None:
    view = kit.home(
        actions(
            button(),
            {"type": "datepicker", "action_id": "day"},
            {**kit.ELEMENTS["overflow"], "action_id": "more"},
        ),
        section(block_id="s", accessory={**kit.ELEMENTS["users_select"], "action_id": "who"}),
    )
    view["blocks"][0]["block_id"] = "row"
    assert initial_values(view) == {
        "row": {"day": {"type": "datepicker", "selected_date": None}},
        "s": {"who": {"type": "users_select", "selected_user": None}},
    }


def test_missing_ids_are_given_and_given_ids_stay() -> None:
    view = kit.modal(
        {"type": "input", "label": plain(), "element": {"type": "plain_text_input"}},
        asks({"type": "datepicker"}),
        section(accessory=kit.image()),
        actions({"type": "button", "text": plain()}, button()),
    )
    before = copy.deepcopy(view)
    stored = with_ids(view, counting())
    assert view == before
    first, second, third, fourth = stored["blocks"]
    assert (first["block_id"], first["element"]["action_id"]) == ("id1", "id2")
    assert (second["block_id"], second["element"]["action_id"]) == ("b", "a")
    assert third["block_id"] == "id3"
    assert "action_id" not in third["accessory"]
    assert [fourth["block_id"], *(one["action_id"] for one in fourth["elements"])] == ["id4", "id5", "take"]


def value(held: Any) -> dict[str, dict[str, Json]]:
    return {"b": {"a": held}}


TYPED = {"type": "plain_text_input", "value": "Naloxone"}
INPUT = {"type": "plain_text_input"}


def test_what_was_typed_stays_through_an_update_whatever_the_new_start() -> None:
    old, new = form(INPUT), form({**INPUT, "initial_value": "Other"})
    assert carry_values(old, value(TYPED), new) == value(TYPED)


def test_an_emptied_field_stays_empty_under_a_new_start() -> None:
    """Slack does not look at a new initial value for a field it already holds."""
    old, new = form(INPUT), form({**INPUT, "initial_value": "Other"})
    assert carry_values(old, initial_values(old), new)["b"]["a"]["value"] is None


@for_each(
    "new",
    [
        form({**INPUT, "action_id": "other"}),
        form(INPUT, block_id="other"),
        form({"type": "email_text_input"}),
        form({"type": "static_select", **BOTH}),
    ],
    ids=["another action id", "another block id", "another kind", "a menu"],
)
def test_a_field_under_another_name_or_kind_starts_anew(new: Json) -> None:
    assert carry_values(form(INPUT), value(TYPED), new) == initial_values(new)


def test_a_choice_stays_while_it_is_offered() -> None:
    chosen = value({"type": "static_select", "selected_option": FULL_A})
    old = form({"type": "static_select", **BOTH})
    assert carry_values(old, chosen, form({"type": "static_select", "options": [A]})) == chosen
    gone = form({"type": "static_select", "options": [B], "initial_option": B})
    assert carry_values(old, chosen, gone) == initial_values(gone)


def test_a_menu_left_empty_stays_empty() -> None:
    old = form({"type": "static_select", **BOTH})
    new = form({"type": "static_select", **BOTH, "initial_option": A})
    assert carry_values(old, initial_values(old), new) == initial_values(old)


def test_choices_from_outside_stay_without_being_offered() -> None:
    chosen = value({"type": "multi_external_select", "selected_options": [FULL_A]})
    view = form({"type": "multi_external_select"})
    assert carry_values(view, chosen, view) == chosen


def test_carried_values_are_a_copy() -> None:
    held = value({"type": "multi_users_select", "selected_users": ["U1A"]})
    view = form({"type": "multi_users_select"})
    carried = carry_values(view, held, view)
    carried["b"]["a"]["selected_users"].append("U2B")
    assert held["b"]["a"]["selected_users"] == ["U1A"]


@for_each(("kind", "empty", "start", "started"), HELD_BY, ids=[row[0] for row in HELD_BY])
def test_a_required_field_must_be_filled_and_an_optional_one_need_not(
    kind: str, empty: Json, start: Json, started: Json
) -> None:
    view = form({**kit.ELEMENTS[kind], **start})
    optional = form({**kit.ELEMENTS[kind], **start}, optional=True)
    nothing = value({"type": kind, **empty})
    assert check_form(view, nothing) == {"b": "Please complete this required field."}
    assert check_form(optional, nothing) == {}
    if start:
        assert check_form(view, value({"type": kind, **started})) == {}


def test_what_a_field_starts_with_counts_when_it_was_never_touched() -> None:
    assert check_form(form({**INPUT, "initial_value": "Hi"}), {}) == {}
    assert check_form(form(INPUT), {})


# element, what was typed or chosen, whether it may be sent
SENT: list[tuple[Json, Json, bool]] = [
    ({**INPUT, "min_length": 3}, {"value": "ab"}, False),
    ({**INPUT, "min_length": 3}, {"value": "abc"}, True),
    ({**INPUT, "max_length": 3}, {"value": "abc"}, True),
    ({**INPUT, "max_length": 3}, {"value": "abcd"}, False),
    (INPUT, {"value": "x" * 3000}, True),
    (INPUT, {"value": "x" * 3001}, False),
    (INPUT, {"value": "😀" * 1501}, False),
    (INPUT, {"value": " "}, True),
    ({"type": "email_text_input"}, {"value": "kim@example.org"}, True),
    ({"type": "email_text_input"}, {"value": "kim.lee+ta@mail.example.org"}, True),
    ({"type": "email_text_input"}, {"value": "kim@example"}, False),
    ({"type": "email_text_input"}, {"value": "kim example.org"}, False),
    ({"type": "email_text_input"}, {"value": "kim@@example.org"}, False),
    ({"type": "url_text_input"}, {"value": "https://example.org/a?b=c"}, True),
    ({"type": "url_text_input"}, {"value": "example.org"}, False),
    ({"type": "url_text_input"}, {"value": "https://exam ple.org"}, False),
    ({"type": "url_text_input"}, {"value": "javascript:alert(1)"}, False),
    ({"type": "number_input", "is_decimal_allowed": False}, {"value": "12"}, True),
    ({"type": "number_input", "is_decimal_allowed": False}, {"value": "-3"}, True),
    ({"type": "number_input", "is_decimal_allowed": False}, {"value": "1.5"}, False),
    ({"type": "number_input", "is_decimal_allowed": True}, {"value": "1.5"}, True),
    ({"type": "number_input", "is_decimal_allowed": True}, {"value": "many"}, False),
    ({"type": "number_input", "is_decimal_allowed": True}, {"value": "nan"}, False),
    ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, {"value": "1.9"}, False),
    ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, {"value": "2"}, True),
    ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, {"value": "2"}, True),
    ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, {"value": "2.1"}, False),
    ({"type": "multi_users_select", "max_selected_items": 2}, {"selected_users": ["U1A", "U2B"]}, True),
    ({"type": "multi_users_select", "max_selected_items": 1}, {"selected_users": ["U1A", "U2B"]}, False),
    ({"type": "multi_users_select"}, {"selected_users": ["U1A"] * 200}, True),
    ({"type": "file_input"}, {"files": ["F"] * 10}, True),
    ({"type": "file_input"}, {"files": ["F"] * 11}, False),
    ({"type": "file_input", "max_files": 1}, {"files": ["F"] * 2}, False),
    ({"type": "rich_text_input"}, {"rich_text_value": kit.rich()}, False),
    ({"type": "rich_text_input"}, {"rich_text_value": kit.rich_words("")}, False),
    ({"type": "rich_text_input"}, {"rich_text_value": kit.rich_words("x")}, True),
    ({"type": "rich_text_input"}, {"rich_text_value": kit.rich({"type": "emoji", "name": "wave"})}, True),
]


@for_each(("element", "held", "fine"), SENT)
def test_slack_checks_a_form_before_it_is_sent(element: Json, held: Json, fine: bool) -> None:
    errors = check_form(form(element), value({"type": element["type"], **held}))
    assert (errors == {}) == fine
    assert set(errors) <= {"b"}


def test_bounds_hold_for_optional_fields_that_are_filled() -> None:
    assert check_form(
        form({**INPUT, "min_length": 3}, optional=True), value({"type": INPUT["type"], "value": "ab"})
    )


def test_menus_outside_inputs_are_never_required() -> None:
    assert check_form(kit.modal(actions({"type": "datepicker", "action_id": "day"})), {}) == {}
