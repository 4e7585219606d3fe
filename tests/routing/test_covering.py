"""Somebody is away: what presses goes to their backup, the rest stays, and a lead moves all of it at once."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.app import entrances
from copbot.assistance import jobs
from copbot.assistance.upkeep import service
from copbot.assistance.workflow import service as workflow
from copbot.clock import FixedClock
from copbot.errors import InvalidInput
from copbot.jobs.tables import JobRow
from copbot.jobs.work import CutOff, Work
from copbot.slack.answers import Open, Update
from copbot.slack.entrances import Form
from copbot.store import Store
from tests.assistance.desk import URGENT, Desk
from tests.assistance.given import cast, later, profile, row, verbs
from tests.people.given import NOW
from tests.routing.kit import Center, does


@pytest.fixture
def center(store: Store) -> Center:
    """Pat is Sam's backup."""
    made = Center(store, cast(store))
    made.switch("anything -> Sam")
    made.takes("sam", backup=made.people.pat.id)
    return made


def work(center: Center, hours: float = 0, cut_after: int = 99, **args: Any) -> Work:
    def progress(done: int, _of: int) -> None:
        if done >= cut_after:
            raise CutOff

    clock = FixedClock(later(hours=hours))
    return Work(center.store, None, clock, profile(), args, progress)


def has(center: Center, ident: int) -> str:
    return center.owner(row(center.store, ident))


@pytest.mark.both_databases
def test_urgent_and_late_ones_go_to_the_backup_and_the_rest_stays(center: Center) -> None:
    usual, urgent = center.asks(), center.asks(**URGENT)
    assert (has(center, usual.id), has(center, urgent.id)) == ("sam", "sam")
    assert jobs.cover(work(center)) == {"covered": 0}
    center.leaves("sam")
    assert jobs.cover(work(center)) == {"covered": 1}
    assert (has(center, usual.id), has(center, urgent.id)) == ("sam", "pat")
    assert jobs.cover(work(center)) == {"covered": 0}
    (to, text), *_ = [each for each in center.reads("request.yours") if each[0] == "U0PAT"]
    assert f"TA-{1000 + urgent.id} is yours." in text
    assert "Why me? As backup: Sam is away until" in text
    told = Desk(center.store, center.people).news("cover")
    assert [each.destination for each in told] == ["U0KIM"]
    assert to == "U0PAT"


def test_what_is_late_goes_too(center: Center) -> None:
    late = center.asks(minutes=-60 * 24 * 7)
    center.leaves("sam")
    assert jobs.cover(work(center)) == {"covered": 1}
    assert verbs(center.store, late.id)[-1] == "cover"


def test_what_is_handed_over_to_somebody_away_stays_with_them(center: Center) -> None:
    urgent = center.asks(**URGENT)
    with center.store.writing() as session:
        how = {"person": center.people.sam, "profile": profile(), "request_id": urgent.id}
        workflow.give_back(session, now=NOW, **how)  # type: ignore[arg-type]
    center.leaves("sam")
    with center.store.writing() as session:
        how["person"] = center.people.lee
        workflow.hand_over(session, to=center.people.sam.id, now=later(minutes=5), **how)  # type: ignore[arg-type]
    assert jobs.cover(work(center, hours=1)) == {"covered": 0}
    assert has(center, urgent.id) == "sam"


def test_without_routing_or_a_backup_who_is_here_nothing_moves(center: Center) -> None:
    urgent = center.asks(**URGENT)
    center.leaves("sam")
    center.leaves("pat")
    assert jobs.cover(work(center)) == {"covered": 0}
    center.takes("sam", backup=center.people.lee.id)
    center.switch(on=False)
    assert jobs.cover(work(center)) == {"covered": 0}
    center.switch()
    assert jobs.cover(work(center)) == {"covered": 1}
    assert has(center, urgent.id) == "lee"


def test_a_confidential_one_goes_to_a_backup_who_leads_only(center: Center) -> None:
    urgent = center.asks(**URGENT)
    with center.store.writing() as session:
        workflow.confide(session, request_id=urgent.id, person=center.people.lee, now=later())
    center.leaves("sam")
    assert jobs.cover(work(center)) == {"covered": 0}
    center.takes("sam", backup=center.people.lee.id)
    assert jobs.cover(work(center)) == {"covered": 1}
    assert has(center, urgent.id) == "lee"


@pytest.mark.both_databases
def test_a_lead_moves_all_at_once_and_a_cut_off_run_goes_on(center: Center) -> None:
    several = [center.asks().id for _ in range(4)]
    opened = does(center, "action", "people.open_move_all", value=str(center.people.sam.id))
    assert isinstance(opened, Open)
    assert "Sam has 4 open requests." in str(opened.view)
    how = {"form": Form({"to": str(center.people.pat.id)}), "meta": {"owner": center.people.sam.id}}
    for _ in range(2):  # sent twice
        shown = does(center, "view", "request.move_all", form_key="one-form", **how)
    assert isinstance(shown, Update)
    assert "Pat gets 4 open requests" in str(shown.view)
    with center.store.reading() as session:
        (job,) = session.query(JobRow).filter_by(name=service.MOVE_ALL).all()
    with pytest.raises(CutOff):
        jobs.move_all(work(center, cut_after=2, **job.args))
    assert sorted(has(center, each) for each in several) == ["pat", "pat", "sam", "sam"]
    jobs.move_all(work(center, **job.args))
    assert {has(center, each) for each in several} == {"pat"}
    assert [to for to, text in center.reads("request.yours") if "handed" in text] == ["U0PAT"] * 4


def test_confidential_ones_stay_unless_they_go_to_a_lead(center: Center) -> None:
    usual, closed = center.asks().id, center.asks().id
    with center.store.writing() as session:
        workflow.confide(session, request_id=closed, person=center.people.lee, now=later())
    how = {"owner": center.people.sam.id, "by": center.people.lee.id}
    shown = does(
        center, "view", "request.move_all", form_key="one", form=Form({"to": str(center.people.pat.id)}),
        meta={"owner": center.people.sam.id},
    )  # fmt: skip
    assert "1 confidential request stays with Sam" in str(shown)
    jobs.move_all(work(center, to=center.people.pat.id, **how))
    assert (has(center, usual), has(center, closed)) == ("pat", "sam")
    jobs.move_all(work(center, to=center.people.lee.id, **how))
    assert has(center, closed) == "lee"


def test_who_is_no_lead_any_more_moves_nothing_and_nobody_gets_their_own(center: Center) -> None:
    usual = center.asks().id
    sam, pat = center.people.sam.id, center.people.pat.id
    assert jobs.move_all(work(center, owner=sam, to=pat, by=pat)) == {"seen": 0}
    assert has(center, usual) == "sam"
    with pytest.raises(InvalidInput):
        does(center, "view", "request.move_all", form=Form({"to": str(sam)}), meta={"owner": sam})
    entrance = entrances().find("view", "request.move_all")
    assert entrance is not None
    assert entrance.who == "lead"
