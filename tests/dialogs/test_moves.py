"""Every button and every form behind one: who may, what it says when they may not, and what a stale press does."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.dialogs.kit import Patient, Talk, sends_back
from tests.live import number_in


def details(talk: Talk, handle: str, number: str) -> Patient:
    """Somebody looks at a request's page."""
    person = talk.person(handle)
    person.types(f"/ta status {number}")
    person.told(number)
    return person


# -- taking, giving back, handing over


def test_giving_back_tells_the_requester_and_lets_anybody_take_it(talk: Talk) -> None:
    number = talk.taken("ravi")
    talk.person("ravi").presses("Give back", number)
    talk.notice(number, "Looked at").says("unassigned")
    talk.person("kim").sees(f"Your request {number} is back with the team.", in_="dm")
    talk.person("mei").presses("Take", number)
    talk.notice(number, "Taken").says("with Mei Brook")


def test_only_the_owner_or_a_lead_may_give_back_hand_over_or_finish(talk: Talk) -> None:
    number = talk.taken("ravi")
    mei = talk.person("mei")
    for button in ("Give back", "Hand over", "Done"):
        mei.presses(button, number)
        assert mei.told() == f"Only Ravi Tallow or a lead can do this with {number}."
        assert not mei.has_modal()


def test_a_request_nobody_has_can_be_given_to_somebody(talk: Talk) -> None:
    number = talk.asks("kim")
    ada, tomas = talk.person("ada"), talk.person("tomas")
    ada.presses("Hand over", number)
    ada.modal(text="Hand over to")
    assert ada.fills(to="Tomas Quill").submits().closed
    tomas.sees(f"Ada Fenn handed {number} over to you.", in_="dm")
    talk.notice(number, "Taken").says("with Tomas Quill")
    talk.person("kim").sees(f"Tomas Quill is now working on your request {number}.", in_="dm")


def test_a_hand_over_without_words_shows_none(talk: Talk) -> None:
    number = talk.taken("ravi")
    ravi = talk.person("ravi")
    ravi.presses("Hand over", number)
    ravi.modal(text="Hand over to")
    assert ravi.fills(to="Ada Fenn").submits().closed
    assert "says:" not in talk.person("ada").sees(f"handed {number} over", in_="dm").text()


def test_taking_from_the_page_shows_the_page_anew(talk: Talk) -> None:
    number = talk.asks("kim")
    ravi = details(talk, "ravi", number)
    ravi.clicks("Take", in_="", text=number)
    talk.notice(number, "Taken").says("with Ravi Tallow")


def test_taking_from_ones_own_list_is_answered_in_words(talk: Talk) -> None:
    number = talk.asks("kim")
    mei = talk.person("mei")
    mei.types(f"/ta status {number}", channel="general")
    mei.told(number)
    mei.clicks("Take", in_="general", text=number)
    assert mei.told(number) == f"{number}: Taken."


# -- presses that come late


def test_a_press_on_an_old_notice_says_what_happened_meanwhile(talk: Talk) -> None:
    number = talk.asks("kim")
    talk.notice(number, "New")
    mei = talk.person("mei")
    mei.types(f"/ta status {number}", channel="general")
    mei.told(number)
    talk.person("ravi").presses("Take", number)
    talk.notice(number, "Taken")
    mei.clicks("Take", in_="general", text=number)
    assert mei.told("took") == f"Ravi Tallow took {number} a moment ago."


def test_a_double_tap_is_one_press_inv3(talk: Talk) -> None:
    number = talk.asks("kim")
    talk.notice(number, "New")
    talk.ws.faults.duplicate_next("interactive")
    talk.person("ravi").presses("Take", number)
    talk.notice(number, "Taken")
    kim = talk.person("kim")
    kim.sees(f"has taken your request {number}", in_="dm")
    assert len([m for m in kim.dm() if f"has taken your request {number}" in m.text()]) == 1


