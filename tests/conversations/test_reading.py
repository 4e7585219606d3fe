"""What events missed is read again: at start, after a lost connection, every hour. Each thing arrives once."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.assistance.jobs import UPKEEP
from copbot.assistance.tables import RequestRow
from copbot.conversations import jobs
from copbot.conversations.jobs import READ
from copbot.sandbox import posting
from copbot.slack.errors import Refused, Unsure
from copbot.store import Store
from tests.conversations.kit import Office


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    found = Office(sqlite_store)
    found.runs(READ)
    return found


def reads(office: Office) -> Any:
    office.later(minutes=2)
    result = office.runs(READ)
    office.delivers()
    return result


def missed(office: Office) -> None:
    """The app was not there to hear it."""
    office.events()


def test_two_messages_an_edit_and_a_deletion_of_a_day_down_arrive_once(office: Office) -> None:
    ident = office.asks()
    kept, edited, deleted = (office.says("kim", each) for each in ("Kept.", "Before.", "Deleted."))
    office.hears()
    office.edits("kim", edited, "After.")
    office.deletes("kim", deleted)
    office.says("kim", "New one.")
    office.says("kim", "New two.", thread=kept)
    missed(office)
    office.later(days=1)
    for _ in range(2):
        reads(office)
    office.hears()
    texts = " ".join(office.thread(ident))
    assert [texts.count(each) for each in ("Kept.", "After.", "New one.", "New two.")] == [1, 1, 1, 1]
    assert "Before." not in texts
    assert "Deleted." not in texts
    assert len(office.thread(ident)) == 4
    assert "Deleted." not in str([each.text for each in office.entries()])


def test_an_event_that_comes_late_adds_nothing_to_what_was_read(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "Once.")
    late = office.events()
    reads(office)
    office.hears(late)
    assert len(office.thread(ident)) == 1


def test_client_details_that_were_missed_are_held_back_too(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "My client Maria Jones was born 03/04/1988.")
    missed(office)
    reads(office)
    assert office.thread(ident) == []
    assert [each.text for each in office.entries()] == [""]
    assert len(office.has("kim", "wasn't sent to staff")) == 1


def test_what_was_written_before_this_was_looked_for_or_before_the_request_is_left_alone(
    sqlite_store: Store,
) -> None:
    office = Office(sqlite_store)
    office.says("kim", "Long ago.")
    office.later(minutes=5)
    office.asks()
    office.says("kim", "Hello?")  # and was told that nobody reads it
    missed(office)
    reads(office)
    assert office.entries() == []
    office.says("kim", "Now.")
    missed(office)
    reads(office)
    assert [each.text for each in office.entries()] == ["Now."]


@pytest.mark.parametrize("code", ["no_answer", "not_whole", "empty"])
def test_an_answer_that_is_not_whole_deletes_nothing(office: Office, code: str) -> None:
    ident = office.asks()
    office.says("kim", "Stays.")
    office.hears()
    office.later(minutes=5)
    perform = office.slack._perform

    def broken(method: str, args: dict[str, Any]) -> dict[str, Any]:
        answers: dict[str, Any] = {"not_whole": {"ok": True}, "empty": {"ok": True, "messages": []}}
        if method == "conversations.history":
            if code in answers:
                return dict(answers[code])
            raise Unsure(code, method)
        return perform(method, args)

    office.slack._perform = broken  # type: ignore[method-assign]
    if code == "empty":
        office.runs(READ)
    else:
        with pytest.raises(Unsure):
            office.runs(READ)
    office.delivers()
    assert len(office.thread(ident)) == 1
    assert [each.state for each in office.entries()] == ["open"]


def test_a_conversation_that_is_closed_to_us_hides_no_other(office: Office) -> None:
    office.asks("kim")
    ident = office.asks("noor")
    for handle in ("kim", "noor"):
        office.says(handle, f"From {handle}.")
    missed(office)
    office.slack.fails("conversations.history", Refused("channel_not_found", "conversations.history"))
    reads(office)
    assert "From noor." in office.thread(ident)[0]


def test_more_than_one_page_is_left_and_deletes_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST", 3)
    ident = office.asks()
    for n in range(5):
        office.says("kim", f"Number {n}.")
    office.hears()
    office.deletes("kim", str(office.entries()[4].ts))
    missed(office)
    reads(office)
    assert len(office.thread(ident)) == 4


def test_a_notice_and_a_copy_that_were_deleted_unheard_stand_again(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "One.")
    office.says("kim", "Two.")
    office.hears()
    office.later(minutes=5)
    channel = office.state.channels[office.staff_channel]
    copy = office.rows("conversation.relayed")[0]
    posting.delete(office.world, channel, channel.messages[str(copy.ts)])
    missed(office)
    reads(office)
    assert (
        sorted(words in each for each in office.thread(ident) for words in ("One.", "Two.")).count(True) == 2
    )
    root = str(office.notice(ident).ts)
    posting.delete(office.world, channel, channel.messages[root])
    missed(office)
    reads(office)
    office.runs(UPKEEP)
    office.delivers()
    assert office.notice(ident).ts != root
    assert len(office.thread(ident)) == 2
    assert office.loose() == []


def test_what_a_free_plan_hides_after_ninety_days_is_not_deleted(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "Ten kits.")
    office.hears()
    office.later(days=100)
    office.world.hide_days = 90
    reads(office)
    office.runs(UPKEEP)
    office.delivers()
    assert [(each.state, each.text) for each in office.entries()] == [("open", "Ten kits.")]
    assert "Ten kits." in office.thread(ident)[0]
    assert office.loose() == []


def test_who_is_read_again_includes_those_for_whom_staff_entered_a_request(office: Office) -> None:
    ident = office.asks()
    with office.store.writing() as session:
        row = session.get_one(RequestRow, ident)
        row.source, row.entered_by_id = "phone", office.person("ravi").id
    office.says("kim", "From Kim.")
    missed(office)
    reads(office)
    assert "From Kim." in office.thread(ident)[0]
