"""Staff log their time: on a request, and with `/ta log`."""

from __future__ import annotations

from tests.dialogs.kit import Talk


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