def test_a_form_sent_after_somebody_else_was_faster_keeps_its_words_and_says_so(talk: Talk) -> None:
    number = talk.taken("ravi")
    ravi = talk.person("ravi")
    ravi.presses("Ask", number)
    ravi.modal(text="Your question")
    ravi.fills(question="How many do you need?")
    kim = talk.person("kim")
    kim.clicks("I no longer need it", in_="dm", text=f"{number} ·")
    talk.notice(number, "Closed")
    assert sends_back(ravi.submits()) == {"question": f"Kim Alder withdrew {number} a moment ago."}
    assert ravi.modal().values()["question"]["value"] == "How many do you need?"
    ravi.shut()


def test_a_button_of_a_request_that_is_over_says_so_before_anybody_types(talk: Talk) -> None:
    number = talk.asks("kim")
    ravi, kim = talk.person("ravi"), talk.person("kim")
    ravi.types(f"/ta status {number}", channel="general")
    ravi.told(number)
    kim.clicks("I no longer need it", in_="dm", text=f"{number} ·")
    talk.notice(number, "Closed")
    ravi.clicks("Close", in_="general", text=number)
    assert ravi.told("closed") == f"{number} is already closed."
    assert not ravi.has_modal()


def test_withdrawing_holds_though_somebody_took_it_meanwhile(talk: Talk) -> None:
    number = talk.asks("kim")
    kim = talk.person("kim")
    kim.types(f"/ta status {number}", channel="general")
    kim.told(number)
    talk.person("ravi").presses("Take", number)
    talk.notice(number, "Taken")
    kim.clicks("I no longer need it", in_="general", text=number)
    assert kim.told(number) == f"{number}: Done."
    talk.notice(number, "Closed")
    kim.clicks("I no longer need it", in_="general", text=number)
    assert kim.told("closed") == f"{number} is already closed."


# -- asking and answering


def test_the_answer_may_come_from_the_receipt_as_well(talk: Talk) -> None:
    number = talk.taken("ravi")
    ravi, kim = talk.person("ravi"), talk.person("kim")
    ravi.presses("Ask", number)
    ravi.modal(text="Your question")
    ravi.fills(question="Where to?").submits()
    kim.sees(f"{number} · Waiting for your answer", in_="dm")
    kim.clicks("Answer", in_="dm", text=f"{number} · Waiting for your answer")
    kim.modal(text="Where to?")
    assert kim.fills(text="To Madison.").submits().updated
    kim.modal(text=f"Your answer about {number} was sent.").text().index("To Madison.")
    kim.shut()
    talk.notice(number, "In progress").says("To Madison.")


def test_the_requester_adds_words_at_any_time_before_the_end(talk: Talk) -> None:
    number = talk.taken("ravi")
    kim, ravi = talk.person("kim"), talk.person("ravi")
    kim.clicks("Add details", in_="dm", text=f"{number} ·")
    kim.modal(text="What would you like to add?")
    assert kim.fills(text="It is for two teams.", outcome="Kits on every shift.").submits().updated
    kim.modal(text=f"Added to {number}.")
    kim.shut()
    kim.sees("You added", in_="dm").says(number, "It is for two teams.")
    ravi.sees(f"Kim Alder added to {number}", in_="dm").says("It is for two teams.")
    talk.notice(number, "Taken").says("Kim Alder added", "It is for two teams.", "Kits on every shift.")


def test_right_after_sending_details_can_be_added(talk: Talk) -> None:
    noor = talk.fills("noor", need="Something for our van.")
    noor.submits()
    number = number_in(noor.modal(text="TA-").text())
    noor.clicks("Add details", in_="modal")
    noor.modal(text="What would be different afterwards?")
    assert noor.fills(access_needs="In Spanish, please.").submits().updated
    noor.modal(text=f"Added to {number}.")
    noor.shut()
    talk.person("ravi").sees("In Spanish, please.", in_="ta-staff").says(number)


def test_an_empty_answer_is_sent_back(talk: Talk) -> None:
    number = talk.asks("kim")
    kim = talk.person("kim")
    kim.clicks("Add details", in_="dm", text=f"{number} ·")
    kim.modal(text="What would you like to add?")
    assert sends_back(kim.fills(text=" \u200b ").submits()) == {"text": "Please type what you want to add."}
    kim.shut()


# -- the end, and taking it back


