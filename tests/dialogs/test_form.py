"""The form as somebody fills it: what stands in it at first, what it asks for, what it says when something is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from copbot.sandbox.driver.wire import NotSeen
from tests.days import DAY, day
from tests.dialogs.kit import NO_AGENCY, Patient, Talk, joins, sends_back
from tests.live import FORM, number_in
from tests.waiting import eventually


def chosen(talk: Talk, handle: str, name: str) -> list[str]:
    """The values of the options chosen in a field of the open form."""
    values = talk.person(handle).modal().values()
    state = values.get(name) or values[f"request.choice:{name}"]
    options = state.get("selected_options") or filter(None, [state.get("selected_option")])
    return [option["value"] for option in options]


def written(talk: Talk, handle: str, name: str = "need") -> str:
    return str(talk.person(handle).modal().values()[name].get("value") or "")


# -- what stands in it at first


def test_words_after_the_command_stand_in_the_form_as_typed_with_topic_and_area_guessed(talk: Talk) -> None:
    words = "naloxone for a festival in Dane county, please & <soon>"
    talk.opens("kim", words)
    assert written(talk, "kim") == words
    assert chosen(talk, "kim", "topics") == ["naloxone"]
    assert chosen(talk, "kim", "areas") == ["wi-dane"]
    assert chosen(talk, "kim", "kind") == ["unsure"]


def test_words_that_say_no_topic_choose_none(talk: Talk) -> None:
    talk.opens("noor", "we would like to talk to somebody")
    assert chosen(talk, "noor", "topics") == []
    assert chosen(talk, "noor", "areas") == []


def test_the_bare_command_and_the_global_shortcut_open_the_same_empty_form(talk: Talk) -> None:
    talk.opens("ines")
    by_command = talk.person("ines").modal().labels()
    talk.person("ines").shut()
    form = talk.person("ines").shortcut("Request assistance") and talk.person("ines").modal()
    assert form.labels() == by_command
    assert written(talk, "ines") == ""
    assert "Please leave out names" in form.text()
    assert talk.bot.profile.notices.not_an_emergency in form.text()


def test_agency_and_area_of_last_time_stand_in_the_next_form(talk: Talk) -> None:
    talk.asks("tomas", agency="River County Outreach", areas=["wi-brown", "wi-dane"])
    talk.opens("tomas")
    assert chosen(talk, "tomas", "areas") == ["wi-brown", "wi-dane"] or chosen(talk, "tomas", "areas") == [
        "wi-dane",
        "wi-brown",
    ]
    assert "River County Outreach" in talk.person("tomas").modal().text()
    number = number_in_after(talk, "tomas", topics=["wound_care"], need="Dressings that stay on.")
    assert "River County Outreach" in talk.notice(number).text()


def number_in_after(talk: Talk, handle: str, **answers: object) -> str:
    """Fill only these fields of the open form, send it, and read the number."""
    person = talk.person(handle)
    person.fills(answers)
    assert person.submits().updated
    number = number_in(person.modal(text="TA-").text())
    person.shut()
    return number


def test_an_area_in_the_words_goes_before_the_one_of_last_time(talk: Talk) -> None:
    talk.asks("ada", areas=["wi-brown"])
    talk.opens("ada", "housing in Milwaukee County")
    assert chosen(talk, "ada", "areas") == ["wi-milwaukee"]


# -- the agency


def test_an_agency_is_added_once_and_found_by_the_next_person(talk: Talk) -> None:
    talk.asks("kim", agency="Lakeside Exchange")
    talk.asks("noor", agency="Lakeside Exchange")
    assert talk.agencies().count("Lakeside Exchange") == 1


def test_what_was_typed_can_be_mended_before_it_becomes_an_agency(talk: Talk) -> None:
    kim = talk.opens("kim")
    kim.fills({"agency": {"type": "norhtwoods", "pick": "Add “norhtwoods”"}})
    kim.modal(text="Name of your agency")
    assert written(talk, "kim", "agency_name") == "norhtwoods"
    number = number_in_after(
        talk, "kim", agency_name="Northwoods Health", topics=["housing"], need="x y", areas=["wi-dane"]
    )
    assert "Northwoods Health" in talk.notice(number).text()
    assert "norhtwoods" not in talk.agencies()


def test_an_agency_known_by_another_spelling_is_not_added_again(talk: Talk) -> None:
    talk.asks("kim", agency="Door County Clinic")
    kim = talk.opens("kim")
    kim.fills({"agency": {"type": "something", "pick": "Add “something”"}})
    kim.modal(text="Name of your agency")
    number_in_after(
        talk, "kim", agency_name="  door county CLINIC ", topics=["housing"], need="x y", areas=["wi-dane"]
    )
    assert [name.lower() for name in talk.agencies()].count("door county clinic") == 1


def test_somebody_without_an_agency_who_works_in_the_field_goes_on(talk: Talk) -> None:
    number = talk.asks("mei", not_agency="work")
    assert "not with an agency" in talk.notice(number).text()


def test_somebody_in_need_of_care_gets_the_lines_and_nothing_is_stored(own_talk: Talk) -> None:
    juno = own_talk.fills("juno", not_agency="care", need="I am not well")
    lines = juno.modal(text="You deserve help now")  # at the choice: nothing has been sent
    for line in own_talk.bot.profile.hotlines:
        assert line.number in lines.text()
        assert line.name in lines.text()
    assert "Nothing is saved here" in lines.text()
    juno.closes()
    assert juno.submits().updated  # nor is anything stored when it is sent
    juno.modal(text="You deserve help now")
    assert own_talk.count() == 0
    assert own_talk.agencies() == []
    juno.shut()
    own_talk.opens("juno")
    assert written(own_talk, "juno") == ""
    assert "Which is true?" not in juno.modal().labels()
    assert own_talk.room().messages() == []
    assert juno.dm() == []


def test_the_search_offers_to_add_and_to_have_none_and_an_exact_name_is_not_offered_twice(talk: Talk) -> None:
    talk.asks("kim", agency="Sawyer Outreach")
    kim = talk.opens("kim")
    for typed, offered in (("sawyer outreach", False), ("Sawyer", True)):
        with pytest.raises(NotSeen, match="Sawyer Outreach") as seen:
            kim.fills({"agency": {"type": typed, "pick": "what is there?"}})
        assert (f"Add “{typed}”" in str(seen.value)) is offered
        assert "I am not with an agency" in str(seen.value)


# -- by when


def test_urgent_shows_the_real_time_and_asks_one_reason(talk: Talk) -> None:
    kim = talk.fills("kim")
    kim.fills({"by_when": "urgent"})
    form = kim.modal(text="Why is it urgent?")
    assert "Staff will see this by" in form.text()
    assert talk.bot.profile.notices.not_an_emergency in form.text()
    assert "urgent_reason" in sends_back_empty(talk, "kim")
    number = number_in_after(talk, "kim", urgent_reason="Two kits left.")
    notice = talk.notice(number)
    assert "Urgent: Two kits left." in notice.text()
    assert "Urgent" in notice.text().splitlines()[0]
    row = talk.row(number)
    assert row.first_reply_due - row.asked_at < timedelta(days=4)


def sends_back_empty(talk: Talk, handle: str) -> dict[str, str]:
    """Slack's own client keeps a form whose required field is empty."""
    sent = talk.person(handle).submits()
    assert sent.by_slack
    assert not sent.closed
    return sent.errors


