"""Whatever is put into the block helpers, Slack takes what comes out (invariants 6 and 12)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.sandbox.blocks import check_blocks
from copbot.sandbox.messages import check_message
from copbot.sandbox.text import message_pings
from copbot.sandbox.views import check_view
from copbot.slack import blocks as b
from copbot.slack.fitting import MESSAGE_TEXT
from tests.slack.test_text import HOSTILE

LONG = "w" * 4000


def everything(text: str) -> list[dict[str, Any]]:
    """One of each block, with the same text wherever text may stand."""
    choice = b.option(text, "v", text)
    return [
        b.section(
            b.escape(text), accessory=b.button(text, "press", "1:2", confirm=b.confirm(text, text, text))
        ),
        b.header(text),
        b.context(b.escape(text), b.escape(text)),
        b.divider(),
        b.typed(text, block_id="words"),
        b.words(text),
        b.summary(b.escape(text), text, "here"),
        b.particulars({"One": text, "Two": "here"}),
        b.actions(
            [b.button(text, "go", "1:2", style="primary"), b.link(text, "https://example.org", "link")]
        ),
        b.field("one", text, b.select("one", options=[choice], chosen=["v"], placeholder=text), hint=text),
        b.field("many", text, b.select("many", groups=[b.group(text, [choice])], chosen=["v"], many=3)),
        b.field("find", text, b.search_select("find", chosen=choice, placeholder=text), dispatch=True),
        b.field("text", text, b.text_input("text", first=text, long=True, placeholder=text), optional=True),
    ]


@pytest.mark.parametrize("text", [*HOSTILE, "", LONG, "😀" * 2000, "&" * 2999, "\x00", "\u200b"])
def test_a_form_of_every_block_is_taken_with_any_text_inv12(text: str) -> None:
    view = b.form("made", text, everything(text), submit=text or "Send", meta={"request": 1})
    assert check_view(view, kind="modal") is None


@given(st.text(max_size=200))
def test_any_text_fits_everywhere_and_pings_nobody_inv6_inv12(text: str) -> None:
    blocks = [block for block in everything(text) if block["type"] != "input"]
    assert check_blocks(blocks, "message") == []
    message = b.message(text, blocks)
    posted = {"channel": "C1", "text": message.text, "blocks": list(message.blocks)}
    assert check_message(posted) is None
    assert message_pings(posted) == set()


OF_A_MESSAGE = [n for n, block in enumerate(everything("x")) if block["type"] != "input"]


PARTS = st.tuples(st.sampled_from(OF_A_MESSAGE), st.text(min_size=1, max_size=20), st.integers(1, 900))


@given(st.lists(PARTS, max_size=60), st.booleans())
def test_however_much_is_put_together_slack_takes_the_message_inv12(
    parts: list[tuple[int, str, int]], way: bool
) -> None:
    blocks = [
        {**everything((text * times)[:5000])[n], **({"block_id": f"b{at}"} if n == 4 else {})}
        for at, (n, text, times) in enumerate(parts)
    ]
    see = b.button("See the request", "see", "1") if way else None
    message = b.message("about it", blocks, see=see)
    assert check_message({"channel": "C1", "text": message.text, "blocks": list(message.blocks)}) is None
    if sum(map(len, str(blocks))) < MESSAGE_TEXT and len(blocks) <= 50:
        assert list(message.blocks) == blocks


def test_the_oldest_words_are_shortened_first_and_the_way_to_all_of_them_is_named() -> None:
    words = [chr(97 + n) * 2900 for n in range(6)]
    see = b.button("See the request", "see", "1")
    made = b.message("about it", [b.section("Ours."), *map(b.typed, words)], see=see)
    quotes = [block["elements"][0]["elements"][0]["text"] for block in made.blocks[1:7]]
    assert [len(quote) < 2900 for quote in quotes] == [True, True, True, False, False, False]
    assert quotes[0].startswith("aaa")
    assert quotes[0].endswith("… See the request")
    assert quotes[3:] == words[3:]
    assert made.blocks[0] == b.section("Ours.")
    assert made.blocks[-1] == b.actions([see])


def test_a_cut_sentence_of_ours_ends_before_half_an_entity_or_half_a_date() -> None:
    dates = "<!date^1795450000^{date}|Mon>" * 100
    for text in (dates, "&amp;" * 500):
        made = b.message("about it", [b.section(text[:2900])] * 6)
        for block in made.blocks:
            shown = block["text"]["text"].removesuffix("…")
            assert shown.count("<") == shown.count(">")
            assert shown.count("&") == shown.count(";")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_any_block_pings_nobody_inv6(text: str) -> None:
    blocks = [block for block in everything(text) if block["type"] != "input"]
    message = b.message(text, blocks)
    assert message_pings({"text": message.text, "blocks": list(message.blocks)}) == set()


def test_more_blocks_than_slack_takes_are_left_out() -> None:
    many = [b.divider()] * 120
    assert len(b.message("x", many).blocks) == 50
    assert len(b.form("f", "t", many)["blocks"]) == 100
    assert len(b.home(many)["blocks"]) == 100
    assert check_view(b.home(many), kind="home") is None


def test_a_sentence_is_shown_as_it_is() -> None:
    said = b.say("5 < 6 & *so on*")
    assert said.text == "5 &lt; 6 &amp; *so on*"
    assert said.blocks[0]["text"] == {"type": "plain_text", "text": "5 < 6 & *so on*", "emoji": False}
