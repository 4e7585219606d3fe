"""Whoever stops being staff reads nothing of a request any more: in no message, sent, standing or delayed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from copbot.delivery import service as delivery
from copbot.people import listeners
from copbot.people import service as people
from copbot.people.rules import STAFF_REREAD
from copbot.sandbox.people import FOREIGN_TEAM
from copbot.slack.entrances import Call
from copbot.store import Store
from tests.communities.kit import PROFILE
from tests.readers.kit import CANARY, Office
from tests.readers.test_gate import office


def _changes(**more: object) -> Callable[[Office], None]:
    def act(place: Office) -> None:
        ravi = place.slack.world.state.users[place.slack.user("ravi")]
        ravi |= more
        place.hears("user_change", user=dict(ravi))

    return act


def _left(place: Office) -> None:
    place.staff.members.remove(place.slack.user("ravi"))
    place.reads()


def _excluded(place: Office) -> None:
    lou = place.person("lou")
    place.does(people.exclude, user=place.slack.user("ravi"), by=lou)


ENDS = {
    "left": _left,
    "excluded": _excluded,
    "guest": _changes(is_restricted=True),
    "stranger": _changes(is_stranger=True),
    "foreign": _changes(team_id=FOREIGN_TEAM),
    "deactivated": _changes(deleted=True),
}


@pytest.fixture
def place(sqlite_store: Store) -> Office:
    return office(sqlite_store)


@pytest.mark.parametrize("how", ENDS)
def test_what_was_sent_to_them_loses_its_text_and_what_was_delayed_never_comes(
    place: Office, how: str
) -> None:
    ravi = place.slack.user("ravi")
    for kind in ("request.yours", "request.added", "joining.card"):
        place.says(kind, "event:4", ravi)
    key, due = "delayed", place.clock.now() + timedelta(minutes=1)
    yours = {"kind": "request.yours", "subject": "event:5", "to": ravi, "key": key, "due_at": due}
    delayed = place.does(delivery.say, **yours)
    place.delivers()
    assert sum(CANARY in each for each in place.dm("ravi")) == 3
    ENDS[how](place)
    place.delivers()
    assert [CANARY in each for each in place.dm("ravi")] == [False] * 3
    place.later(timedelta(minutes=2))
    place.delivers()
    assert len(place.dm("ravi")) == 3
    assert (place.row(delayed).state, place.row(delayed).reason) == ("nothing", "not_staff")


def test_what_they_asked_themselves_stays_theirs(place: Office) -> None:
    receipt = place.says("request.receipt", "request:4", place.slack.user("ravi"))
    place.delivers()
    ENDS["excluded"](place)
    place.does(delivery.refresh, subject="request:4")
    place.delivers()
    assert [CANARY in each for each in place.dm("ravi")] == [True]
    assert place.row(receipt).shown == 2


def test_who_comes_back_reads_again_what_stood(place: Office) -> None:
    place.says("request.yours", "event:4", place.slack.user("ravi"))
    place.delivers()
    ENDS["left"](place)
    place.delivers()
    place.staff.members.append(place.slack.user("ravi"))
    place.reads()
    place.delivers()
    assert [CANARY in each for each in place.dm("ravi")] == [True]


def test_who_left_in_silence_is_found_out_before_the_next_message(place: Office) -> None:
    place.staff.members.remove(place.slack.user("ravi"))
    place.later()
    place.says("request.yours", "event:4", place.slack.user("ravi"))
    before = place.jobs(STAFF_REREAD)
    place.delivers()
    assert place.dm("ravi") == []
    # What they had to do is given back by jobs that follow this one.
    assert place.jobs(STAFF_REREAD) == before + 1


def test_what_somebody_excluded_had_to_do_is_looked_for_at_once(place: Office) -> None:
    before, lou = place.jobs(STAFF_REREAD), replace(place.person("lou"), is_admin=True)
    with place.store.writing() as session:
        value = place.slack.user("ravi")
        listeners.exclude(
            Call(session=session, person=lou, now=place.clock.now(), profile=PROFILE, value=value)
        )
    assert place.jobs(STAFF_REREAD) == before + 1


def test_others_go_on_reading(place: Office) -> None:
    place.says("request.yours", "event:4", place.slack.user("mei"))
    place.delivers()
    for end in ENDS.values():
        end(place)
    place.delivers()
    assert [CANARY in each for each in place.dm("mei")] == [True]


def test_cards_for_who_decides_reach_an_administrator_who_is_not_staff(place: Office) -> None:
    place.says("community.proposal", "proposal:1", place.slack.user("lou"))
    place.says("community.proposal", "proposal:1", place.slack.user("kim"))
    place.delivers()
    assert (len(place.dm("lou")), len(place.dm("kim"))) == (1, 0)
