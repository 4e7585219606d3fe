"""What is shown of requests, and to whom: one request, what a form checks before it opens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from copbot.assistance.views import facts
from copbot.assistance.workflow import service
from copbot.errors import Conflict, CopbotError, NotAllowed, NotFound
from copbot.people import service as people_service
from copbot.store import Store
from tests.assistance.given import CHANNEL, asked, cast, close, form, later, messages, press, row
from tests.people.given import NOW, again, person


def test_a_notice_holds_all_that_staff_need_to_act(store: Store) -> None:
    people = cast(store)
    press(store, service.add_words, people, "kim", text="And gloves.", now=later(minutes=3))
    press(store, service.take, people, "sam", 1, now=later(minutes=5))
    with store.reading() as session:
        found = facts.notice(session, people.request, NOW)
    assert found is not None
    assert (found.label, found.state, found.version) == (f"TA-{people.request + 1000}", "assigned", 2)
    assert (found.topics, found.areas, found.kind) == (("naloxone",), form().areas, "unsure")
    assert (found.need, found.agency) == (form().need, "Dane Drop-in")
    assert (found.requester.user, found.requester.name) == ("U0KIM", "Kim")
    assert found.owner is not None
    assert found.owner.user == "U0SAM"
    assert [(each.why, each.by and each.by.name) for each in found.additions] == [("And gloves.", "Kim")]
    assert (found.events[-1].verb, found.events[-1].at) == ("take", later(minutes=5))
    assert found.staff_channel == CHANNEL
    assert len(found.uid) == 32


def test_a_message_about_an_event_holds_the_event_and_its_request(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    made = press(store, service.hand_over, people, "sam", 2, to=people.pat.id, why="Yours")
    with store.reading() as session:
        told = facts.told(session, made.event_id, NOW)
    assert told is not None
    assert told.request.id == people.request
    assert (told.event.verb, told.event.why) == ("hand_over", "Yours")
    assert told.event.by is not None
    assert told.event.whom is not None
    assert (told.event.by.name, told.event.whom.name) == ("Sam", "Pat")


def test_what_is_gone_shows_nothing(store: Store) -> None:
    with store.reading() as session:
        assert facts.notice(session, 99, NOW) is None
        assert facts.told(session, 99, NOW) is None


@pytest.mark.parametrize(("who", "sees"), [("kim", True), ("sam", True), ("olly", False), ("gil", False)])
def test_a_request_is_shown_to_its_requester_and_to_staff_only_inv7(
    sqlite_store: Store, who: str, sees: bool
) -> None:
    people = cast(sqlite_store)
    words = set()
    with sqlite_store.reading() as session:
        if sees:
            assert facts.one(session, people.request, getattr(people, who), NOW).id == people.request
            return
        for request_id in (people.request, 99):
            with pytest.raises(NotFound) as refused:
                facts.one(session, request_id, getattr(people, who), NOW)
            words.add(refused.value.words.replace(f"TA-{request_id + 1000}", "TA-…"))
    assert len(words) == 1  # a missing request and one of others read the same


def test_a_guest_sees_their_own(store: Store) -> None:
    with store.writing() as session:
        gil = person(session, "U0GIL", is_restricted=True)
        mine = asked(session, gil).id
    with store.reading() as session:
        assert facts.one(session, mine, gil, NOW).id == mine


def test_a_button_finds_its_request_by_uid(store: Store) -> None:
    people = cast(store)
    with store.reading() as session:
        assert service.id_of(session, row(store, people.request).uid) == people.request
        with pytest.raises(NotFound):
            service.id_of(session, "f" * 32)


def test_undo_is_offered_for_ten_minutes(store: Store) -> None:
    people = cast(store)
    close(store, people, "sam")
    with store.reading() as session:
        notice = facts.notice(session, people.request, NOW)
    assert notice is not None
    assert (notice.can_undo(later(minutes=10)), notice.can_undo(later(minutes=11))) == (True, False)


def test_a_form_opens_only_for_what_is_possible(store: Store) -> None:
    people = cast(store)

    def trouble(verb: str, who: str) -> type[CopbotError] | None:
        with store.reading() as session:
            try:
                facts.check(session, people.request, verb, getattr(people, who), NOW)
            except CopbotError as error:
                return type(error)
        return None

    assert trouble("hand_over", "pat") is None  # nobody has it: it is assigned
    assert trouble("done", "sam") is Conflict
    assert trouble("close", "kim") is NotAllowed
    assert trouble("close", "olly") is NotFound
    assert trouble("add_words", "kim") is None
    assert trouble("add_words", "sam") is NotAllowed
    press(store, service.take, people, "sam", 1)
    assert trouble("hand_over", "pat") is NotAllowed
    assert trouble("hand_over", "sam") is None
    close(store, people, "sam")
    assert trouble("add_words", "kim") is Conflict
    assert trouble("close", "sam") is Conflict


def test_looking_changes_nothing(store: Store) -> None:
    people = cast(store)
    before = [message.version for message in messages(store, "request.notice")]
    with store.reading() as session:
        facts.one(session, people.request, people.sam, NOW)
        facts.check(session, people.request, "take", people.sam, NOW)
    assert row(store, people.request).version == 1
    assert [message.version for message in messages(store, "request.notice")] == before


def test_of_two_questions_the_newer_one_waits_for_its_answer(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    press(sqlite_store, service.ask_requester, people, "sam", 2, question="How many?")
    press(sqlite_store, service.answer, people, "kim", text="Ten.")
    press(sqlite_store, service.ask_requester, people, "sam", 4, question="By when?")
    with sqlite_store.reading() as session:
        found = facts.notice(session, people.request, NOW)
    assert found is not None
    assert found.question is not None
    assert found.question.why == "By when?"


def test_who_left_the_staff_cannot_undo_what_they_did_inv7(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    with sqlite_store.writing() as session:
        mine = asked(session, people.sam, "form-sam").id
    own = replace(people, request=mine)
    press(sqlite_store, service.take, own, "sam", 1)
    press(sqlite_store, service.done, own, "sam", 2, given="Kits.")
    with sqlite_store.writing() as session:
        people_service.set_staff(session, ["U0PAT", "U0LEE"], NOW)
        gone = again(session, people.sam)
    with pytest.raises(NotAllowed):
        press(sqlite_store, service.undo, replace(own, sam=gone), "sam", 3)
