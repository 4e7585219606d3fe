"""One request from the first word to the last, as each of its people sees it; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.dialogs.kit import Talk
from tests.faults.kit import beside
from tests.waiting import PATIENCE, eventually


@pytest.mark.both_databases
def test_from_the_first_word_to_the_last(any_talk: Talk) -> None:
    talk = any_talk
    kim, mei = talk.person("kim"), talk.person("mei")
    number = talk.asks("kim", need="Forty kits for a festival.", agency="Lakeside Exchange")
    comes_in_and_is_taken(talk, number)
    is_asked_about(talk, number)
    goes_to_mei_and_is_done(talk, number)

    kim.clicks("Reopen", in_="dm", text="as done")
    kim.modal(text="What is still open?")
    assert kim.fills(why="Ten are still missing.").submits().closed
    mei.sees(f"Kim Alder reopened {number}", in_="dm")
    talk.notice(number, "In progress")

    mei.presses("Close", number)
    mei.modal(text="Why?")
    mei.fills(reason="no_capacity")
    mei.modal(text="Who can help instead?")
    assert set(mei.submits().errors) == {"words", "referral"}
    assert mei.fills(words="We have none left.", referral="The county's health department").submits().closed
    talk.notice(number, "Closed").says("by Mei Brook")
    talk.goes_on(timedelta(minutes=2))
    told = kim.sees(f"Mei Brook has closed your request {number}.", in_="dm")
    told.says("We have none left.", "Reason:", "The county's health department", "within 14 days")

    kim.types(f"/ta status {number}")
    page = kim.told("You reopened")
    for words in ("Forty kits", "The first of May.", "We have none left.", "Mei Brook closed", "Reopen"):
        assert words in page
    assert talk.pings() == set()


def comes_in_and_is_taken(talk: Talk, number: str) -> None:
    kim, ravi = talk.person("kim"), talk.person("ravi")
    kim.sees(f"{number} · Received", in_="dm").says("Forty kits for a festival.", "We'll reply here by")
    notice = talk.notice(number, "New")
    notice.says("Forty kits", "Naloxone", "Dane County", "Kim Alder, Lakeside Exchange", "unassigned")
    assert notice.buttons() == ["Take", "Reply", "Hand over", "Details", "Close"]

    ravi.presses("Take", number)
    kim.sees(f"Ravi Tallow has taken your request {number} and will get back to you.", in_="dm")
    assert talk.notice(number, "Taken").buttons() == [
        "Reply",
        "Done",
        "Log",
        "Details",
        "Ask",
        "Hand over",
        "Give back",
        "Close",
    ]


def is_asked_about(talk: Talk, number: str) -> None:
    kim, ravi = talk.person("kim"), talk.person("ravi")
    ravi.presses("Ask", number)
    ravi.modal(text="Kim Alder gets this as a direct message")
    assert ravi.fills(question="Which weekend?").submits().closed
    kim.sees("Which weekend?", in_="dm").says("Ravi Tallow has a question about your request")
    kim.sees(f"{number} · Waiting for your answer", in_="dm")

    kim.clicks("Answer", in_="dm", text="has a question")
    kim.modal(text="You were asked:")
    assert kim.fills(text="The first of May.").submits().updated
    kim.shut()
    ravi.sees(f"Kim Alder answered your question on {number}", in_="dm").says("The first of May.")
    talk.notice(number, "In progress").says("Kim Alder answered", "The first of May.")


def goes_to_mei_and_is_done(talk: Talk, number: str) -> None:
    kim, ravi, mei = map(talk.person, ("kim", "ravi", "mei"))
    ravi.presses("Hand over", number)
    assert ravi.modal(text="Hand over to").options("to") == ["Ada Fenn", "Mei Brook", "Tomas Quill"]
    assert ravi.fills(to="Mei Brook", why="She has the kits.").submits().closed
    mei.sees(f"Ravi Tallow handed {number} over to you.", in_="dm").says("She has the kits.", "Forty kits")
    kim.sees(f"Mei Brook is now working on your request {number}.", in_="dm")
    eventually(lambda: "with Mei Brook" in talk.notice(number).text(), "the notice to name Mei")

    mei.presses("Done", number)
    mei.modal(text="What did you give them?")
    assert mei.fills(given="Forty kits, sent by post.").submits().closed
    done = talk.notice(number, "Done")
    done.says("For Kim Alder:", "Forty kits, sent by post.")
    assert done.buttons() == ["Undo", "Reply", "Log", "Details"]
    talk.goes_on(timedelta(minutes=2))
    kim.sees("Mei Brook has marked your request", in_="dm").says(
        "Forty kits, sent by post.", "within 14 days"
    )
    kim.sees(f"{number} · Done", in_="dm")


@pytest.mark.both_databases
def test_two_staff_press_take_at_once_one_wins_and_the_other_is_told_who(any_talk: Talk) -> None:
    ravi, mei = any_talk.person("ravi"), any_talk.person("mei")
    number = any_talk.asks("kim")
    any_talk.notice(number, "New")
    with beside(lambda: mei.presses("Take", number)):
        ravi.presses("Take", number)
    winner = any_talk.notice(number, "Taken").text()
    lost, name = (mei, "Ravi Tallow") if "with Ravi Tallow" in winner else (ravi, "Mei Brook")
    assert lost.told(number) == f"{name} took {number} a moment ago."
    any_talk.person("kim").sees(f"{name} has taken your request {number}", in_="dm")
    assert len([m for m in any_talk.person("kim").dm() if "has taken your request" in m.text()]) == 1


def test_nobody_is_staff_yet_then_a_request_is_kept_and_sent_once_there_is_a_channel(any_talk: Talk) -> None:
    """The channel is archived behind the bot's back; administrators hear of it, requests wait."""
    any_talk.ws.admin.archive("ta-staff")
    any_talk.person("lou").sees("Staff can't get requests", in_="dm")
    kim = any_talk.fills("kim")
    assert kim.submits().updated
    kim.modal(text="Your request is safe, and administrators have been told")
    any_talk.ws.admin.unarchive("ta-staff")
    any_talk.ws.admin.invite_bot("ta-staff")
    any_talk.goes_on(timedelta(minutes=15))
    notice = any_talk.room().shows("TA-1001 · New", timeout=PATIENCE)
    assert len(notice) == 1
    any_talk.person("lou").sees("The staff channel works again", in_="dm")
