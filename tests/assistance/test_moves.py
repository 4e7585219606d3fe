"""What each move brings with it: rows, events, and who is told what and when."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from copbot.app import entrances
from copbot.assistance.views import facts
from copbot.assistance.views.staff_screens import OPEN_HAND_OVER
from copbot.assistance.workflow import service
from copbot.assistance.workflow.screens import HAND_OVER
from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.people import service as people_service
from copbot.slack.answers import Done, Open
from copbot.slack.entrances import Call, Form
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
from tests.people.given import NOW, person, staffed


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
def test_nothing_is_handed_to_somebody_who_is_not_staff(sqlite_store: Store, to: str) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    with pytest.raises(InvalidInput) as refused:
        press(sqlite_store, service.hand_over, people, "sam", 2, to=getattr(people, to).id)
    assert "not on staff" in refused.value.fields["to"]


def test_handing_over_to_whoever_has_it_is_refused(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    with pytest.raises(InvalidInput, match="InvalidInput") as refused:
        press(store, service.hand_over, people, "lee", 2, to=people.sam.id)
    assert refused.value.fields["to"].startswith(f"{people.sam.name} already has")


def test_an_owner_gained_while_waiting_is_kept_when_the_answer_comes(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.give_back, people, "sam", 2)
    press(store, service.ask_requester, people, "pat", 3, question="Which county?")
    press(store, service.hand_over, people, "lee", 4, to=people.pat.id)
    press(store, service.answer, people, "kim", text="Dane")
    now = row(store, people.request)
    assert (now.state, now.owner_id) == ("assigned", people.pat.id)


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
        assert service.has_answered(session, people.request, " Forty")
    assert [event.why for event in found.additions] == ["Forty"]
    assert found.question is None


def test_an_answer_that_comes_too_late_is_kept_as_an_addition(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.ask_requester, people, "sam", 2, question="How many?")
    press(store, service.give_back, people, "sam", 3)
    made = press(store, service.answer, people, "kim", text="Forty")
    assert (made.state, verbs(store, people.request)[-1]) == ("triaged", "add_words")
    with store.reading() as session:
        assert not service.has_answered(session, people.request, "Forty")
    assert messages(store, "request.added") == []  # nobody has it; the notice shows it


def test_adding_words_makes_nobodys_press_stale(store: Store) -> None:
    people = cast(store)
    press(store, service.add_words, people, "kim", text="And gloves.")
    assert press(store, service.take, people, "sam", 1).version == 2
    press(store, service.add_words, people, "kim", text="And masks.")
    press(store, service.give_back, people, "sam", 2)
    assert verbs(store, people.request) == ["received", "add_words", "take", "add_words", "give_back"]


def test_what_is_added_is_shown_in_notice_and_receipt_and_told_to_the_owner_alone(
    sqlite_store: Store,
) -> None:
    people = cast(sqlite_store)

    def versions() -> list[int]:
        return [messages(sqlite_store, f"request.{kind}")[0].version for kind in ("notice", "receipt")]

    before = versions()
    press(sqlite_store, service.add_words, people, "kim", text="And gloves.")
    assert versions() == [number + 1 for number in before]
    assert messages(sqlite_store, "request.added") == []
    press(sqlite_store, service.take, people, "sam", 1)
    press(sqlite_store, service.add_words, people, "kim", text="And masks.")
    assert [each.destination for each in messages(sqlite_store, "request.added")] == ["U0SAM"]


def test_an_owner_who_asked_for_it_or_has_left_the_staff_is_written_to_by_nobody(
    sqlite_store: Store,
) -> None:
    people = cast(sqlite_store)
    with sqlite_store.writing() as session:
        mine = asked(session, people.sam, "form-sam").id
    press(sqlite_store, service.take, replace(people, request=mine), "sam", 1)
    press(sqlite_store, service.add_words, replace(people, request=mine), "sam", text="And gloves.")
    press(sqlite_store, service.take, people, "pat", 1)
    with sqlite_store.writing() as session:
        people_service.set_staff(session, ["U0SAM", "U0LEE"], NOW)
    press(sqlite_store, service.add_words, people, "kim", text="And masks.")
    assert messages(sqlite_store, "request.added") == []


def test_who_assigns_a_request_to_themselves_gets_no_message_of_it(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.hand_over, people, "sam", 1, to=people.sam.id)
    assert row(sqlite_store, people.request).owner_id == people.sam.id
    assert messages(sqlite_store, "request.yours") == []
    press(sqlite_store, service.hand_over, people, "sam", 2, to=people.pat.id)
    assert [each.destination for each in messages(sqlite_store, "request.yours")] == ["U0PAT"]


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


def test_with_more_than_a_hundred_staff_the_form_finds_them_by_slacks_own_search(sqlite_store: Store) -> None:
    """What Slack's chooser holds is a user id, and the request goes to that person."""
    people = cast(sqlite_store)
    everybody = ("U0SAM", "U0PAT", "U0LEE", *(f"U0S{number:03}" for number in range(99)))
    last = staffed(sqlite_store, *everybody)[-1]
    press(sqlite_store, service.take, people, "sam", 1)
    given: dict[str, Any] = {"person": people.sam, "now": NOW, "profile": profile()}
    uid = row(sqlite_store, people.request).uid
    with sqlite_store.reading() as session:
        opened = entrances().find("action", OPEN_HAND_OVER)
        assert opened is not None
        answer = opened.run(Call(session, value=f"{uid}:2", **given))
    assert isinstance(answer, Open)
    [to] = [block["element"] for block in answer.view["blocks"] if block.get("block_id") == "to"]
    assert to["type"] == "users_select"
    meta = json.loads(answer.view["private_metadata"])
    with sqlite_store.writing() as session:
        sent = entrances().find("view", HAND_OVER)
        assert sent is not None
        assert isinstance(sent.run(Call(session, form=Form({"to": last.user}), meta=meta, **given)), Done)
    assert row(sqlite_store, people.request).owner_id == last.id
