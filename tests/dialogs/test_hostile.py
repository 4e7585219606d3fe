"""Texts that could do harm, in every field there is: shown as typed, pinging nobody, never refused by Slack."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copbot.slack.text import clean
from tests.dialogs.kit import Talk
from tests.rows import for_each
from tests.waiting import eventually

HOSTILE = {
    "channel": "<!channel> <!here> <!everyone>",
    "at here": "@here @channel @everyone",
    "somebody": "<@U000000004> and <@U000000005|ravi>",
    "a link": "<http://a.example|b> https://evil.example/?a=1&b=2",
    "entities": "&lt;b&gt; &amp;amp; &lt;!channel&gt; <b>bold</b>",
    "backticks": "```code``` `x` *bold* _it_ ~no~ > quoted",
    "long words": ("w" * 200 + " ") * 5,
    "emoji only": "😀👩🏽‍⚕️🇺🇸",
    "right to left": "שלום مرحبا \u202eabc\u202c",
    "nul and zero width": "a\x00b\u200bc\u200d\ufeffd",
    "two thousand": "z" * 1999 + "!",
    "date token": "<!date^0^{date}|x> <!subteam^S123|team>",
    "emoji code": ":tada: :white_check_mark:",
    "lines": "one\r\ntwo\n\n\nthree",
    "quotes": '\'; DROP TABLE requests; -- "quoted" {json: true} %s {0}',
}
FEW = ("channel", "a link", "nul and zero width", "lines", "two thousand")
NAMES = [pytest.param(name, marks=[] if name in FEW else [pytest.mark.prove]) for name in HOSTILE]
"""A few of them in `make test`, for each is a whole dialog; the others in `make prove`."""


def shown(text: str) -> str:
    """As it is to be read: what no database keeps is gone, all else is there."""
    return clean(text).strip()


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_text_is_read_as_typed_wherever_it_appears_inv6(talk: Talk, name: str) -> None:
    text = HOSTILE[name]
    want = shown(text)
    kim, ravi, mei = map(talk.person, ("kim", "ravi", "mei"))
    number = talk.asks("kim", need=text)
    talk.notice(number, "New").says(want)
    kim.sees(f"{number} ·", in_="dm").says(want)
    assert want in kim.types(f"/ta status {number}").told(number)
    assert want in ravi.types(f"/ta status {number}").told(number)

    kim.clicks("Add details", in_="dm", text=number)
    kim.modal(text="What would you like to add?")
    assert kim.fills(text=text).submits().updated
    kim.shut()
    ravi.presses("Take", number)
    talk.notice(number, "Taken")

    ravi.presses("Ask", number)
    ravi.modal(text="Your question")
    assert ravi.fills(question=text).submits().closed
    kim.sees("has a question about your request " + number, in_="dm").says(want)
    talk.notice(
        number, "Waiting for the requester"
    )  # until it is drawn again its buttons are an older state's

    ravi.presses("Hand over", number)
    ravi.modal(text="Hand over to")
    assert ravi.fills(to="Mei Brook", why=text).submits().closed
    mei.sees(f"handed {number} over", in_="dm").says(want)
    eventually(lambda: "with Mei Brook" in talk.notice(number).text(), "the notice to name Mei")

    mei.presses("Close", number)
    mei.modal(text="Why?")
    mei.fills(reason="no_capacity")
    mei.modal(text="Who can help instead?")
    assert mei.fills(words=text, referral=text).submits().closed
    talk.notice(number, "Closed")
    talk.goes_on_until_told()
    kim.sees(f"has closed your request {number}", in_="dm").says(want)
    assert talk.pings() == set()
    talk.checked()


@for_each("name", HOSTILE)
def test_a_hostile_text_after_the_command_stands_in_the_box_as_typed(talk: Talk, name: str) -> None:
    text = " ".join(HOSTILE[name].split())
    kim = talk.person("kim")
    kim.shut()
    kim.types(f"/ta {text}", channel="general")
    held = str(kim.modal(text="What do you need?").values()["need"].get("value") or "")
    if name in ("channel", "somebody", "a link", "date token", "entities"):
        assert held  # Slack's own signs are read as what they stand for
    else:
        assert held == shown(text)
    talk.checked()


@pytest.mark.parametrize(
    "name", [each for each in NAMES if each.values[0] not in ("two thousand", "long words")]
)
def test_a_hostile_agency_and_reason_are_read_as_typed(talk: Talk, name: str) -> None:
    text = HOSTILE[name]
    kim = talk.opens("kim")
    kim.fills({"agency": {"type": "new one", "pick": "Add “new one”"}})
    kim.modal(text="Name of your agency")
    kim.fills({"by_when": "urgent"})
    kim.modal(text="Why is it urgent?")
    kim.fills(
        agency_name=f"Org {text}"[:110], urgent_reason=text, topics=["housing"], need="x y", areas=["wi-dane"]
    )
    sent = kim.submits()
    assert sent.updated, sent
    number = kim.modal(text="TA-").text().split()[2]
    kim.shut()
    notice = talk.notice(number)
    for part in shown(text).split("\n"):
        assert part.strip() in notice.text()
    assert talk.pings() == set()
    kim.opens_home(again=True)


def test_a_person_with_a_hostile_name_is_shown_as_called(own_talk: Talk) -> None:
    own_talk.ws.admin.rename_person("kim", "<!channel> & <http://a|b>")
    number = own_talk.asks("kim")
    called = "<!channel> & <http://a|b>"
    eventually(lambda: called in own_talk.notice(number).text(), "the notice to call Kim by the new name")
    own_talk.person("ravi").presses("Take", number)
    own_talk.person("ravi").presses("Ask", number)
    own_talk.person("ravi").modal(text="<!channel> & <http://a|b> gets this")
    assert own_talk.pings() == set()
    own_talk.ws.admin.rename_person("kim", "Kim Newname")
    eventually(
        lambda: "Kim Newname" in own_talk.notice(number).text(), "the notice to call Kim by the new name"
    )


def test_fifteen_hundred_emoji_are_kept_whole(talk: Talk) -> None:
    """Slack counts an emoji as two: three thousand in the box, and more than the two thousand we keep."""
    kim = talk.fills("kim", need="😀" * 1500)
    assert kim.submits().errors == {"need": "This is 1,000 characters too long. At most 2,000 fit."}
    assert kim.fills(need="😀" * 1000).submits().updated
    number = kim.modal(text="TA-").text().split()[2]
    kim.shut()
    talk.notice(number).says("😀" * 1000)


WORDS = st.text(
    st.one_of(st.sampled_from("<>&@!#|`*_~:\"'\\\n\t\u200b\u202e\x00😀é"), st.characters(codec="utf-8")),
    min_size=1,
    max_size=120,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=WORDS)
def test_any_text_at_all_is_taken_or_sent_back_with_a_sentence_inv6_inv12(talk: Talk, text: str) -> None:
    kim = talk.fills("kim", need=text)
    sent = kim.submits()
    if not sent.updated:
        assert set(sent.errors) == {"need"}
        kim.shut()
        return
    number = kim.modal(text="TA-").text().split()[2]
    kim.shut()
    assert shown(text) in talk.notice(number).text()
    assert talk.pings(newest=100) == set()
    talk.checked()
