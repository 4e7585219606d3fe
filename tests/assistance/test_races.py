"""Two presses at once, presses of what has changed since, and the same press twice."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from copbot.assistance.workflow import service
from copbot.assistance.workflow.transitions import Moved
from copbot.errors import Conflict, NotFound
from copbot.people import service as people_service
from copbot.store import Store
from tests.assistance.given import (
    cast,
    later,
    messages,
    press,
    row,
    verbs,
)
from tests.people.given import NOW, again

pytestmark = pytest.mark.both_databases


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
    assert refused.value.words == f"{people.sam.name} already has TA-{people.request + 1000}."


def test_somebody_who_left_the_staff_is_nobody_at_the_next_press_inv7(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    with store.writing() as session:
        people_service.set_staff(session, ["U0PAT", "U0LEE"], NOW)
        gone = again(session, people.sam)
    with pytest.raises(NotFound):
        press(store, service.done, replace(people, sam=gone), "sam", 2, given="Kits.")


def test_a_press_from_long_ago_is_no_second_tap_although_the_same_move_was_the_last_inv3(
    sqlite_store: Store,
) -> None:
    people = cast(sqlite_store)
    for version, verb in ((1, service.take), (2, service.give_back), (3, service.take)):
        press(sqlite_store, verb, people, "sam", version)
    assert press(sqlite_store, service.take, people, "sam", 3).already
    with pytest.raises(Conflict):
        press(sqlite_store, service.take, people, "sam", 1)


def test_the_same_form_sent_for_somebody_else_is_no_second_tap_inv3(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    press(sqlite_store, service.hand_over, people, "sam", 2, to=people.pat.id)
    assert press(sqlite_store, service.hand_over, people, "sam", 2, to=people.pat.id).already
    with pytest.raises(Conflict):
        press(sqlite_store, service.hand_over, people, "sam", 2, to=people.lee.id)
    assert row(sqlite_store, people.request).owner_id == people.pat.id
