"""Replies and their threads; who waits for a message of unknown outcome, and who does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from copbot.delivery.tables import MessageRow
from tests.delivery.kit import QUICK, House
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("unpaced")


def test_only_its_own_subject_and_thread_wait_for_one_that_is_unknown(house: House) -> None:
    house.say("request:0", urgent=True)
    first = house.say("request:1", urgent=True)
    house.work()
    house.sender = house.another(timing=replace(QUICK, look_after=600.0))  # nothing is looked up meanwhile
    house.ws.faults.add("chat.postMessage", "http_500", times=2)
    house.say("reply:1", thread_of=first, urgent=True)
    house.say("request:2", urgent=True)
    house.step()
    house.step()
    waiting = [house.say("reply:2", thread_of=first, urgent=True)]
    waiting += [house.say("request:2", key="more of request:2", urgent=True)]
    for n in (3, 4, 5):
        house.say(f"request:{n}", urgent=True)
        house.step()
    assert house.seen()[2:] == ["about request:3", "about request:4", "about request:5"]
    assert [house.row(ident).state for ident in waiting] == ["due", "due"]
    house.sender = house.another()
    with house.store.writing() as session:
        session.execute(update(MessageRow).where(MessageRow.look_at.is_not(None)).values(look_at=0.0))
    house.work()
    late = [text for text in house.seen() if text.startswith(("about reply", "about request:2"))]
    assert sorted(late) == ["about reply:1", "about reply:2", "about request:2", "about request:2"]
    assert late.index("about reply:1") < late.index("about reply:2")


def test_a_message_that_slack_fails_each_time_holds_up_no_other_of_its_channel(house: House) -> None:
    house.ws.faults.add("chat.postMessage", "http_500", times=10_000, match={"contains": "request:1"})
    house.say("request:1", urgent=True)
    house.step()
    for n in (2, 3, 4):
        house.say(f"request:{n}", urgent=True)
    eventually(lambda: house.sender.turn() and len(house.seen()) == 3)
    assert house.seen() == [f"about request:{n}" for n in (2, 3, 4)]


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("", ""),
        ("chat.postMessage", "answer_lost"),
        ("chat.postMessage", "http_500"),
        ("chat.delete", "answer_lost"),
        ("chat.delete", "http_500"),
        ("conversations.history", "http_500"),
    ],
)
def test_a_reply_whose_thread_is_gone_goes_into_the_thread_posted_anew(
    sqlite_house: House, method: str, fault: str, told: bool
) -> None:
    """Slack says ok and puts it at the top level: it is taken back, and the lost first message posted anew."""
    house = sqlite_house
    first = house.say("request:1", to="general")
    house.work()
    gone = house.messages("general")[0]
    house.ws.person("ines").deletes(gone)
    if told:
        house.tells_of_deletion(gone)
    if fault:
        house.ws.faults.add(method, fault)
    reply = house.say("reply:1", to="general", thread_of=first)
    house.work()
    anew, answer = [each for each in house.messages("general") if "about" in each.text()]
    assert (anew.text(), answer.text()) == ("about request:1", "about reply:1")
    assert answer.thread_ts == anew.ts == house.row(first).ts
    assert (house.row(reply).ts, house.row(reply).thread_ts) == (answer.ts, anew.ts)


def test_a_reply_that_slack_never_threads_stands_once_in_the_channel(sqlite_house: House) -> None:
    house = sqlite_house
    first = house.say("request:1", to="general")
    house.work()

    def deletes(subject: str) -> None:
        for message in house.messages("general") if subject == "reply:1" else ():
            if message.text() == "about request:1":
                house.ws.person("ines").deletes(message)

    house.words.during = deletes
    house.say("reply:1", to="general", thread_of=first)
    house.work()
    assert house.seen("general").count("about reply:1") == 1
    assert house.calls("chat.postMessage") < 15


def test_a_reply_outside_its_thread_is_found_although_slack_still_shows_the_thread_inv5(
    sqlite_house: House,
) -> None:
    house = sqlite_house
    first = house.say("request:1", to="general")
    house.work()
    house.ws.person("ines").deletes(house.messages("general")[0])
    house.ws.faults.add("chat.delete", "http_500")
    house.ws.faults.add("conversations.replies", "garbled", body='{"ok": true, "messages": []}')
    house.say("reply:1", to="general", thread_of=first)
    house.work()
    assert house.seen("general").count("about reply:1") == 1


def test_a_lost_reply_whose_thread_is_gone_meanwhile_stands_once_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    first = house.say("request:1", to="general")
    house.work()
    house.ws.faults.add("chat.postMessage", "http_500")
    house.say("reply:1", to="general", thread_of=first)
    house.step()
    house.ws.person("ines").deletes(house.messages("general")[0])
    house.ws.faults.add("conversations.replies", "refuse", error="thread_not_found")
    house.work()
    assert house.seen("general").count("about reply:1") == 1
