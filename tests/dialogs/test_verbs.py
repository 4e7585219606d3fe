"""What is seldom pressed stands on a request's own page: review, partner, replied, duplicate."""

from __future__ import annotations

from datetime import timedelta

from tests.dialogs.kit import Talk, sends_back


def test_reviewed_waited_for_replied_and_closed_as_a_duplicate(talk: Talk) -> None:
    kim, ravi = talk.person("kim"), talk.person("ravi")
    first, number = talk.asks("kim"), talk.asks("kim", need="Forty kits again.")

    def opens(button: str) -> None:
        ravi.presses("Details", number)
        ravi.clicks(button, in_="", text=number)

    opens("Review")
    ravi.modal(text="How much help does it need?")
    assert ravi.fills(level="targeted").submits().closed
    talk.notice(number, "Looked at").says("Targeted")

    ravi.presses("Take", number)
    talk.notice(number, "Taken")
    opens("Wait for a partner")
    ravi.modal(text="Who are you waiting for")
    assert ravi.fills(why="The county's lawyer.").submits().closed
    notice = talk.notice(number, "Waiting for a partner")
    notice.says("clocks paused until a partner answers", "The county's lawyer.")
    assert notice.buttons()[0] == "Partner answered"
    kim.sees(f"Ravi Tallow is waiting to hear from a partner about your request {number}.", in_="dm")
    ravi.presses("Partner answered", number)
    talk.notice(number, "Taken").says("reply due")

    opens("Mark as replied")
    talk.notice(number, "In progress")
    ravi.shut()

    opens("Close as duplicate")
    ravi.modal(text="Number of the request that stays open")
    refused = {"into": "That is this request. Type the other one's number."}
    assert sends_back(ravi.fills(into=number).submits()) == refused
    assert ravi.fills(into=first.lower()).submits().closed
    talk.notice(number, "Closed").says(f"Same as another request: {first}")
    ravi.sees(f"Duplicates: {number}", in_="ta-staff").says(f"{first} · New")
    talk.goes_on(timedelta(minutes=2))
    told = kim.sees(f"closed your request {number} because it is the same as your {first}.", in_="dm")
    assert told.buttons() == ["Reopen", f"See {first}"]
    kim.clicks(f"See {first}", in_="dm", text="because it is the same")
    kim.modal(text=first)