def test_a_date_is_asked_for_and_shown_to_staff(talk: Talk) -> None:
    kim = talk.fills("kim")
    kim.fills({"by_when": "date"})
    kim.modal(text="Which day?")
    kim.fills(by_when_date=day(31))
    number = number_in_after(talk, "kim")
    wanted = DAY + timedelta(days=31)
    assert f"{wanted:%a}, {wanted:%b} {wanted.day}, {wanted.year}" in talk.notice(number).text()


def test_a_day_that_has_passed_is_sent_back_with_words_at_its_field(talk: Talk) -> None:
    kim = talk.fills("kim")
    kim.fills({"by_when": "date"})
    kim.modal(text="Which day?")
    kim.fills(by_when_date="2020-01-01")
    assert sends_back(kim.submits()) == {"by_when_date": "That date has passed. Please choose a later one."}


def test_choosing_something_else_takes_the_extra_field_away_and_keeps_what_was_typed(talk: Talk) -> None:
    kim = talk.fills("kim", need="It stays here.")
    kim.fills({"by_when": "urgent"})
    kim.modal(text="Why is it urgent?")
    kim.fills({"by_when": "flexible"})
    eventually_without(talk, "kim", "Why is it urgent?")
    assert written(talk, "kim") == "It stays here."
    assert chosen(talk, "kim", "topics") == FORM["topics"]


