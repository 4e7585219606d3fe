"""Who else is on a request, whom it was entered for, and the form that was closed: as people do it in Slack."""

from __future__ import annotations

from tests.dialogs.kit import Talk, sends_back
from tests.live import number_in


def test_a_colleague_is_added_answers_and_is_removed(own_talk: Talk) -> None:
    own_talk.asks("ines", agency="Lakeside Exchange")
    number = own_talk.asks("kim", agency="Lakeside Exchange")
    kim, ines, ravi = (own_talk.person(handle) for handle in ("kim", "ines", "ravi"))
    kim.clicks("Add a colleague", in_="dm", text=f"{number} ·")
    kim.modal(text="Colleague at Lakeside Exchange")
    assert "Lakeside Exchange in Home" in sends_back(kim.fills(colleague="noor").submits())["colleague"]
    assert kim.fills(colleague="ines").submits().updated
    kim.modal(text="Ines Croft was added to")
    kim.shut()
    ines.sees("Kim Alder asked this.", in_="dm").says(number)

    ravi.presses("Take", number)
    own_talk.notice(number, "Taken").says("Colleagues", "Ines Croft")
    ravi.presses("Ask", number)
    ravi.modal(text="Your question")
    ravi.fills(question="Where to?").submits()
    ines.sees("has a question about Kim Alder's request", in_="dm").says("Where to?")
    ines.clicks("Answer", in_="dm", text="has a question about Kim Alder's request")
    ines.modal(text="Where to?")
    assert ines.fills(text="To Madison.").submits().updated
    ines.shut()
    own_talk.notice(number, "In progress").says("Ines Croft answered", "To Madison.")
    kim.sees("Ines Croft has answered this.", in_="dm")

    kim.clicks("Colleagues", in_="dm", text=f"{number} ·")
    kim.modal(text="Ines Croft")
    kim.clicks("Remove", in_="modal")
    kim.modal(text="Colleague at Lakeside Exchange")
    kim.shut()
    ines.sees(f"Kim Alder removed you from {number}", in_="dm")
    own_talk.checked()
    assert own_talk.faults() == []


def test_staff_enter_a_request_for_somebody_the_app_has_never_seen(own_talk: Talk) -> None:
    ravi = own_talk.fills("ravi", need="They phoned about kits.")
    ravi.fills(behalf="juno", source="phone")
    ravi.submits()
    number = number_in(ravi.modal(text="Juno Vale gets the receipt").text())
    ravi.shut()
    own_talk.person("juno").sees("Ravi Tallow entered this (phone call).", in_="dm").says(number)
    own_talk.notice(number, "New").says("Ravi Tallow (phone call)")
    assert own_talk.faults() == []


def test_a_form_that_was_closed_goes_on_and_can_begin_anew(own_talk: Talk) -> None:
    kim = own_talk.fills("kim", agency="Lakeside Exchange", need="Nobody reads this.", topics=["wound_care"])
    kim.shut()
    kim.types("/ta", channel="general")
    assert "Nobody reads this." not in str(kim.modal(text="Continue where you left off").view)
    kim.clicks("Start over", in_="modal")
    kim.modal(text="Your earlier choices are deleted.")
    kim.clicks("Ask for help", in_="modal")
    assert "Continue" not in kim.modal(text="What do you need?").text()
    kim.shut()
    assert own_talk.faults() == []
