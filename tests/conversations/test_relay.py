"""What a requester writes to the app reaches staff's thread once; edits and deletions follow."""

from __future__ import annotations

import pytest

from copbot.assistance.workflow import service
from copbot.errors import NotFound
from copbot.slack.answers import Nothing
from copbot.store import Store
from copbot.store.sqlite import sqlite_path
from tests.conversations.kit import Office, words_of

PRIVATE = "My client Maria Jones was born 03/04/1988."


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    return Office(sqlite_store)


def test_what_is_written_stands_in_staffs_thread_once(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "We could also use wound care kits.")
    told = office.events()
    office.hears([*told, *told])
    [copy] = office.thread(ident)
    assert "We could also use wound care kits." in copy
    assert f"TA-{1000 + ident}" in copy
    assert office.loose() == []


def test_the_owner_alone_is_mentioned(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "One.")
    office.hears()
    assert "<@" not in office.thread(ident)[0]
    office.does(service.take, "ravi", ident, version=1)
    office.says("kim", "Two, @ravi and @channel.")
    office.hears()
    assert f"<@{office.slack.user('ravi')}>" in office.thread(ident)[1]
    assert office.thread(ident)[1].count("<@") == 1


def test_edits_and_deletions_follow(office: Office) -> None:
    ident = office.asks()
    ts = office.says("kim", "Ten kits.")
    office.hears()
    office.edits("kim", ts, "Twelve kits.")
    office.hears()
    [copy] = office.thread(ident)
    assert "Twelve kits." in copy
    assert "Ten kits." not in copy
    office.deletes("kim", ts)
    office.hears()
    assert office.thread(ident) == []
    assert [each.text for each in office.entries()] == [""]


def test_a_preview_is_no_edit(office: Office) -> None:
    ident = office.asks()
    ts = office.says("kim", "See https://example.org/kits")
    office.hears()
    before = office.rows("conversation.relayed")[0].version
    office.unfurls("kim", ts)
    office.hears()
    assert office.rows("conversation.relayed")[0].version == before
    assert len(office.thread(ident)) == 1


def test_events_out_of_order_end_right(office: Office) -> None:
    ident = office.asks()
    ts = office.says("kim", "One kit.")
    office.edits("kim", ts, "Two kits.")
    office.edits("kim", ts, "Three kits.")
    office.hears(reversed(office.events()))
    [copy] = office.thread(ident)
    assert "Three kits." in copy
    gone = office.says("kim", "Forget this.")
    office.deletes("kim", gone)
    office.hears(reversed(office.events()))
    assert len(office.thread(ident)) == 1
    assert "Forget this." not in str([each.text for each in office.entries()])


def test_what_may_hold_client_details_is_kept_from_staff_and_from_the_database(office: Office) -> None:
    ident = office.asks()
    ts = office.says("kim", PRIVATE)
    office.hears()
    assert office.thread(ident) == []
    assert [each.text for each in office.entries()] == [""]
    [asked] = office.has("kim", "wasn't sent to staff")
    assert "Maria" not in asked
    office.edits("kim", ts, "My client needs a ride.")
    office.hears()
    assert "needs a ride" in office.thread(ident)[0]
    assert office.has("kim", "wasn't sent to staff") == []


def test_nothing_of_it_is_on_the_disk(office: Office) -> None:
    office.asks()
    ts = office.says("kim", PRIVATE)
    office.hears()
    office.edits("kim", ts, f"{PRIVATE} He lives at 5 Oak Street.")
    office.hears()
    office.presses("kim", "It's fine")
    office.deletes("kim", ts)
    office.hears()
    path = sqlite_path(office.store.url)
    assert path is not None
    for file in path.parent.glob(f"{path.name}*"):
        assert b"Maria" not in file.read_bytes()
        assert b"Oak Street" not in file.read_bytes()


def test_a_long_text_is_stored_whole_and_the_copy_leads_to_it(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "Kits. " * 900)
    office.hears()
    assert len(office.entries()[0].text) > 5000
    assert "conversation.open" in office.thread(ident)[0]


