"""Many messages in a minute, files, and the same message taken by two processes at once."""

from __future__ import annotations

import threading

import pytest

from copbot.conversations import relay, rules
from copbot.conversations.rules import Written
from copbot.conversations.tables import ConversationEntryRow
from copbot.slack.answers import Nothing
from copbot.store import Store
from tests.assistance.given import Cast, cast, messages, profile
from tests.conversations.kit import Office
from tests.people.given import NOW


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    return Office(sqlite_store)


def test_more_than_twenty_in_a_minute_share_one_message(office: Office) -> None:
    ident = office.asks()
    office.world.clock.offset += 60 - (office.world.clock.now() % 60)
    told = [office.says("kim", f"Line {n}.") for n in range(24)]
    office.hears()
    copies = office.thread(ident)
    assert len(copies) == rules.MOST_A_MINUTE + 1
    assert "(4 messages)" in copies[-1]
    assert all(f"Line {n}." in copies[-1] for n in range(20, 24))
    office.deletes("kim", told[20])
    office.edits("kim", told[22], "Another line.")
    office.hears()
    assert "(3 messages)" in office.thread(ident)[-1]
    assert "Another line." in office.thread(ident)[-1]
    for ts in (told[21], told[22], told[23]):
        office.deletes("kim", ts)
    office.hears()
    assert len(office.thread(ident)) == rules.MOST_A_MINUTE


def test_the_next_minute_begins_anew(office: Office) -> None:
    ident = office.asks()
    office.world.clock.offset += 60 - (office.world.clock.now() % 60)
    for n in range(22):
        office.says("kim", f"Line {n}.")
    office.later(minutes=1)
    office.says("kim", "A minute later.")
    office.hears()
    assert len(office.thread(ident)) == rules.MOST_A_MINUTE + 2


def test_files_are_told_of_once_their_sender_says_that_no_client_is_in_them(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "Our flyer.", files=2)
    office.hears()
    assert "Our flyer." in office.thread(ident)[0]
    assert "2 files" not in office.thread(ident)[0]
    assert "a.pdf" not in str(office.has("kim"))
    office.presses("kim", "No, tell staff")
    assert "2 files" in office.thread(ident)[0]
    assert "a.pdf" not in office.thread(ident)[0]
    assert office.has("kim", "Do your files name") == []


def test_a_word_about_the_files_leaves_the_text_as_its_author_settled_it(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "Call me: 608-555-0147", files=1)
    office.hears()
    office.presses("kim", "It's fine")
    office.presses("kim", "No, tell staff")
    [copy] = office.thread(ident)
    assert "608-555-0147" in copy
    assert "1 file" in copy


def test_files_without_words_wait_and_may_stay_untold(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "", files=1)
    office.hears()
    assert office.thread(ident) == []
    office.presses("kim", "Don't tell staff")
    assert office.thread(ident) == []
    assert office.has("kim", "Do your files name") == []


def test_a_spreadsheet_of_staffs_is_for_the_library(office: Office) -> None:
    office.asks("ravi")
    office.says("ravi", "", files=1)
    for body in office.state.events.values():
        for file in body["body"]["event"].get("files") or ():
            file["name"] = "list.csv"
    assert any(isinstance(each, Nothing) for each in office.hears())
    assert office.entries() == []


@pytest.mark.both_databases
def test_two_who_take_the_same_message_at_once_keep_one_entry_and_one_copy_inv11(store: Store) -> None:
    people = cast(store)
    start = threading.Barrier(2)
    message = Written(people.kim.user, "D0KIM", f"{NOW.timestamp():.6f}", text="Ten kits.")

    def take() -> None:
        start.wait(10)
        take_once(store, people, message)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    with store.reading() as session:
        assert [each.text for each in session.query(ConversationEntryRow)] == ["Ten kits."]
    assert len(messages(store, "conversation.relayed")) == 1


def take_once(store: Store, people: Cast, message: Written) -> None:
    with store.writing() as session:
        relay.take(session, message, people.kim, profile=profile(), now=NOW)
