"""A name has slipped through; somebody takes it out, and no message of the app's says it any more."""

from __future__ import annotations

from tests.dialogs.kit import Talk
from tests.waiting import PATIENCE, eventually

NAME = "Quillon"


def test_details_taken_out_are_gone_from_every_message(talk: Talk) -> None:
    number = talk.taken(need=f"{NAME} has a wound that does not heal.")
    ravi, kim = talk.person("ravi"), talk.person("kim")
    ravi.presses("Ask", number)
    ravi.modal(text="question")
    ravi.fills({"question": f"Where does {NAME} sleep?"})
    ravi.submits()
    kim.sees(f"Where does {NAME}", in_="dm")
    ravi.chooses("request.menu", "Remove client details", in_="ta-staff", text=number)
    ravi.modal(text="can't be undone")
    ravi.submits()
    assert "You removed the client details" in ravi.modal(text="removed the client").text()
    kim.sees("Ravi Tallow removed the client details", in_="dm", timeout=PATIENCE)
    talk.room().shows("[Client details removed]", timeout=PATIENCE)
    kim.sees("has a question about your request", in_="dm")

    def is_gone() -> bool:
        return NAME not in str([each.text() for each in (*ravi.messages("ta-staff"), *kim.dm())])

    eventually(is_gone, "every message to be drawn again")
    assert talk.row(number).need == "[Client details removed]"
    talk.checked()
