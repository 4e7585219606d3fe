"""Messages as Slack takes and refuses them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.sandbox.limits import length
from copbot.sandbox.messages import as_posted, check_answer, check_message
from tests.rows import for_each
from tests.sandbox import kit
from tests.sandbox.kit import Json, section


def x(count: int) -> str:
    return "x" * count


def error(args: Json, **how: bool) -> str | None:
    refusal = check_message(args, **how)
    return refusal.error if refusal else None


MARKDOWN = kit.BLOCKS["markdown"]
META = {"event_type": "row", "event_payload": {"uid": "1"}}

JUDGED: list[tuple[str, Json, str | None]] = [
    ("text", {"text": "Hello"}, None),
    ("blocks", {"blocks": [section()]}, None),
    ("both", {"text": "Hello", "blocks": [section()]}, None),
    ("markdown text", {"markdown_text": "# Hello"}, None),
    ("an attachment", {"attachments": [{"text": "Hello"}]}, None),
    ("blocks as JSON", {"blocks": json.dumps([section()])}, None),
    ("arguments sent empty", {"text": "x", "blocks": "", "attachments": " ", "metadata": ""}, None),
    ("nothing", {}, "no_text"),
    ("empty text", {"text": ""}, "no_text"),
    ("only spaces", {"text": " \n"}, "no_text"),
    ("empty blocks", {"blocks": [], "attachments": []}, "no_text"),
    ("null", {"text": None, "blocks": None}, "no_text"),
    ("text as a number", {"text": 5}, "invalid_arguments"),
    ("blocks as an object", {"blocks": section()}, "invalid_blocks_format"),
    ("blocks as broken JSON", {"blocks": "[{"}, "invalid_blocks_format"),
    ("blocks as a JSON object", {"blocks": json.dumps({"blocks": []})}, "invalid_blocks_format"),
    ("a wrong block", {"text": "x", "blocks": [section("")]}, "invalid_blocks"),
    ("a block Slack does not know", {"text": "x", "blocks": [{"type": "banner"}]}, "invalid_blocks"),
    ("51 blocks", {"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
    ("long text is cut, not refused", {"text": x(40_001)}, None),
    ("12,000 of markdown text", {"markdown_text": x(12_000)}, None),
    ("12,001 of markdown text", {"markdown_text": x(12_001)}, "msg_too_long"),
    ("markdown text and text", {"markdown_text": "x", "text": "x"}, "markdown_text_conflict"),
    ("markdown text and blocks", {"markdown_text": "x", "blocks": [section()]}, "markdown_text_conflict"),
    ("12,000 of markdown blocks", {"blocks": [{**MARKDOWN, "text": x(6000)}] * 2}, None),
    (
        "more markdown blocks",
        {"blocks": [{**MARKDOWN, "text": x(6000)}] * 2 + [MARKDOWN]},
        "msg_blocks_too_long",
    ),
    ("12,000 of sections", {"blocks": [section(x(3000))] * 4}, None),
    ("more sections", {"blocks": [section(x(3000))] * 4 + [section("x")]}, "msg_blocks_too_long"),
    (
        "tables are counted apart",
        {"blocks": [section(x(3000)), {"type": "table", "rows": [[kit.cell(x(10_000))]]}]},
        None,
    ),
    ("100 attachments", {"attachments": [{"text": "x"}] * 100}, None),
    ("101 attachments", {"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
    ("attachments as text", {"text": "x", "attachments": "none"}, "invalid_attachments"),
    ("an attachment as text", {"attachments": ["x"]}, "invalid_attachments"),
    ("a wrong block in an attachment", {"attachments": [{"blocks": [section("")]}]}, "invalid_attachments"),
    ("metadata", {"text": "x", "metadata": META}, None),
    ("metadata as JSON", {"text": "x", "metadata": json.dumps(META)}, None),
    ("work objects", {"text": "x", "metadata": {"entities": []}}, None),
    ("metadata as a list", {"text": "x", "metadata": [1]}, "invalid_metadata_format"),
    ("metadata as broken JSON", {"text": "x", "metadata": "{"}, "invalid_metadata_format"),
    ("metadata without a type", {"text": "x", "metadata": {"event_payload": {}}}, "invalid_metadata_schema"),
    (
        "metadata without a payload",
        {"text": "x", "metadata": {"event_type": "row"}},
        "invalid_metadata_schema",
    ),
    (
        "huge metadata",
        {"text": "x", "metadata": {**META, "event_payload": {"a": x(17_000)}}},
        "metadata_too_large",
    ),
]


@for_each(("args", "expected"), [row[1:] for row in JUDGED], ids=[row[0] for row in JUDGED])
def test_a_message_is_judged(args: Json, expected: str | None) -> None:
    assert error(args) == expected


def test_an_update_refuses_text_that_a_post_would_take() -> None:
    assert error({"text": x(4000)}, update=True) is None
    assert error({"text": x(4001)}, update=True) == "msg_too_long"
    assert error({"text": x(4001)}) is None
    assert error({"text": "😀" * 2001}, update=True) == "msg_too_long"


def test_an_ephemeral_message_is_refused_where_a_post_is_cut() -> None:
    assert error({"text": x(40_000)}, ephemeral=True) is None
    assert error({"text": x(40_001)}, ephemeral=True) == "msg_too_long"


def test_a_refusal_says_where() -> None:
    refusal = check_message({"attachments": [{"blocks": [section(), {"type": "banner"}]}]})
    assert refusal is not None
    assert refusal.messages == (
        "[ERROR] unsupported type: banner [json-pointer:/attachments/0/blocks/1/type]",
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": "x"}, None),
        ({"delete_original": True}, None),
        ({"replace_original": True, "text": "x"}, None),
        ({"replace_original": True}, "no_text"),
        ({"response_type": "in_channel", "blocks": [section()]}, None),
        ({"response_type": "everyone", "text": "x"}, "invalid_arguments"),
    ],
)
def test_answers_to_a_response_url(body: Json, expected: str | None) -> None:
    refusal = check_answer(body)
    assert (refusal.error if refusal else None) == expected


@given(st.text(alphabet="a😀é", max_size=4).map(lambda text: text * 12_000))
def test_a_posted_text_is_cut_at_forty_thousand_and_nowhere_else(text: str) -> None:
    posted = as_posted(text)
    assert text.startswith(posted)
    assert length(posted) <= 40_000
    assert posted == text or length(posted) >= 39_999


@given(
    st.dictionaries(
        st.sampled_from(["text", "blocks", "attachments", "metadata", "markdown_text"]),
        st.none() | st.text() | st.integers() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()),
    )
)
def test_any_message_is_judged_and_nothing_breaks(args: dict[str, Any]) -> None:
    check_message(args)
    check_message(args, update=True)


def test_metadata_is_measured_in_bytes_of_json() -> None:
    empty = len(json.dumps({**META, "event_payload": {"a": ""}}, separators=(",", ":")))

    def of(total: int) -> Json:
        return {"text": "x", "metadata": {**META, "event_payload": {"a": x(total - empty)}}}

    assert error(of(16_384)) is None
    assert error(of(16_385)) == "metadata_too_large"