def test_an_undo_within_the_minute_leaves_the_requester_in_peace(talk: Talk) -> None:
    number = talk.taken("ravi")
    ravi = talk.person("ravi")
    ravi.presses("Done", number)
    ravi.modal(text="What did you give them?")
    ravi.fills(given="A talk.").submits()
    ravi.presses("Undo", number)
    talk.notice(number, "Taken")
    talk.goes_on(timedelta(minutes=3))
    later = talk.asks("kim")
    talk.person("kim").sees(f"{later} · Received", in_="dm")
    talk.person("kim").does_not_see(f"marked your request {number}", in_="dm")


def test_an_undo_after_the_minute_is_told(talk: Talk) -> None:
    number = talk.taken("ravi")
    ravi, kim = talk.person("ravi"), talk.person("kim")
    ravi.presses("Done", number)
    ravi.modal(text="What did you give them?")
    ravi.fills(given="A talk.").submits()
    talk.notice(number, "Done")
    talk.goes_on(timedelta(minutes=2))
    kim.sees(f"marked your request {number}", in_="dm")
    ravi.presses("Undo", number)
    kim.sees(f"That was a mistake. Your request {number} is still open.", in_="dm")


def test_undo_is_for_who_did_it_and_gives_way_to_reopen_after_ten_minutes(talk: Talk) -> None:
    number = talk.taken("ravi")
    ravi, mei = talk.person("ravi"), talk.person("mei")
    ravi.presses("Done", number)
    ravi.modal(text="What did you give them?")
    ravi.fills(given="A talk.").submits()
    talk.notice(number, "Done")
    mei.presses("Undo", number)
    assert mei.told() == "Only the person who did it, or a lead, can undo this."
    talk.goes_on(timedelta(minutes=12))
    mei.clicks("Reopen", in_="ta-staff", text=number)
    mei.modal(text="What is still open?")
    assert mei.fills(why="They need one more.").submits().closed
    talk.notice(number, "In progress").says("with Ravi Tallow")


def test_a_request_done_long_ago_offers_to_ask_again_and_is_closed_by_the_clock(own_talk: Talk) -> None:
    number = own_talk.taken("ravi")
    ravi, kim = own_talk.person("ravi"), own_talk.person("kim")
    ravi.presses("Done", number)
    ravi.modal(text="What did you give them?")
    ravi.fills(given="A talk.").submits()
    own_talk.notice(number, "Done")
    own_talk.goes_on(timedelta(days=15))
    own_talk.notice(number, "Closed").says("Completed")
    own_talk.goes_on(timedelta(days=15))
    kim.clicks("Reopen", in_="dm", text="as done")
    assert "ended more than 14 days ago" in kim.told()
    kim.types(f"/ta status {number}", channel="general")
    kim.told("Ask for help again")
    kim.clicks("Ask for help again", in_="general", text=number)
    kim.modal(text="What do you need?")


def test_withdrawing_asks_whether_one_is_sure_and_can_be_left(talk: Talk) -> None:
    number = talk.asks("kim")
    kim = talk.person("kim")
    kim.sees(f"{number} ·", in_="dm")
    kim.clicks("I no longer need it", in_="dm", text=f"{number} ·", confirm=False)
    talk.notice(number, "New")
    kim.clicks("I no longer need it", in_="dm", text=f"{number} ·")
    kim.sees(f"{number} · Done", in_="dm")
    talk.notice(number, "Closed")


def test_a_close_that_is_no_decline_needs_no_sentence(talk: Talk) -> None:
    number = talk.asks("kim")
    ravi = talk.person("ravi")
    ravi.presses("Close", number)
    offered = ravi.modal(text="Why?").options("reason")
    assert not {"Completed", "Withdrawn by the requester"} & set(offered)
    ravi.fills(reason="Same as another request")
    ravi.modal(text="A sentence for Kim Alder")
    assert ravi.submits().closed
    talk.notice(number, "Closed").says("Same as another request")


