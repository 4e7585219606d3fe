"""The register's jobs: held notices and quiet requests, also when cut off half way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from copbot.assistance import jobs
from copbot.assistance.workflow import service
from copbot.clock import FixedClock
from copbot.jobs.work import CutOff, Work
from copbot.people import service as people_service
from copbot.store import Store
from tests.assistance.given import CHANNEL, asked, cast, later, messages, press, profile, row
from tests.people.given import NOW, person


def work(store: Store, now: Any, progress: Callable[[int, int], None] = lambda n, of: None) -> Work:
    return Work(
        store=store, gateway=None, clock=FixedClock(now), profile=profile(), args={}, progress=progress
    )


def hold(store: Store, count: int) -> list[int]:
    """Requests that came before there was a staff channel."""
    with store.writing() as session:
        kim = person(session, "U0KIM", "Kim")
        return [asked(session, kim, f"held-{number}", channel=None).id for number in range(count)]


def set_channel(store: Store, channel: str, problem: str = "") -> None:
    with store.writing() as session:
        people_service.set_staff_channel(session, channel, problem, now=NOW)


def test_requests_stay_held_while_there_is_no_channel(store: Store) -> None:
    hold(store, 2)
    assert jobs.announce(work(store, NOW)) == {"said": 0, "held": True}
    set_channel(store, CHANNEL, "guests")
    assert jobs.announce(work(store, NOW)) == {"said": 0, "held": True}
    assert messages(store, "request.notice") == []


def test_all_that_was_held_is_announced_once_in_order(store: Store) -> None:
    held = hold(store, 3)
    set_channel(store, CHANNEL)
    assert jobs.announce(work(store, later(hours=1))) == {"said": 3, "held": False}
    assert jobs.announce(work(store, later(hours=2))) == {"said": 0, "held": False}
    assert [each.subject for each in messages(store, "request.notice")] == [
        f"request:{ident}" for ident in held
    ]


@pytest.mark.both_databases
def test_an_announcement_cut_off_half_way_goes_on_where_it_was(store: Store) -> None:
    held = hold(store, 60)
    set_channel(store, CHANNEL)

    def cut(_n: int, _of: int) -> None:
        raise CutOff

    with pytest.raises(CutOff):
        jobs.announce(work(store, later(hours=1), cut))
    assert len(messages(store, "request.notice")) == 50
    assert jobs.announce(work(store, later(hours=1)))["said"] == 10
    assert len({each.subject for each in messages(store, "request.notice")}) == len(held)


def test_what_was_closed_while_it_was_held_is_not_announced(store: Store) -> None:
    (held,) = hold(store, 1)
    with store.writing() as session:
        kim = person(session, "U0KIM", "Kim")
        service.withdraw(session, request_id=held, person=kim, version=1, now=NOW, profile=profile())
    set_channel(store, CHANNEL)
    assert jobs.announce(work(store, NOW))["said"] == 0


def test_receipts_are_drawn_again_when_staff_can_see_the_request(store: Store) -> None:
    hold(store, 1)
    set_channel(store, CHANNEL)
    jobs.announce(work(store, later(hours=1)))
    assert [each.version for each in messages(store, "request.receipt")] == [2]


def test_quiet_requests_are_closed_after_fourteen_days(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.done, people, "sam", 2, given="Kits.")
    assert jobs.close_quiet(work(store, later(days=13, hours=23))) == {"closed": 0}
    assert jobs.close_quiet(work(store, later(days=14))) == {"closed": 1}
    assert jobs.close_quiet(work(store, later(days=30))) == {"closed": 0}
    now = row(store, people.request)
    assert (now.state, now.close_reason, now.closed_at) == ("closed", "completed", later(days=14))


def test_closing_after_fourteen_days_lets_the_requester_reopen_for_fourteen_more(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.done, people, "sam", 2, given="Kits.")
    jobs.close_quiet(work(store, later(days=14)))
    made = press(store, service.reopen, people, "kim", 4, now=later(days=27))
    assert made.state == "in_progress"


def test_jobs_are_asked_for_by_the_clock() -> None:
    timed = {job.name for job in jobs.JOBS if job.every}
    assert timed == {jobs.ANNOUNCE, jobs.CLOSE_QUIET, jobs.UPKEEP, jobs.CLOCKS, "assistance.cover"}
    assert {job.name: job.at for job in jobs.JOBS if job.at} == {jobs.TODAY: "08:00"}


@pytest.mark.parametrize("who", ["kim", "sam", "olly"])
def test_a_new_name_is_drawn_again_on_every_message_that_names_them(store: Store, who: str) -> None:
    them = cast(store)
    press(store, service.take, them, "sam")
    with store.writing() as session:
        other = asked(session, them.olly, "another", now=later(minutes=1)).id
    before = {each.id: each.version for kind in KINDS for each in messages(store, kind)}
    arguments = {"person": getattr(them, who).id}
    redrawn = jobs.redraw_names(replace(work(store, later(hours=1)), args=arguments))["redrawn"]
    changed = {
        each.subject for kind in KINDS for each in messages(store, kind) if each.version > before[each.id]
    }
    assert redrawn > 0
    assert f"request:{other if who == 'olly' else them.request}" in changed
    assert f"request:{them.request if who == 'olly' else other}" not in changed


KINDS = ("request.notice", "request.receipt", "request.told")