def test_what_its_author_calls_fine_is_read_and_screened_again(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "Call me: 608-555-0147")
    office.hears()
    assert office.thread(ident) == []
    office.presses("kim", "It's fine")
    assert "608-555-0147" in office.thread(ident)[0]


def test_a_name_stays_a_pointer_whatever_its_author_says(office: Office) -> None:
    ident = office.asks()
    ts = office.says("kim", PRIVATE)
    office.hears()
    office.presses("kim", "It's fine")
    [copy] = office.thread(ident)
    assert "isn't shown here" in copy
    assert "Maria" not in copy
    assert len(office.has("kim", "Staff see that you wrote, but not the text")) == 1
    assert [each.text for each in office.entries()] == [""]
    office.edits("kim", ts, "A client needs a ride.")
    office.hears()
    assert "needs a ride" in office.thread(ident)[0]
    assert office.has("kim", "Staff see that you wrote") == []


def test_an_edit_that_brings_client_details_takes_the_copy_away(office: Office) -> None:
    ident = office.asks()
    ts = office.says("kim", "A client needs a ride.")
    office.hears()
    office.edits("kim", ts, PRIVATE)
    office.hears()
    assert office.thread(ident) == []
    assert [each.text for each in office.entries()] == [""]


def test_nobody_but_its_author_calls_a_message_fine(office: Office) -> None:
    ident = office.asks()
    office.says("kim", PRIVATE)
    office.hears()
    office.asks("noor")
    office.says("noor", PRIVATE)
    office.hears()
    uid = office.entries()[0].uid
    channel = office.state.dm(office.slack.user("noor"))
    for message in channel.messages.values():
        for block in message.get("blocks") or ():
            for element in block.get("elements") or ():
                if element.get("action_id") == "conversation.fine":
                    element["value"] = uid
    with pytest.raises(NotFound):
        office.presses("noor", "It's fine")
    assert office.thread(ident) == []


def test_bots_and_channels_are_not_read(office: Office) -> None:
    office.asks()
    office.events()
    office.says("kim", "Hello.")
    [body] = office.events()
    body["event"]["bot_id"] = "B0OTHER"
    assert office.hears([body]) == []
    assert office.entries() == []


def test_an_answer_moves_the_request_on_and_tells_the_owner_once(office: Office) -> None:
    ident = office.asks()
    office.does(service.take, "ravi", ident, version=1)
    office.does(service.ask_requester, "ravi", ident, version=2, question="How many kits?")
    office.says("kim", "Forty.")
    office.hears()
    assert office.request(ident).state == "in_progress"
    assert len([each for each in office.thread(ident) if "Forty." in each]) == 1
    assert office.has("ravi", "Forty.") == []
    assert office.rows("request.added") == []


def test_what_was_written_before_the_question_is_no_answer(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "By the way.")
    late = office.events()
    office.later(minutes=5)
    office.does(service.take, "ravi", ident, version=1)
    office.does(service.ask_requester, "ravi", ident, version=2, question="How many kits?")
    office.hears(late)
    assert office.request(ident).state == "waiting_requester"
    assert len(office.thread(ident)) == 1


def test_the_first_message_is_answered_with_where_it_goes(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "One.")
    assert f"Staff get what you write here about TA-{1000 + ident}" in words_of(office.hears())
    office.says("kim", "Two.")
    assert words_of(office.hears()) == ""


def test_who_may_need_help_now_reads_whom_to_call_and_staff_get_it_all_the_same(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "My friend is overdosing")
    words = words_of(office.hears())
    assert "911" in words
    assert len(office.thread(ident)) == 1


def test_nobody_without_a_request_is_left_without_an_answer(office: Office) -> None:
    office.says("kim", "hello?")
    answers = office.hears()
    assert "Request assistance" in words_of(answers)
    assert not any(isinstance(each, Nothing) for each in answers)
    assert office.entries() == []