def eventually_without(talk: Talk, handle: str, label: str) -> None:
    person = talk.person(handle)
    eventually(lambda: label not in person.modal().labels(), f"the form without {label!r}")


# -- what is wrong with it


def test_the_required_fields_are_five_and_slack_keeps_an_empty_form(talk: Talk) -> None:
    talk.opens("lou")
    sent = talk.person("lou").submits()
    assert sent.by_slack
    assert set(sent.errors) == {"topics", "need", "agency", "areas"}  # the kind is “Not sure” until changed


def test_four_topics_are_kept_by_slack(talk: Talk) -> None:
    kim = talk.fills("kim", topics=["naloxone", "housing", "tribal", "equity"])
    assert set(kim.submits().errors) == {"topics"}


@pytest.mark.parametrize(
    ("length", "over"), [(2001, "1 character"), (2500, "500 characters"), (3000, "1,000 characters")]
)
def test_too_long_a_text_comes_back_with_how_many_too_many_and_is_still_there(
    talk: Talk, length: int, over: str
) -> None:
    kim = talk.fills("kim", need="x" * length)
    before = talk.count()
    assert sends_back(kim.submits()) == {"need": f"This is {over} too long. At most 2,000 fit."}
    assert written(talk, "kim") == "x" * length
    assert talk.count() == before
    kim.fills(need="x" * 2000)
    assert kim.submits().updated
    assert talk.count() == before + 1


def test_slacks_own_box_holds_no_more_than_three_thousand_characters(talk: Talk) -> None:
    kim = talk.fills("kim", need="x" * 3001)
    sent = kim.submits()
    assert sent.by_slack
    assert set(sent.errors) == {"need"}


@pytest.mark.parametrize("nothing", ["   ", "\n\n", "\u200b\u200d", "\u2060", "\x00"])
def test_a_text_in_which_nothing_is_to_be_seen_is_sent_back(talk: Talk, nothing: str) -> None:
    kim = talk.fills("kim", need=nothing)
    sent = kim.submits()
    assert sent.errors
    assert set(sent.errors) == {"need"}


CHANGING = "One moment. This form is about to change. Your text is kept."


def test_a_choice_whose_field_was_not_there_yet_brings_the_field_and_saves_nothing(own_talk: Talk) -> None:
    """Somebody chooses and sends faster than the form can grow."""
    kim = own_talk.fills("kim")
    own_talk.ws.faults.add("views.update", "http_500", times=1)
    kim.fills({"by_when": "urgent"})
    with pytest.raises(NotSeen):
        kim.modal(text="Why is it urgent?", timeout=0.5)
    assert kim.submits().errors == {"by_when": CHANGING}
    kim.modal(text="Why is it urgent?")
    assert own_talk.count() == 0
    kim.fills(urgent_reason="Nothing left.")
    assert kim.submits().updated
    assert "Urgent: Nothing left." in own_talk.notice(number_in(kim.modal(text="TA-").text())).text()


