"""Staff reply, undo a reply, keep their own talk to themselves, and read the whole conversation."""

from __future__ import annotations

from copbot.conversations.tables import ConversationEntryRow
from tests.dialogs.kit import Talk
from tests.waiting import PATIENCE, eventually

TEXT = "Forty kits are on their way to you."


def stored(talk: Talk) -> list[str]:
    with talk.bot.store.reading() as session:
        return [each.text for each in session.query(ConversationEntryRow).order_by(ConversationEntryRow.id)]


def test_a_reply_is_undone_written_again_and_sent_once(talk: Talk) -> None:
    kim, ravi = talk.person("kim"), talk.person("ravi")
    number, before = talk.asks("kim"), stored(talk)
    ravi.shut()
    ravi.presses("Reply", number)
    ravi.modal(text="Kim Alder gets this text in a direct message")
    assert ravi.fills(text="Her name is Maria Lopez, born 3/4/1990.").submits().updated
    ravi.modal(text="⚠")
    assert stored(talk) == before
    assert ravi.fills(text=TEXT).submits().updated
    ravi.modal(text="Your reply is saved.")
    ravi.sees("Ravi Tallow's reply to Kim Alder goes out", in_="ta-staff").says(TEXT)
    talk.notice(number, "In progress").says("with Ravi Tallow")

    ravi.clicks("Undo", in_="modal")
    ravi.modal(text="Kim Alder gets this text in a direct message")
    talk.notice(number, "New").says("unassigned")
    eventually(lambda: stored(talk) == [*before, ""], "nothing to be kept of it")
    talk.goes_on_until_told()
    assert ravi.fills(text=f"{TEXT} By mail.").submits().updated
    talk.goes_on_until_told()
    said = kim.sees(f"Ravi Tallow replied about {number}:", in_="dm")
    said.says(f"{TEXT} By mail.", "You wrote: We run out of kits")
    assert said.buttons() == ["Add details"]
    assert ravi.sees("Ravi Tallow replied to Kim Alder", in_="ta-staff").buttons() == []
    assert len([each for each in kim.dm() if TEXT in each.text()]) == 1
    assert talk.pings() == set()


def test_what_staff_write_in_the_thread_stays_with_staff_until_they_send_it(talk: Talk) -> None:
    kim, ravi = talk.person("kim"), talk.person("ravi")
    number, before = talk.taken("ravi"), stored(talk)
    notice = talk.notice(number, "Taken")
    ravi.says("We could send *forty*, I think.", in_="ta-staff", thread=notice)
    ravi.whisper("Only staff see what you write here.")
    ravi.clicks("Send to Kim Alder", in_="ta-staff")
    form = ravi.modal(text="Kim Alder gets this text in a direct message")
    assert "We could send" in str(form.values())
    assert stored(talk) == before
    assert ravi.fills(text="We can send forty.").submits().updated
    talk.goes_on_until_told()
    kim.sees(f"Ravi Tallow replied about {number}:", in_="dm").says("We can send forty.")
    kim.does_not_see("I think", in_="dm")
    ravi.shut()

    kim.types(f"/ta status {number}")
    kim.told("Conversation", PATIENCE)
    ravi.presses("Details", number)
    ravi.clicks("Conversation", in_="modal")
    whole = ravi.modal(text="Ravi Tallow replied").text()
    assert whole.index("We run out of kits") < whole.index("We can send forty.")
    assert "I think" not in whole


def test_an_answer_is_saved_inserted_changed_and_deleted(talk: Talk) -> None:
    ravi, number = talk.person("ravi"), talk.taken("ravi")

    def opens() -> None:
        ravi.shut()
        ravi.presses("Reply", number)
        ravi.modal(text="Kim Alder gets this text in a direct message")

    opens()
    assert ravi.fills(text="Kits come by mail.", save_as="How kits come").submits().updated
    ravi.modal(text="Saved as an answer to use again.")
    opens()
    ravi.fills(text="Hello Kim.")
    ravi.fills(saved={"type": "kits", "pick": "How kits come"})
    eventually(lambda: "text:1" in ravi.modal().values(), "the answer to stand in the form")
    assert ravi.modal().values()["text:1"]["value"] == "Hello Kim.\n\nKits come by mail."
    ravi.clicks("Edit saved answers", in_="modal")
    ravi.modal(text="Saved answers")
    ravi.clicks("Edit", in_="modal")
    ravi.modal(text="Edit saved answer")
    assert ravi.fills(name="By mail", text="Kits come by mail in a week.").submits().updated
    ravi.modal(text="Kits come by mail in a week.")
    ravi.clicks("Edit", in_="modal")
    ravi.modal(text="Edit saved answer")
    ravi.clicks("Delete", in_="modal")
    ravi.modal(text="No saved answers.")
