"""What holds inside single elements: what they start with, their bounds, rich text."""

from __future__ import annotations

from copbot.sandbox.blocks import check_blocks
from tests.rows import for_each
from tests.sandbox import kit
from tests.sandbox.kit import Json, actions, asks, mrkdwn, option, plain, rich

TWO = {"options": [option("a", "A"), option("b", "B")]}
GROUPED = {
    "option_groups": [
        {"label": plain("One"), "options": [option("a", "A")]},
        {"label": plain("Two"), "options": [option("b", "B")]},
    ]
}


def starts(kind: str, **more: object) -> Json:
    return {"type": kind, **more}


FINE: list[tuple[str, Json]] = [
    ("an option", starts("static_select", **TWO, initial_option=option("b", "B"))),
    ("an option of a group", starts("static_select", **GROUPED, initial_option=option("b", "B"))),
    ("several options", starts("multi_static_select", **TWO, initial_options=TWO["options"])),
    ("several of groups", starts("multi_static_select", **GROUPED, initial_options=TWO["options"])),
    ("checked", starts("checkboxes", **TWO, initial_options=[option("a", "A")])),
    ("a radio button", starts("radio_buttons", **TWO, initial_option=option("a", "A"))),
    (
        "options spelled out",
        starts("static_select", **TWO, initial_option={"value": "a", "text": {**plain("A"), "emoji": True}}),
    ),
    ("an option from outside", starts("external_select", initial_option=option(), min_query_length=0)),
    (
        "options from outside",
        starts("multi_external_select", initial_options=[option()], max_selected_items=3),
    ),
    ("a person", starts("users_select", initial_user="U0KIM")),
    ("people", starts("multi_users_select", initial_users=["U0KIM", "W0ADA"])),
    ("no people yet", starts("multi_users_select", initial_users=[])),
    ("a channel", starts("channels_select", initial_channel="C0GEN", response_url_enabled=True)),
    ("a conversation", starts("conversations_select", initial_conversation="D0KIM")),
    ("this conversation", starts("conversations_select", default_to_current_conversation=True)),
    ("filtered", starts("conversations_select", filter={"include": ["public"], "exclude_bot_users": True})),
    ("a day", starts("datepicker", initial_date="2024-02-29")),
    ("a time", starts("timepicker", initial_time="23:59", timezone="America/Chicago")),
    ("a moment", starts("datetimepicker", initial_date_time=1_700_000_000)),
    (
        "words",
        starts("plain_text_input", initial_value="Hello", min_length=0, max_length=3000, multiline=True),
    ),
    ("no words", starts("plain_text_input", initial_value="")),
    ("equal bounds", starts("plain_text_input", min_length=5, max_length=5)),
    (
        "a whole number",
        starts("number_input", is_decimal_allowed=False, initial_value="5", min_value="1", max_value="9"),
    ),
    ("a decimal", starts("number_input", is_decimal_allowed=True, initial_value="-0.5", min_value="-1")),
    ("mail", starts("email_text_input", initial_value="kim@example.org")),
    ("a page", starts("url_text_input", initial_value="https://example.org")),
    ("files", starts("file_input", filetypes=["pdf"], max_files=10)),
    ("rich text", starts("rich_text_input", initial_value=kit.rich_words(), min_lines=1, max_lines=100)),
    (
        "keys that send",
        starts(
            "plain_text_input",
            dispatch_action_config={"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]},
        ),
    ),
]


@for_each("element", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_an_input_may_start_with(element: Json) -> None:
    assert check_blocks([asks(element)], "modal") == []


FAULTY: list[tuple[str, Json, str]] = [
    ("not offered", starts("static_select", **TWO, initial_option=option("c", "C")), "/initial_option"),
    (
        "offered under other words",
        starts("static_select", **TWO, initial_option=option("a", "Z")),
        "/initial_option",
    ),
    (
        "one not offered",
        starts("multi_static_select", **TWO, initial_options=[option("a", "A"), option("c", "C")]),
        "/initial_options/1",
    ),
    ("nothing chosen, said so", starts("multi_static_select", **TWO, initial_options=[]), "/initial_options"),
    ("no check, said so", starts("checkboxes", **TWO, initial_options=[]), "/initial_options"),
    (
        "a check not offered",
        starts("checkboxes", **TWO, initial_options=[option("c", "C")]),
        "/initial_options/0",
    ),
    (
        "a button not offered",
        starts("radio_buttons", **TWO, initial_option=option("c", "C")),
        "/initial_option",
    ),
    ("many in a single menu", starts("static_select", **TWO, initial_options=TWO["options"]), ""),
    ("none to be chosen", starts("multi_users_select", max_selected_items=0), "/max_selected_items"),
    ("a single menu bounded", starts("static_select", **TWO, max_selected_items=1), ""),
    ("a name for a person", starts("users_select", initial_user="kim"), "/initial_user"),
    ("a person for a channel", starts("channels_select", initial_channel="U0KIM"), "/initial_channel"),
    ("an empty filter", starts("conversations_select", filter={}), "/filter"),
    ("a filter of nothing", starts("conversations_select", filter={"include": []}), "/filter/include"),
    (
        "a filter of threads",
        starts("conversations_select", filter={"include": ["thread"]}),
        "/filter/include/0",
    ),
    ("a day that is none", starts("datepicker", initial_date="2023-02-29"), "/initial_date"),
    ("a short day", starts("datepicker", initial_date="2023-2-1"), "/initial_date"),
    ("a compact day", starts("datepicker", initial_date="20230201"), "/initial_date"),
    ("a late hour", starts("timepicker", initial_time="24:00"), "/initial_time"),
    ("seconds", starts("timepicker", initial_time="10:00:00"), "/initial_time"),
    ("a zone that is none", starts("timepicker", timezone="Central"), "/timezone"),
    ("milliseconds", starts("datetimepicker", initial_date_time=1_700_000_000_000), "/initial_date_time"),
    ("a moment as words", starts("datetimepicker", initial_date_time="1700000000"), "/initial_date_time"),
    ("a long start", starts("plain_text_input", initial_value="x" * 3001), "/initial_value"),
    (
        "a start over the bound",
        starts("plain_text_input", initial_value="abc", max_length=2),
        "/initial_value",
    ),
    ("crossed bounds", starts("plain_text_input", min_length=3, max_length=2), ""),
    ("a bound over 3000", starts("plain_text_input", max_length=3001), "/max_length"),
    ("no length", starts("plain_text_input", max_length=0), "/max_length"),
    ("a negative length", starts("plain_text_input", min_length=-1), "/min_length"),
    ("bounds as words", starts("plain_text_input", max_length="20"), "/max_length"),
    ("no word on decimals", starts("number_input"), ""),
    ("a bound as a number", starts("number_input", is_decimal_allowed=True, min_value=1), "/min_value"),
    ("a bound that is none", starts("number_input", is_decimal_allowed=True, min_value="one"), "/min_value"),
    ("crossed numbers", starts("number_input", is_decimal_allowed=True, min_value="2", max_value="1"), ""),
    (
        "a decimal start",
        starts("number_input", is_decimal_allowed=False, initial_value="1.5"),
        "/initial_value",
    ),
    (
        "a start too small",
        starts("number_input", is_decimal_allowed=True, initial_value="0", min_value="1"),
        "/initial_value",
    ),
    ("too many files", starts("file_input", max_files=11), "/max_files"),
    ("no files", starts("file_input", max_files=0), "/max_files"),
    ("rich text as words", starts("rich_text_input", initial_value="x"), "/initial_value"),
    ("too many lines", starts("rich_text_input", max_lines=101), "/max_lines"),
    ("crossed lines", starts("rich_text_input", min_lines=9, max_lines=8), ""),
    (
        "no keys",
        starts("plain_text_input", dispatch_action_config={"trigger_actions_on": []}),
        "/trigger_actions_on",
    ),
    (
        "an unknown key",
        starts("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
        "/trigger_actions_on/0",
    ),
    ("a confirm on typing", starts("plain_text_input", confirm={"text": plain()}), ""),
    ("a negative query", starts("external_select", min_query_length=-1), "/min_query_length"),
]


@for_each(("element", "at"), [row[1:] for row in FAULTY], ids=[row[0] for row in FAULTY])
def test_an_input_may_not_start_with(element: Json, at: str) -> None:
    problems = check_blocks([asks(element)], "modal")
    assert problems
    assert any(problem.endswith(f"{at}]") for problem in problems), problems


RUNS: list[Json] = [
    {"type": "text", "text": "x", "style": {"bold": True, "italic": True, "strike": True, "code": True}},
    {"type": "link", "url": "https://example.org", "text": "there", "unsafe": True},
    {"type": "link", "url": "mailto:kim@example.org"},
    {"type": "user", "user_id": "U1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "team", "team_id": "T1"},
    {"type": "broadcast", "range": "here"},
    {"type": "emoji", "name": "wave", "unicode": "1f44b"},
    {"type": "color", "value": "#112233"},
    {"type": "date", "timestamp": 1_700_000_000, "format": "{date}", "fallback": "then"},
]


@for_each("run", RUNS, ids=[run["type"] + str(len(run)) for run in RUNS])
def test_rich_text_runs_are_taken(run: Json) -> None:
    assert check_blocks([rich(run)], "message") == []
    assert check_blocks([rich({**run, "weight": 1})], "message")
    assert check_blocks([rich({**run, "style": {"blink": True}})], "message")


WORDS = {"type": "text", "text": "x"}
LINE = {"type": "rich_text_section", "elements": [WORDS]}
PARTS: list[tuple[str, Json, bool]] = [
    ("section", LINE, True),
    ("empty section", {"type": "rich_text_section", "elements": []}, True),
    ("quote", {"type": "rich_text_quote", "elements": [WORDS], "border": 1}, True),
    ("code", {"type": "rich_text_preformatted", "elements": [WORDS], "border": 0}, True),
    (
        "list",
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "offset": 2, "elements": [LINE]},
        True,
    ),
    (
        "code with a person",
        {"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]},
        False,
    ),
    ("list without style", {"type": "rich_text_list", "elements": [LINE]}, False),
    ("list of runs", {"type": "rich_text_list", "style": "bullet", "elements": [WORDS]}, False),
    ("list in a new style", {"type": "rich_text_list", "style": "roman", "elements": [LINE]}, False),
    ("section in a section", {"type": "rich_text_section", "elements": [LINE]}, False),
    ("empty words", {"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}, False),
    ("thick border", {"type": "rich_text_quote", "elements": [WORDS], "border": 2}, False),
    ("a run on its own", WORDS, False),
    ("mrkdwn inside", {"type": "rich_text_section", "elements": [mrkdwn()]}, False),
    (
        "everyone at once",
        {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "all"}]},
        False,
    ),
]


@for_each(("part", "fine"), [row[1:] for row in PARTS], ids=[row[0] for row in PARTS])
def test_rich_text_is_judged_by_its_structure(part: Json, fine: bool) -> None:
    problems = check_blocks([{"type": "rich_text", "elements": [part]}], "message")
    assert (problems == []) == fine, problems


def test_a_pointer_leads_to_the_wrong_run() -> None:
    assert check_blocks([actions(kit.button()), rich(WORDS, {"type": "text"})], "message") == [
        "missing required field: text [json-pointer:/blocks/1/elements/0/elements/1]"
    ]
