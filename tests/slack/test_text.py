"""Text on its way in and out: shown as typed, within limits, never markup (invariant 6)."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from copbot.sandbox.text import pings
from copbot.slack.text import (
    clean,
    cut,
    escape,
    incoming_text,
    size,
    spoken,
    text_of_message,
    unformatted,
    when,
)
from tests.rows import for_each

HOSTILE = [
    "<!channel> hello",
    "@here and @everyone",
    "<@U123> <@U123|kim>",
    "<http://evil.example|http://bank.example>",
    "&lt;script&gt;",
    "`code` ```more```",
    "x" * 200,
    "😀" * 50,
    "שלום עולם",
    "a\u200bb\u200dc",
    "<!subteam^S1|@staff>",
    "#general",
    "*bold* _it_ ~gone~",
]


def test_a_name_in_a_sentence_formats_nothing_inv6() -> None:
    assert unformatted("*Bo* _the_ ~old~ `one` <!here>") == "∗Bo∗ ˍtheˍ ∼old∼ ˋoneˋ &lt;!here&gt;"


@for_each(
    ("typed", "read"),
    [
        ("plain words", "plain words"),
        ("<@U012|kim> says hi", "@kim says hi"),
        ("<@U012>", "@U012"),
        ("<#C1|general>", "#general"),
        ("<#C1|>", "#C1"),
        ("<#C1>", "#C1"),
        ("<https://example.org>", "https://example.org"),
        ("<https://example.org|example.org>", "example.org (https://example.org)"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("<!here> now", "@here now"),
        ("<!subteam^S1|@staff>", "@staff"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("a < b and c > d", "a < b and c > d"),
        ("two\r\nlines", "two\nlines"),
        ("nul\x00 and \ud800 gone", "nul and  gone"),
        ("  edges  ", "edges"),
        ("", ""),
    ],
)
def test_what_was_typed_is_read_whether_slack_escaped_it_or_not(typed: str, read: str) -> None:
    assert incoming_text(typed) == read


@for_each("text", HOSTILE)
def test_escaped_text_pings_nobody_inv6(text: str) -> None:
    assert pings(escape(text), mrkdwn=True, verbatim=True) == set()


@given(st.text())
def test_any_escaped_text_pings_nobody_and_reads_as_typed_inv6(text: str) -> None:
    assert pings(escape(text), mrkdwn=True, verbatim=True) == set()
    back = escape(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert back == clean(text)


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_cut_text_fits_and_keeps_its_beginning(text: str, most: int) -> None:
    short = cut(text, most)
    assert size(short) <= most
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(st.text())
def test_clean_text_holds_nothing_a_database_refuses(text: str) -> None:
    kept = clean(text)
    assert "\x00" not in kept
    kept.encode("utf-8")
    assert clean(kept) == kept


def test_a_message_of_blocks_only_still_has_words() -> None:
    rich = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "We need "},
                    {"type": "text", "text": "test strips", "style": {"bold": True}},
                    {"type": "link", "url": "https://example.org/a"},
                ],
            },
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "Thanks"}]},
        ],
    }
    assert (
        text_of_message({"text": "", "blocks": [rich]}) == "We need test stripshttps://example.org/a\nThanks"
    )
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "a &amp; b"}}
    assert text_of_message({"blocks": [section]}) == "a & b"
    assert text_of_message({"text": "words win", "blocks": [section]}) == "words win"
    assert text_of_message({}) == ""


def test_a_moment_is_shown_in_each_readers_own_time_with_words_to_fall_back_on() -> None:
    moment = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert spoken(moment, "America/Chicago") == "Mon Nov 23, 12:00 PM CST"
    assert when(moment, "America/Chicago") == (
        "<!date^1795456800^{date_short_pretty} at {time}|Mon Nov 23, 12:00 PM CST>"
    )