def test_a_form_that_could_not_change_still_holds_what_was_typed_inv1(own_talk: Talk) -> None:
    """An ack and a call take different ways to Slack, and either may be lost: the one must not need the other."""
    kim = own_talk.fills("kim")
    own_talk.ws.faults.add("views.update", "http_500", times=2)
    kim.fills({"by_when": "urgent", "need": "words that took an hour"})
    assert kim.submits().errors == {"by_when": CHANGING}
    eventually(lambda: not own_talk.ws.faults.waiting(), "both changes of the form to be lost")
    assert kim.submits().errors == {"by_when": CHANGING}
    kim.modal(text="Why is it urgent?")
    kim.fills(urgent_reason="Nothing left.")
    assert kim.submits().updated
    notice = own_talk.notice(number_in(kim.modal(text="TA-").text()))
    assert "words that took an hour" in notice.text()


# -- sent, and sent again


def test_wrong_then_corrected_saves_once_inv3(own_talk: Talk) -> None:
    kim = own_talk.fills("kim", need="x" * 2400)
    for _ in range(2):
        assert "need" in sends_back(kim.submits())
    kim.fills(need="Short now.")
    assert kim.submits().updated
    assert own_talk.count() == 1
    assert len(own_talk.room().shows("TA-1001")) == 1


def test_the_same_submission_delivered_twice_saves_once_and_answers_alike_inv3(own_talk: Talk) -> None:
    kim = own_talk.fills("kim")
    payload = sent_form(own_talk, kim)
    again = own_talk.ws.faults.raw(payload, answerable=True)["ack"]
    assert again["response_action"] == "update"
    assert "TA-1001 was already saved. Nothing was sent twice." in str(again["view"])
    own_talk.notice("TA-1001")
    assert own_talk.count() == 1
    assert len(own_talk.room().shows("TA-1001")) == 1


def test_the_same_form_with_other_words_offers_them_as_an_addition_inv3(own_talk: Talk) -> None:
    kim = own_talk.fills("kim", need="First words.")
    payload = sent_form(own_talk, kim)
    payload["view"]["state"]["values"]["need"]["need"]["value"] = "Second words."
    ack = own_talk.ws.faults.raw(payload, answerable=True)["ack"]
    view = ack["view"]
    assert view["title"]["text"] == "Add to TA-1001"
    assert "TA-1001 is already saved." in str(view["blocks"])
    assert "Second words." in str(view["blocks"])
    assert own_talk.count() == 1


def sent_form(talk: Talk, person: Patient) -> dict[str, Any]:
    """Send the form; the payload that carried it."""
    assert person.submits().updated
    return dict(talk.ws.envelopes("view_submission")[-1]["payload"])


def test_the_receipt_says_what_happens_next_and_the_message_stays_true(talk: Talk) -> None:
    kim = talk.fills("kim")
    assert kim.submits().updated
    receipt = kim.modal(text="TA-")
    number = number_in(receipt.text())
    assert f"{number} is saved." in receipt.text()
    assert "We'll reply here by" in receipt.text()
    assert f"/ta status {number}" in receipt.text()
    told = kim.sees(f"{number} · Received", in_="dm")
    assert told.buttons() == ["Add details", "I no longer need it"]
    talk.person("ravi").presses("Take", number)
    kim.sees(f"{number} · Someone is on it", in_="dm")
    assert len([m for m in kim.dm() if m.text().startswith(f"{number} ·")]) == 1


def test_a_form_closed_half_way_leaves_nothing(own_talk: Talk) -> None:
    kim = own_talk.fills("kim")
    kim.closes()
    assert not kim.has_modal()
    assert own_talk.count() == 0
    assert own_talk.agencies() == []
    assert kim.error() == ""


def test_an_agency_that_is_only_typed_is_not_stored(own_talk: Talk) -> None:
    kim = own_talk.opens("kim")
    joins(kim, "Somewhere New")
    kim.fills({"agency": NO_AGENCY})
    kim.modal(text="Which is true?")
    kim.closes()
    assert own_talk.agencies() == []
