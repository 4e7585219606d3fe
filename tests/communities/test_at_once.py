"""Two people, or two processes, at the same moment: one is first, the other is told so, and nothing stands twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from copbot.communities.activity import service as activity
from copbot.communities.membership import service as membership
from copbot.communities.proposals import service as proposals
from copbot.communities.rules import CommunityState
from copbot.communities.tables import MembershipRequest
from copbot.errors import Conflict, CopbotError
from copbot.joining import rules
from copbot.joining import service as joining
from copbot.sandbox.people import TEAM
from copbot.store import Session
from tests.communities.kit import NOON, PROFILE, Commons

pytestmark = pytest.mark.both_databases


def at_once(commons: Commons, jobs: Sequence[Callable[[Session], Any]]) -> list[Any]:
    """What became of each, in its own transaction, all begun together."""
    start = threading.Barrier(len(jobs))
    became: list[Any] = [None] * len(jobs)

    def run(number: int, job: Callable[[Session], Any]) -> None:
        start.wait(10)
        try:
            with commons.store.writing() as session:
                became[number] = job(session)
        except CopbotError as error:
            became[number] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return became


def one_was_first(became: Sequence[Any]) -> None:
    assert [isinstance(each, Conflict) for each in became].count(True) == len(became) - 1, became


def test_of_two_who_decide_about_a_proposal_one_is_first(any_commons: Commons) -> None:
    any_commons.staff("ada")
    ada, lou, kim = (any_commons.person(handle) for handle in ("ada", "lou", "kim"))
    with any_commons.store.writing() as session:
        uid = proposals.propose(
            session, name="peers", purpose="For peers.", topics=(), leads_it=False, person=kim, now=NOON
        ).uid
    one_was_first(
        at_once(
            any_commons,
            [
                lambda session: proposals.decide(session, uid, yes=True, person=ada, now=NOON),
                lambda session: proposals.decide(session, uid, yes=False, person=lou, now=NOON),
            ],
        )
    )
    assert len(any_commons.messages("community.decided")) == 1


def test_of_two_who_close_a_community_one_is_first(any_commons: Commons) -> None:
    lou = any_commons.person("lou")
    ident = any_commons.wants("housing", channel="C1")
    close = [lambda session: activity.propose_archive(session, ident, person=lou, now=NOON)] * 2
    one_was_first(at_once(any_commons, close))
    assert any_commons.state(ident) is CommunityState.CLOSING


def test_one_who_asks_twice_at_once_has_one_wish(any_commons: Commons) -> None:
    kim = any_commons.person("kim")
    ident = any_commons.wants("housing", channel="C1")
    join = [lambda session: membership.join(session, ident, person=kim, now=NOON)] * 3
    assert all(found.id == ident for found in at_once(any_commons, join))
    with any_commons.store.reading() as session:
        assert session.execute(select(func.count()).select_from(MembershipRequest)).scalar_one() == 1
    assert sorted(each["version"] for each in any_commons.asked("communities.wish")) == [1, 2, 3]


def test_of_two_who_settle_a_card_one_is_first_and_who_comes_twice_is_welcomed_once(
    any_commons: Commons,
) -> None:
    ada = any_commons.person("ada")
    with any_commons.store.writing() as session:
        uid = joining.invite(
            session, email="rowan@example.org", agency="", areas=(), topics=(), person=ada, now=NOON
        ).uid
    settle = [lambda session: joining.settle(session, uid, state=rules.INVITED, person=ada, now=NOON)] * 2
    one_was_first(at_once(any_commons, settle))
    told = any_commons.slack.adds("rowan")
    arrive = [lambda session: joining.arrive(session, told, team=TEAM["id"], profile=PROFILE, now=NOON)] * 3
    assert sorted(at_once(any_commons, arrive)) == [False, False, True]
    assert len(any_commons.messages("joining.welcome")) == 1
