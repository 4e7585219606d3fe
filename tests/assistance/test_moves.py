"""What each move brings with it: rows, events, and who is told what and when."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from copbot.assistance import facts, service
from copbot.assistance.moving import Moved
from copbot.delivery.tables import MessageRefresh
from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.people import service as people_service
from copbot.store import Store
from tests.assistance.given import Cast, asked, cast, events, later, messages, profile, row, verbs
from tests.people.given import NOW, again, person


def press(store: Store, verb: Any, people: Cast, who: str, version: int | None = None, **more: Any) -> Moved:
    """One press in a transaction of its own."""
    more.setdefault("now", NOW)
    if verb not in (service.answer, service.add_words):
        more["version"] = version
    with store.writing() as session:
        made: Moved = verb(session, request_id=people.request, person=getattr(people, who), **more)
    return made


def close(store: Store, people: Cast, who: str, reason: str = "completed", **more: Any) -> Moved:
    more = {"words": "", "referral": "", "profile": profile(), **more}
    return press(store, service.close, people, who, reason=reason, **more)


# Take, give back, hand over


def test_taking_gives_an_owner_and_tells_the_requester(store: Store) -> None:
    people = cast(store)
    made = press(store, service.take, people, "sam", 1, now=later(minutes=5))
    now = row(store, people.request)
    assert (now.state, now.owner_id, now.assigned_at, now.version) == (
        "assigned",
        people.sam.id,
        later(minutes=5),
        2,
    )
    assert now.first_reply_at is None  # that somebody took it is no reply
    (told,) = messages(store, "request.told")
    assert (told.subject, told.destination, told.due_at) == (
        f"event:{made.event_id}",
        "U0KIM",
        later(minutes=5),
    )


def test_every_move_changes_notice_and_receipt_in_place(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.give_back, people, "sam", 2)
    for kind in ("request.notice", "request.receipt"):
        assert [each.version for each in messages(store, kind)] == [3]


def test_an_event_row_says_who_when_from_where_to_and_why(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.give_back, people, "sam", 2, why="On leave", now=later(hours=1))
    last = events(store, people.request)[-1]
    assert (last.person_id, last.at, last.verb) == (people.sam.id, later(hours=1), "give_back")
    assert (last.from_state, last.to_state, last.why, last.told) == ("assigned", "triaged", "On leave", True)


def test_giving_back_leaves_it_to_anybody(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.give_back, people, "sam", 2)
    press(store, service.take, people, "pat", 3)
    assert row(store, people.request).owner_id == people.pat.id


def test_handing_over_tells_the_new_owner_and_keeps_the_state(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    made = press(store, service.hand_over, people, "sam", 2, to=people.pat.id, why="Wound care is Pat's")
    assert (made.state, row(store, people.request).owner_id) == ("assigned", people.pat.id)
    (yours,) = messages(store, "request.yours")
    assert (yours.destination, yours.subject) == ("U0PAT", f"event:{made.event_id}")
    assert events(store, people.request)[-1].whom_id == people.pat.id


def test_a_request_nobody_has_can_be_assigned_by_any_staff(store: Store) -> None:
    people = cast(store)
    press(store, service.hand_over, people, "pat", 1, to=people.sam.id)
    now = row(store, people.request)
    assert (now.state, now.owner_id) == ("assigned", people.sam.id)
    assert verbs(store, people.request) == ["received", "assign"]
    assert [each.destination for each in messages(store, "request.yours")] == ["U0SAM"]


@pytest.mark.parametrize("to", ["kim", "gil"])
def test_nothing_is_handed_to_somebody_who_is_not_staff(store: Store, to: str) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    with pytest.raises(InvalidInput) as refused:
        press(store, service.hand_over, people, "sam", 2, to=getattr(people, to).id)
    assert "not on the staff" in refused.value.fields["to"]


def test_handing_over_to_whoever_has_it_is_refused(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    with pytest.raises(InvalidInput, match="InvalidInput") as refused:
        press(store, service.hand_over, people, "lee", 2, to=people.sam.id)
    assert refused.value.fields["to"].endswith("already.")


def test_an_owner_gained_while_waiting_is_kept_when_the_answer_comes(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.give_back, people, "sam", 2)
    press(store, service.ask_requester, people, "pat", 3, question="Which county?")
    press(store, service.hand_over, people, "lee", 4, to=people.pat.id)
    press(store, service.answer, people, "kim", text="Dane")
    now = row(store, people.request)
    assert (now.state, now.owner_id) == ("assigned", people.pat.id)


# Two people at once


@pytest.mark.parametrize("_round", range(3))
def test_of_two_who_take_at_once_one_wins_and_the_other_is_told_who(store: Store, _round: int) -> None:
    people = cast(store)
    start = threading.Barrier(2)
    outcome: dict[str, Moved | Conflict] = {}

    def take(who: str) -> None:
        start.wait(10)
        try:
            outcome[who] = press(store, service.take, people, who, 1)
        except Conflict as error:
            outcome[who] = error

    threads = [threading.Thread(target=take, args=(who,)) for who in ("sam", "pat")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    (winner,) = [who for who, found in outcome.items() if isinstance(found, Moved)]
    (refused,) = [found for found in outcome.values() if isinstance(found, Conflict)]
    name = getattr(people, winner).name
    assert refused.words == f"{name} took TA-{people.request + 1000} a moment ago."
    assert row(store, people.request).owner_id == getattr(people, winner).id
    assert verbs(store, people.request) == ["received", "take"]
    assert len(messages(store, "request.told")) == 1


def test_a_double_tap_is_one_move_and_both_succeed_inv3(store: Store) -> None:
    people = cast(store)
    first = press(store, service.take, people, "sam", 1)
    second = press(store, service.take, people, "sam", 1)
    assert second == replace(first, already=True)
    assert verbs(store, people.request) == ["received", "take"]


def test_a_form_sent_twice_is_one_move_but_other_words_are_not(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    first = press(store, service.done, people, "sam", 2, given="A box of kits.")
    assert press(store, service.done, people, "sam", 2, given=" A box of kits. ") == replace(
        first, already=True
    )
    with pytest.raises(Conflict) as refused:
        press(store, service.done, people, "sam", 2, given="Two boxes.")
    assert refused.value.words.startswith("You marked TA-")


def test_the_same_hand_over_sent_twice_succeeds_twice(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    first = press(store, service.hand_over, people, "lee", 2, to=people.pat.id)
    assert press(store, service.hand_over, people, "lee", 2, to=people.pat.id) == replace(first, already=True)


def test_who_saw_an_older_version_is_told_what_happened_since(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.hand_over, people, "sam", 2, to=people.pat.id)
    with pytest.raises(Conflict) as refused:
        press(store, service.give_back, people, "sam", 2, now=later(minutes=7))
    assert refused.value.words == f"You handed TA-{people.request + 1000} over to Pat 7 minutes ago."


def test_a_press_without_a_version_is_judged_by_the_state_alone(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam")
    with pytest.raises(Conflict) as refused:
        press(store, service.take, people, "pat")
    assert refused.value.words == f"{people.sam.name} has TA-{people.request + 1000} already."


def test_somebody_who_left_the_staff_is_nobody_at_the_next_press_inv7(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    with store.writing() as session:
        people_service.set_staff(session, ["U0PAT", "U0LEE"], NOW)
        gone = again(session, people.sam)
    with pytest.raises(NotFound):
        press(store, service.done, replace(people, sam=gone), "sam", 2, given="Kits.")


# Questions and answers


def test_a_question_is_a_first_reply_and_stops_the_clock(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.ask_requester, people, "sam", 2, question=" How many kits? ", now=later(hours=1))
    now = row(store, people.request)
    assert (now.state, now.came_from, now.first_reply_at) == (
        "waiting_requester",
        "in_progress",
        later(hours=1),
    )
    with store.reading() as session:
        found = facts.one(session, people.request, people.kim, NOW)
    assert found.question is not None
    assert found.question.why == "How many kits?"


def test_an_answer_returns_to_where_it_came_from_and_reaches_the_owner(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.ask_requester, people, "sam", 2, question="How many?")
    made = press(store, service.answer, people, "kim", text="Forty")
    assert made.state == "in_progress"
    (added,) = messages(store, "request.added")
    assert (added.destination, added.subject) == ("U0SAM", f"event:{made.event_id}")
    with store.reading() as session:
        found = facts.one(session, people.request, people.sam, NOW)
    assert [event.why for event in found.additions] == ["Forty"]
    assert found.question is None


def test_an_answer_that_comes_too_late_is_kept_as_an_addition(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.ask_requester, people, "sam", 2, question="How many?")
    press(store, service.give_back, people, "sam", 3)
    made = press(store, service.answer, people, "kim", text="Forty")
    assert (made.state, verbs(store, people.request)[-1]) == ("triaged", "add_words")
    assert messages(store, "request.added") == []  # nobody has it; the notice shows it


def test_adding_words_makes_nobodys_press_stale(store: Store) -> None:
    people = cast(store)
    press(store, service.add_words, people, "kim", text="And gloves.")
    assert press(store, service.take, people, "sam", 1).version == 2
    press(store, service.add_words, people, "kim", text="And masks.")
    press(store, service.give_back, people, "sam", 2)
    assert verbs(store, people.request) == ["received", "add_words", "take", "add_words", "give_back"]


def test_after_additions_a_stale_press_is_told_of_the_move(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.add_words, people, "kim", text="And gloves.")
    with pytest.raises(Conflict) as refused:
        press(store, service.take, people, "pat", 1)
    assert " took TA-" in refused.value.words


def test_nothing_is_added_to_a_closed_request(store: Store) -> None:
    people = cast(store)
    close(store, people, "sam")
    with pytest.raises(Conflict, match="Conflict") as refused:
        press(store, service.add_words, people, "kim", text="One more thing")
    assert "Reopen it" in refused.value.words


def test_only_the_requester_adds_words(store: Store) -> None:
    people = cast(store)
    with pytest.raises(NotAllowed):
        press(store, service.add_words, people, "sam", text="Note")
    with pytest.raises(NotFound):
        press(store, service.add_words, people, "olly", text="Note")


@pytest.mark.parametrize(
    ("verb", "who", "field"),
    [
        (service.ask_requester, "sam", "question"),
        (service.done, "sam", "given"),
        (service.answer, "kim", "text"),
        (service.add_words, "kim", "text"),
    ],
)
@pytest.mark.parametrize("typed", ["", " \u200b\n", "x" * 2001])
def test_empty_and_endless_words_are_sent_back_to_their_field(
    sqlite_store: Store, verb: Any, who: str, field: str, typed: str
) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    with pytest.raises(InvalidInput) as refused:
        press(sqlite_store, verb, people, who, 2, **{field: typed})
    assert set(refused.value.fields) == {field}
    assert verbs(sqlite_store, people.request) == ["received", "take"]


# Done, close, undo


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
    close(store, people, "pat", "no_capacity", words="Nobody can.", referral="Call the county.")
    press(store, service.undo, people, "pat", 4)
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
    store: Store, who: str, minutes: int, allowed: bool
) -> None:
    people = cast(store)
    close(store, people, "sam")
    if allowed:
        assert press(store, service.undo, people, who, 2, now=later(minutes=minutes)).state == "new"
        return
    with pytest.raises((Conflict, NotAllowed)):
        press(store, service.undo, people, who, 2, now=later(minutes=minutes))
    assert row(store, people.request).state == "closed"


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


# Withdraw, reopen, fourteen quiet days


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
        service.take(session, request_id=mine, person=people.sam, version=1, now=NOW)
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
    assert "ask anew" in refused.value.words
    press(store, service.reopen, people, "pat", 2, now=later(days=300))


def test_what_is_done_and_quiet_for_fourteen_days_is_completed(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.done, people, "sam", 2, given="Kits.")
    told = len(messages(store, "request.told"))
    for moment, count in ((later(days=13), 0), (later(days=14), 1), (later(days=15), 0)):
        with store.writing() as session:
            assert service.close_quiet(session, now=moment) == count
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
        assert service.close_quiet(session, now=later(days=20)) == 0
        assert service.close_quiet(session, now=later(days=24)) == 1


# A long life


def test_versions_count_the_moves_and_events_never_vanish(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.ask_requester, people, "sam", 2, question="How many?")
    press(store, service.answer, people, "kim", text="Forty")
    press(store, service.done, people, "sam", 4, given="Kits.", now=later(hours=1))
    press(store, service.reopen, people, "kim", 5, now=later(hours=2))
    close(store, people, "lee", version=6, now=later(hours=3))
    found = events(store, people.request)
    assert [event.version for event in found] == [1, 2, 3, 4, 5, 6, 7]
    assert [found[at].to_state for at in range(6)] == [found[at + 1].from_state for at in range(6)]


def test_a_request_stays_with_a_person_who_is_renamed(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    with store.writing() as session:
        person(session, "U0SAM", "Samira", tz="Europe/Paris")
    with store.reading() as session:
        found = facts.one(session, people.request, people.kim, NOW + timedelta(days=1))
    assert found.owner is not None
    assert found.owner.name == "Samira"
