"""After Done, in Slack: feedback without a name, a shared answer, the question after 90 days, and a peer."""

from __future__ import annotations

from datetime import timedelta

from copbot.followup.tables import FeedbackRow, OutcomeRow
from tests.dialogs.kit import PATIENCE, Talk
from tests.followup.kit import PROFILE
from tests.waiting import eventually


def goes_on_to_an_open_day(talk: Talk, days: int) -> None:
    """So many days, and on to the next one on which the program is open."""
    while not PROFILE.hours.spans_on(PROFILE.today(talk.bot.clock.now() + timedelta(days=days))):
        days += 1
    talk.goes_on(timedelta(days=days))


def they_write_to_each_other(talk: Talk, number: str) -> None:
    """Kim, who asked, and Ravi, who has it."""
    kim, ravi = talk.person("kim"), talk.person("ravi")
    kim.says("Ours has one page.", in_="dm")
    ravi.sees("Kim Alder wrote", in_="ta-staff").says("Ours has one page.")
    ravi.clicks("Reply", in_="ta-staff", text="Ours has one page.")
    ravi.modal(text="Kim Alder gets this text in a direct message")
    ravi.fills(text="Please tell me its headings.").submits()
    ravi.modal(text="Your reply is saved.")
    ravi.shut()
    talk.goes_on_until_told()
    kim.sees(f"Ravi Tallow replied about {number}:", in_="dm").says("Please tell me its headings.")
    kim.says("Storage and training.", in_="dm")
    ravi.sees("Storage and training.", in_="ta-staff")


def test_the_full_life_of_a_request_from_the_command_to_the_answer_after_ninety_days(own_talk: Talk) -> None:
    number = own_talk.taken(need="How do others write a policy on naloxone?")
    kim, ravi, mei = map(own_talk.person, ("kim", "ravi", "mei"))
    they_write_to_each_other(own_talk, number)
    kim.clicks("Add details", in_="dm", text=number)
    kim.modal(text="For other agencies")
    kim.fills(may_share=["yes"])
    kim.submits()
    kim.shut()
    own_talk.notice(number, "In progress")
    ravi.presses("Done", number)
    ravi.modal(text="What did you give")
    ravi.fills(given="A template.", level="universal", minutes="15")
    ravi.submits()
    goes_on_to_an_open_day(own_talk, 1)

    kim.sees(f"How did it go with {number}", in_="dm", timeout=PATIENCE)
    kim.clicks("Answer three questions", in_="dm", text=number)
    kim.modal(text="Will you use it?")
    kim.fills(useful="yes", timely="yes", will_use="partly", comment="The template helped.")
    kim.submits()
    kim.modal(text="saved without your name")
    kim.shut()
    assert own_talk.count(FeedbackRow) == 1

    ravi.sees("may be shared without names", in_="dm", timeout=PATIENCE)
    ravi.clicks("Draft a shared answer", in_="dm", text=number)
    ravi.modal(text="Question, as others would ask it")
    ravi.fills(
        question="What belongs in a policy on naloxone?", answer="Who carries it, and who restocks it."
    )
    ravi.submits()
    ravi.modal(text="Saved")
    ravi.shut()
    mei.clicks("Approve", in_="ta-staff", text="drafted an answer to share")
    mei.sees("It is in the library, and goes into the next digest.", in_="ta-staff")

    own_talk.goes_on(timedelta(days=15))
    eventually(lambda: own_talk.row(number).state == "closed", "the request to be closed")
    goes_on_to_an_open_day(own_talk, 76)
    kim.sees("What came of it?", in_="dm", timeout=PATIENCE)
    kim.clicks("Not yet", in_="dm", text="What came of it?")
    kim.sees("You said: Not yet.", in_="dm")
    kim.clicks("What got in the way?", in_="dm", text="You said: Not yet.")
    kim.modal(text="Money or supplies")
    kim.fills(barrier="money")
    kim.submits()
    kim.sees("What got in the way: Money or supplies.", in_="dm")
    kim.clicks("I need more help", in_="dm", text="You said: Not yet.")
    assert f"More on {number}" in str(kim.modal(text="What do you need?").values()["need"])
    kim.shut()
    assert own_talk.count(OutcomeRow) == 1
    assert own_talk.faults() == []


def test_two_peers_are_introduced_once_both_accept(own_talk: Talk) -> None:
    kim, juno, ravi = map(own_talk.person, ("kim", "juno", "ravi"))
    juno.opens_home()
    juno.clicks("Change", in_="home", text="About you")
    juno.modal(text="Staff may suggest you as a peer")
    juno.fills(topics=["naloxone"], consent=["found"])
    juno.submits()
    number = own_talk.taken(topics=["naloxone"])
    ravi.presses("Details", number)
    ravi.modal(text="Suggest a peer")
    ravi.clicks("Suggest a peer", in_="modal")
    ravi.modal(text="Who could help")
    ravi.fills(peer={"type": "", "pick": "Juno Vale"})
    ravi.submits()
    ravi.modal(text="Both have been asked")
    ravi.shut()
    for person in (kim, juno):
        person.clicks("Yes, introduce us", in_="dm", text="May we introduce you?")
        person.sees("You said yes." if person is kim else "You have been introduced.", in_="dm")
    kim.sees("who may help with", in_="dm")
    juno.sees("who asked about Naloxone", in_="dm")
    eventually(lambda: "1 contact" in own_talk.notice(number).text(), "the introduction to be logged")
    assert own_talk.faults() == []
