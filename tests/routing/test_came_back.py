"""What comes back without an owner is given out again: to somebody who has not had it, else leads are told once."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.assistance.jobs import keep_up
from copbot.assistance.workflow import service as workflow
from copbot.clock import FixedClock
from copbot.jobs.work import Work
from copbot.people import service as people
from tests.assistance.desk import Desk
from tests.assistance.given import later, profile, row, verbs
from tests.people.given import NOW
from tests.routing.kit import Center


def runs(center: Center) -> None:
    for _ in range(2):
        keep_up(Work(center.store, None, FixedClock(later(hours=1)), profile(), {}, lambda *_: None))


def does(center: Center, verb: Any, who: str, ident: int, **more: Any) -> None:
    with center.store.writing() as session:
        how = {"person": getattr(center.people, who), "now": NOW, "profile": profile()}
        verb(session, request_id=ident, **how, **more)


def owner(center: Center, ident: int) -> str:
    return center.owner(row(center.store, ident))


@pytest.mark.both_databases
def test_given_back_it_goes_to_somebody_who_has_not_had_it(center: Center) -> None:
    center.switch("anything -> Sam or Pat")
    ident = center.asks().id
    assert owner(center, ident) == "sam"
    does(center, workflow.give_back, "lee", ident, why="Sam is full.")
    runs(center)
    assert owner(center, ident) == "pat"
    assert verbs(center.store, ident)[-2:] == ["give_back", "route"]
    [text] = [text for to, text in center.reads("request.yours") if to == "U0PAT"]
    assert "Why me? Rule 1 (anything)." in text
    told = Desk(center.store, center.people).news("route")
    assert [each.destination for each in told] == ["U0KIM"]


def test_when_everybody_has_had_it_leads_are_told_once(center: Center) -> None:
    center.switch("anything -> Sam")
    center.takes("pat", topics=("housing",))
    center.takes("lee", topics=("housing",))
    ident = center.asks().id
    does(center, workflow.give_back, "sam", ident)
    runs(center)
    assert owner(center, ident) == ""
    [(to, text)] = center.reads("request.unrouted")
    assert to == "U0LEE"
    assert "nobody else can take it now" in text


def test_reopened_or_left_by_who_is_no_longer_on_staff_it_is_given_out_again(center: Center) -> None:
    center.switch("anything -> Sam or Pat")
    ended, left = center.asks().id, center.asks("lee").id
    assert (owner(center, ended), owner(center, left)) == ("sam", "pat")
    does(center, workflow.done, "sam", ended, given="A box of kits.")
    does(center, workflow.hand_over, "lee", left, to=center.people.sam.id)
    with center.store.writing() as session:
        people.set_staff(session, [center.people.pat.user, center.people.lee.user], NOW)
    does(center, workflow.reopen, "kim", ended, why="It broke.")
    runs(center)
    assert owner(center, ended) == "pat"
    assert owner(center, left) == ""
    assert len(center.reads("request.unrouted")) == 0  # Lee asked, and is the only lead


def test_without_routing_or_when_somebody_takes_it_first_nothing_moves(center: Center) -> None:
    center.switch("anything -> Sam")
    first, second = center.asks().id, center.asks().id
    for ident in (first, second):
        does(center, workflow.give_back, "sam", ident)
    does(center, workflow.take, "sam", first)
    center.switch(on=False)
    runs(center)
    assert (owner(center, first), owner(center, second)) == ("sam", "")
