"""Staff log their time: on a request, and with `/ta log`."""

from __future__ import annotations

from copbot.contacts.tables import ContactRow
from tests.dialogs.kit import Talk
from tests.live import number_in


def test_time_is_logged_with_a_tap_and_with_the_form(talk: Talk) -> None:
    number = talk.taken()
    ravi = talk.person("ravi")
    ravi.presses("Log", number)
    ravi.modal(text="How long today?")
    ravi.clicks("30 min", in_="", text="How long today?")
    ravi.modal(text="30 min logged in 1 contact")
    ravi.clicks("More…", in_="", text="How long today?")
    ravi.modal(text="People reached")
    assert ravi.fills(minutes="1 h", people="12", formal=["yes"], objectives="Run a table.").submits().closed
    ravi.sees("Time logged: 1 h 30 min in 2 contacts", in_="ta-staff")
    ravi.presses("Log", number)
    ravi.modal(text="12 people")
    ravi.clicks("Undo", in_="", text="How long today?")
    ravi.modal(text="30 min logged in 1 contact")
    ravi.shut()


def test_a_call_is_logged_and_nobody_else_hears_of_it(talk: Talk) -> None:
    ravi = talk.person("ravi")
    ravi.types("/ta log Storing kits in a cold van")
    form = ravi.modal(text="What was it about?")
    assert "Storing kits in a cold van" in str(form.values())
    before = len(ravi.messages("ta-staff"))
    fills = {
        "category": "Phone call",
        "topics": ["Naloxone and overdose response"],
        "areas": ["Dane County: Madison, Sun Prairie, Fitchburg, Middleton"],
    }
    assert ravi.fills(**fills, minutes="20").submits().updated
    said = ravi.modal(text="is saved as closed, with 20 min").text()
    number = number_in(said)
    assert len(ravi.messages("ta-staff")) == before
    assert number in ravi.types(f"/ta status {number}").told(number)
    ravi.clicks("Undo", in_="", text="is saved as closed")
    ravi.modal(text="It is deleted.")


def test_what_is_logged_is_screened_and_the_form_comes_back(talk: Talk) -> None:
    ravi, before = talk.person("ravi"), talk.count(ContactRow)
    ravi.types("/ta log")
    ravi.modal(text="What was it about?")
    ravi.fills(category="Webinar", minutes="20", note="Client named Terry Wilkes, DOB 3/4/1988").submits()
    ravi.modal(text="A birth date")
    assert talk.count(ContactRow) == before
    assert ravi.fills(note="A webinar on kits.").submits().updated
    ravi.modal(text="20 min logged.")
    assert talk.count(ContactRow) == before + 1
