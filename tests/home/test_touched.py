"""A commit brings only those Homes up to date that it can have changed."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.assistance.tables import RequestRow
from copbot.clock import FixedClock
from copbot.delivery import service as delivery
from copbot.home import tables
from copbot.home.jobs import RedrawTiming, Refresher
from copbot.home.rules import NOBODY, PERSON, STAFF, Due
from copbot.people import service as people
from copbot.people.tables import PersonRow
from copbot.program.settings.service import choose
from copbot.slack.entrances import Wiring
from copbot.slack.person import Person
from copbot.store import Session, Store, hold, purge
from tests.home.given import everybody, profile, requests
from tests.people.given import NOW, person


class Slack:
    team = "T1"

    def __init__(self) -> None:
        self.published: list[str] = []

    def call(self, _method: str, **args: Any) -> dict[str, Any]:
        self.published.append(args["user_id"])
        return {"view": {"hash": "h"}}


class Opened:
    """Every role's Home and those of five more members are open; all have been drawn."""

    def __init__(self, store: Store) -> None:
        self.store, self.slack = store, Slack()
        self.who = everybody(store)
        requests(store, self.who, 8)
        with store.writing() as session:
            others = [person(session, f"U0M{number}", f"Member {number}") for number in range(5)]
            for each in (*others, *self.who.values()):
                tables.keep(session, each.id, hash_="", shown="", is_staffs=each.is_staff, opened=NOW)
        timing = RedrawTiming(apart=0.0, gap=0.0)
        self.homes = Refresher(
            store, self.slack, FixedClock(NOW), profile(), self._identify, wiring=Wiring(), timing=timing
        )
        self.homes._look()  # the first look is a sweep
        store.on_change(self.homes.heard)
        self.drawn: list[str] = []
        draw = self.homes._draw

        def counted(user: str) -> Any:
            self.drawn.append(user)
            return draw(user)

        self.homes._draw = counted  # type: ignore[method-assign]

    def _identify(self, session: Session, user: str) -> Person | None:
        return people.identify(session, user, None, "T1")

    def looks(self) -> set[str]:
        self.drawn.clear()
        self.homes._look()
        return set(self.drawn)


@pytest.fixture
def opened(sqlite_store: Store) -> Opened:
    return Opened(sqlite_store)


def test_what_the_sender_and_the_frame_note_draws_nothing(opened: Opened) -> None:
    with opened.store.writing() as session:
        delivery.say(session, "told", "request:1", to="U0M1", key="told:1", now=NOW)
    assert opened.looks() == set()


def test_a_request_that_moves_is_seen_by_staff_and_by_whoever_asked(opened: Opened) -> None:
    with opened.store.writing() as session:
        hold(session, RequestRow, 2).version += 1
    with opened.store.reading() as session:
        asked = session.get_one(PersonRow, session.get_one(RequestRow, 2).requester_id).user
    assert asked == "U0KIM"
    assert opened.looks() == {"U0KIM", "U0SAM", "U0LEE"}
    assert opened.looks() == set()


def test_several_commits_are_one_look_and_a_person_sees_their_own(opened: Opened) -> None:
    for user in ("U0M1", "U0M2"):
        with opened.store.writing() as session:
            row = session.query(PersonRow).filter_by(user=user).one()
            hold(session, PersonRow, row.id).role = "Nurse"
    assert opened.looks() == {"U0M1", "U0M2"}


def test_what_everybody_sees_is_swept_soon_and_not_at_once(opened: Opened) -> None:
    sweep = opened.homes._sweep_at
    with opened.store.writing() as session:
        choose(session, "quiet_days", 31, by="U0ADMIN", now=NOW)
    assert opened.looks() == set()
    assert opened.homes._sweep_at < sweep
    opened.homes._sweep_at = 0.0
    assert len(opened.looks()) == 9


def test_a_table_that_nothing_is_said_of_is_for_everybody() -> None:
    due = Due()
    due.add({"resources"}, ())
    assert due.everyone
    assert set(purge.tables()) >= NOBODY | STAFF | PERSON
