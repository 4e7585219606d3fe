"""What a requester writes to the app reaches staff's thread, and follows what becomes of their message."""

from __future__ import annotations

from tests.dialogs.kit import Talk
from tests.waiting import eventually

PRIVATE = "Her name is Maria Lopez, my client, born 3/4/1990."


def test_a_message_reaches_staffs_thread_and_its_edits_and_deletion_follow(own_talk: Talk) -> None:
    kim, ravi = own_talk.person("kim"), own_talk.person("ravi")
    number = own_talk.taken("ravi")
    notice = own_talk.notice(number, "Taken")
    message = kim.says("We could use forty kits.", in_="dm")
    kim.told(f"Staff get what you write here about {number}.")
    copy = ravi.sees("Kim Alder wrote", in_="ta-staff")
    copy.says("We could use forty kits.", "Ravi Tallow")
    assert copy.buttons() == ["Reply", "Log", "Done"]
    assert copy.thread_ts == notice.ts
    kim.edits(message, "We could use fifty kits.")
    ravi.sees("fifty kits", in_="ta-staff")
    ravi.does_not_see("forty kits", in_="ta-staff")
    ravi.clicks("Reply", in_="ta-staff", text="fifty kits")
    ravi.modal(text="Kim Alder gets this text in a direct message")
    ravi.shut()
    kim.deletes(message)
    eventually(
        lambda: not [each for each in ravi.messages("ta-staff") if "fifty kits" in each.text()], "it to go"
    )


def test_client_details_stay_with_their_author_who_may_say_that_they_wrote(own_talk: Talk) -> None:
    kim, ravi = own_talk.person("kim"), own_talk.person("ravi")
    own_talk.asks("kim")
    kim.says(PRIVATE, in_="dm")
    kim.sees("Your message wasn't sent to staff.", in_="dm")
    kim.clicks("It's fine, send it", in_="dm")
    ravi.sees("so it isn't shown here", in_="ta-staff").says("Kim Alder wrote")
    ravi.does_not_see("Maria Lopez", in_="ta-staff")
    kim.sees("Staff see that you wrote, but not the text", in_="dm")


def test_with_two_requests_open_the_app_asks_which_one_it_is_about(own_talk: Talk) -> None:
    kim, ravi = own_talk.person("kim"), own_talk.person("ravi")
    own_talk.asks("kim")
    kim.shut()
    second = own_talk.asks("kim")
    kim.shut()
    kim.says("And ten more.", in_="dm")
    kim.sees("Which request is your message about?", in_="dm")
    kim.clicks(f"conversation.choose:{int(second[3:]) - 1000}", in_="dm", text="Which request")
    ravi.sees("And ten more.", in_="ta-staff")
    kim.sees(f"Staff get your message about {second}.", in_="dm")
