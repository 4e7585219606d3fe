"""Done, close, undo, withdraw, reopen: how a request ends, and how it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from copbot.assistance.workflow import service
from copbot.delivery.tables import MessageRefresh
from copbot.errors import Conflict, InvalidInput, NotAllowed
from copbot.people import service as people_service
from copbot.store import Store
from tests.assistance.given import (
    asked,
    cast,
    close,
    events,
    later,
    messages,
    press,
    profile,
    row,
    verbs,
)
from tests.people.given import NOW


def test_done_is_told_a_minute_later_and_says_what_was_given(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    made = press(store, service.done, people, "sam", 2, given="A box of kits.", now=later(hours=1))
    now = row(store, people.request)
    assert (now.state, now.delivered_at, now.given, now.first_reply_at) == (
        "delivered",
        later(hours=1),
        "A box of kits.",
        later(hours=1),
    )
    assert made.undo_until == later(hours=1, minutes=10)
    assert messages(store, "request.told")[-1].due_at == later(hours=1, minutes=1)


def test_the_receipt_says_done_no_sooner_than_the_message(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    before = messages(store, "request.receipt")[0].version
    press(store, service.done, people, "sam", 2, given="Kits.")
    receipt, notice = messages(store, "request.receipt")[0], messages(store, "request.notice")[0]
    assert receipt.version == before
    assert notice.version == 3
    assert due_refreshes(store) == {(receipt.id, later(minutes=1)), (notice.id, later(minutes=10))}


def due_refreshes(store: Store) -> set[tuple[int, datetime]]:
    with store.reading() as session:
        return {(each.message_id, each.at) for each in session.query(MessageRefresh)}


def test_undo_within_the_minute_means_the_requester_never_hears_of_it(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.done, people, "sam", 2, given="Oops", now=later(hours=1))
    made = press(store, service.undo, people, "sam", 3, now=later(hours=1, seconds=59))
    now = row(store, people.request)
    assert (made.state, now.delivered_at, now.given, now.first_reply_at, now.owner_id) == (
        "assigned",
        None,
        "",
        None,
        people.sam.id,
    )
    assert len(messages(store, "request.told", wanted=False)) == 1
    assert len(messages(store, "request.told")) == 1  # the take
    assert verbs(store, people.request) == ["received", "take", "done", "undo"]


def test_undo_after_the_minute_tells_the_requester_of_it(store: Store) -> None:
    people = cast(store)
    close(store, people, "sam")
    made = press(store, service.undo, people, "sam", 2, now=later(minutes=1))
    assert (made.state, row(store, people.request).close_reason) == ("new", "")
    assert messages(store, "request.told", wanted=False) == []
    assert messages(store, "request.told")[-1].subject == f"event:{made.event_id}"


def test_undo_brings_back_a_wait_with_what_it_remembers(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.ask_requester, people, "sam", 2, question="How many?")
    close(store, people, "sam", "no_capacity", words="Nobody can.", referral="Call the county.")
    press(store, service.undo, people, "sam", 4)
    now = row(store, people.request)
    assert (now.state, now.came_from, now.referral) == ("waiting_requester", "in_progress", "")
    assert now.first_reply_at == NOW  # the question was asked all the same


@pytest.mark.parametrize(
    ("who", "minutes", "allowed"),
    [
        ("sam", 10, True),
        ("sam", 11, False),
        ("lee", 5, True),
        ("pat", 5, False),
        ("kim", 5, False),
    ],
)
def test_undo_is_open_for_ten_minutes_to_who_did_it_and_to_leads(
    sqlite_store: Store, who: str, minutes: int, allowed: bool
) -> None:
    people = cast(sqlite_store)
    close(sqlite_store, people, "sam")
    if allowed:
        assert press(sqlite_store, service.undo, people, who, 2, now=later(minutes=minutes)).state == "new"
        return
    with pytest.raises((Conflict, NotAllowed)):
        press(sqlite_store, service.undo, people, who, 2, now=later(minutes=minutes))
    assert row(sqlite_store, people.request).state == "closed"


@pytest.mark.both_databases
def test_an_undo_pressed_twice_undoes_once(store: Store) -> None:
    people = cast(store)
    close(store, people, "sam")
    first = press(store, service.undo, people, "sam", 2)
    assert press(store, service.undo, people, "sam", 2) == replace(first, already=True)
    assert verbs(store, people.request) == ["received", "close", "undo"]


def test_what_was_moved_on_since_cannot_be_undone(store: Store) -> None:
    people = cast(store)
    close(store, people, "sam")
    press(store, service.reopen, people, "kim", 2, now=later(minutes=2))
    with pytest.raises(Conflict) as refused:
        press(store, service.undo, people, "sam", now=later(minutes=3))
    assert "nothing to undo" in refused.value.words


def test_a_decline_without_referral_is_sent_back(store: Store) -> None:
    people = cast(store)
    with pytest.raises(InvalidInput) as refused:
        close(store, people, "sam", "out_of_scope", words="We do not do this.")
    assert set(refused.value.fields) == {"referral"}
    close(store, people, "sam", "out_of_scope", words="We do not do this.", referral="Call 211.")
    now = row(store, people.request)
    assert (now.state, now.close_reason, now.close_words, now.referral) == (
        "closed",
        "out_of_scope",
        "We do not do this.",
        "Call 211.",
    )


def test_what_a_decline_says_is_kept_without_its_edges(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    close(sqlite_store, people, "sam", "no_capacity", words=" Not us.\n", referral="\u0000 They can. ")
    now = row(sqlite_store, people.request)
    assert (now.close_words, now.referral, now.state) == ("Not us.", "They can.", "closed")


def test_the_first_human_reply_stays_the_first(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    press(sqlite_store, service.ask_requester, people, "sam", 2, question="How many?", now=later(hours=1))
    press(sqlite_store, service.answer, people, "kim", text="Ten.", now=later(hours=2))
    press(sqlite_store, service.done, people, "sam", 4, given="Ten kits.", now=later(hours=3))
    assert row(sqlite_store, people.request).first_reply_at == later(hours=1)


def test_withdrawing_closes_without_a_message_to_oneself(store: Store) -> None:
    people = cast(store)
    press(store, service.withdraw, people, "kim", 1)
    now = row(store, people.request)
    assert (now.state, now.close_reason) == ("closed", "withdrawn")
    assert messages(store, "request.told") == []


def test_staff_who_ask_for_themselves_are_not_told_of_their_own_moves(store: Store) -> None:
    people = cast(store)
    with store.writing() as session:
        mine = asked(session, people.sam, "form-sam").id
        service.take(session, request_id=mine, person=people.sam, version=1, now=NOW, profile=profile())
    assert messages(store, "request.told") == []
    assert not events(store, mine)[-1].told


def test_reopening_returns_to_the_owner_and_tells_them(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.done, people, "sam", 2, given="Kits.")
    made = press(store, service.reopen, people, "kim", 3, now=later(days=3), why="Still short")
    now = row(store, people.request)
    assert (made.state, now.owner_id, now.given, now.delivered_at) == (
        "in_progress",
        people.sam.id,
        "",
        None,
    )
    assert [each.destination for each in messages(store, "request.added")] == ["U0SAM"]


@pytest.mark.parametrize(("who", "told"), [("pat", ["U0SAM"]), ("lee", ["U0SAM"]), ("sam", [])])
def test_the_owner_hears_that_a_colleague_has_reopened_what_was_theirs(
    sqlite_store: Store, who: str, told: list[str]
) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    press(sqlite_store, service.done, people, "sam", 2, given="Kits.")
    for _ in range(2):
        press(sqlite_store, service.reopen, people, who, 3, now=later(days=3))
    assert row(sqlite_store, people.request).owner_id == people.sam.id
    assert [each.destination for each in messages(sqlite_store, "request.added")] == told


def test_undoing_what_one_asked_for_oneself_tells_nobody(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    with sqlite_store.writing() as session:
        mine = asked(session, people.sam, "form-sam").id
    own = replace(people, request=mine)
    press(sqlite_store, service.take, own, "sam", 1)
    press(sqlite_store, service.done, own, "sam", 2, given="Kits.")
    press(sqlite_store, service.undo, own, "sam", 3, now=later(minutes=5))
    assert messages(sqlite_store, "request.told") == []
    assert not events(sqlite_store, mine)[-1].told


def test_reopening_when_the_owner_has_left_lets_anybody_take_it(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.done, people, "sam", 2, given="Kits.")
    with store.writing() as session:
        people_service.set_staff(session, ["U0PAT", "U0LEE"], NOW)
    press(store, service.reopen, people, "kim", 3)
    now = row(store, people.request)
    assert (now.state, now.owner_id) == ("triaged", None)


def test_reopening_within_the_minute_takes_the_unsent_message_back(store: Store) -> None:
    people = cast(store)
    close(store, people, "sam")
    press(store, service.reopen, people, "pat", 2, now=later(seconds=30))
    assert messages(store, "request.told") == []


def test_after_fourteen_days_a_requester_asks_anew(store: Store) -> None:
    people = cast(store)
    close(store, people, "sam")
    with pytest.raises(Conflict, match="Conflict") as refused:
        press(store, service.reopen, people, "kim", 2, now=later(days=14, seconds=1))
    assert "send a new request" in refused.value.words
    press(store, service.reopen, people, "pat", 2, now=later(days=300))


def test_what_is_done_and_quiet_for_fourteen_days_is_completed(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.done, people, "sam", 2, given="Kits.")
    told = len(messages(store, "request.told"))
    for moment, count in ((later(days=13), 0), (later(days=14), 1), (later(days=15), 0)):
        with store.writing() as session:
            assert service.close_quiet(session, now=moment, profile=profile()) == count
    now = row(store, people.request)
    assert (now.state, now.close_reason, now.given) == ("closed", "completed", "Kits.")
    assert events(store, people.request)[-1].person_id is None
    assert len(messages(store, "request.told")) == told


def test_words_added_after_done_keep_it_open_for_longer(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.done, people, "sam", 2, given="Kits.")
    press(store, service.add_words, people, "kim", text="Thank you!", now=later(days=10))
    with store.writing() as session:
        assert service.close_quiet(session, now=later(days=20), profile=profile()) == 0
        assert service.close_quiet(session, now=later(days=24), profile=profile()) == 1