@pytest.mark.parametrize(
    ("button", "field", "ask"),
    [("Ask", "question", "Your question"), ("Done", "given", "What did you give them?")],
)
def test_two_thousand_and_one_characters_are_sent_back_with_the_text_kept(
    talk: Talk, button: str, field: str, ask: str
) -> None:
    number = talk.taken("ravi")
    ravi = talk.person("ravi")
    ravi.presses(button, number)
    ravi.modal(text=ask)
    sent = ravi.fills({field: "y" * 2001}).submits()
    assert sends_back(sent) == {field: "This is 1 character too long. At most 2,000 fit."}
    assert ravi.modal().values()[field]["value"] == "y" * 2001
    assert ravi.fills({field: "y" * 2000}).submits().closed
    talk.notice(number)


def test_a_late_request_says_so_in_the_list_and_on_its_page(own_talk: Talk) -> None:
    number = own_talk.asks("kim")
    own_talk.goes_on(timedelta(days=6))
    ravi = own_talk.person("ravi")
    assert f"{number} · New · :warning: Late · reply was due" in ravi.types("/ta list").told("Late")
    assert f"{number} · New · :warning: Late" in ravi.types(f"/ta status {number}").told(number)


def test_a_page_that_is_no_longer_so_closes_with_the_form_above_it(own_talk: Talk) -> None:
    number = own_talk.taken("ravi")
    ravi = own_talk.person("ravi")
    ravi.types("/ta list", channel="general").told(number)
    ravi.clicks("Details", in_="general", text=number)
    ravi.modal(text="Hand over")
    ravi.clicks("Done", in_="modal")
    ravi.modal(text="What did you give them?")
    ravi.fills(given="A talk.").submits()
    own_talk.notice(number, "Done")
    assert not ravi.has_modal()


def test_a_question_that_is_answered_offers_no_answer_any_more(talk: Talk) -> None:
    number = talk.taken("ravi")
    ravi, kim = talk.person("ravi"), talk.person("kim")
    ravi.presses("Ask", number)
    ravi.modal(text="Your question")
    ravi.fills(question="Which machine?").submits()
    assert "Answer" in kim.sees("has a question about", in_="dm").buttons()
    kim.clicks("Answer", in_="dm", text="has a question about")
    kim.modal(text="Your answer")
    kim.fills(text="The one at the library.").submits()
    kim.shut()
    assert kim.sees("You have answered this.", in_="dm").buttons() == []


def test_what_was_opened_again_offers_no_reopening_any_more(talk: Talk) -> None:
    number = talk.taken("ravi")
    ravi, kim = talk.person("ravi"), talk.person("kim")
    ravi.presses("Done", number)
    ravi.modal(text="What did you give them?")
    ravi.fills(given="A talk.").submits()
    talk.notice(number, "Done")
    talk.goes_on_until_told()
    kim.clicks("Reopen", in_="dm", text=f"marked your request {number} as done")
    kim.modal(text="What is still open?")
    assert kim.fills(why="We are short again.").submits().closed
    talk.notice(number, "In progress").says("We are short again.")
    assert kim.sees("was opened again after this", in_="dm").buttons() == []


def test_whoever_is_away_is_named_so_where_a_request_is_handed_over(own_talk: Talk) -> None:
    number = own_talk.taken("ravi")
    mei, ravi = own_talk.person("mei"), own_talk.person("ravi")
    today = datetime.fromtimestamp(own_talk.ws.clock.now(), ZoneInfo("America/Chicago")).date()
    mei.opens_home(again=True)
    mei.clicks("Days away", in_="home")
    mei.modal(text="First day away")
    mei.fills(first=str(today), last=str(today)).submits()
    ravi.presses("Hand over", number)
    assert f"Mei Brook (away until {today:%a, %b} {today.day})" in str(ravi.modal(text="Hand over to").view)
    assert (
        ravi.fills(to=f"Mei Brook (away until {today:%a, %b} {today.day})", why="Please.").submits().updated
    )
    asked = ravi.modal(text="Mei Brook is away until")
    assert asked.values()["why"]["value"] == "Please."
    assert own_talk.row(number).owner_id is not None
    assert ravi.submits().closed
    mei.sees(f"Ravi Tallow handed {number} over to you.", in_="dm").says("Please.")
