"""Thousands of members are taken over in short transactions, however many came or left since the last look."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from copbot.clock import FixedClock
from copbot.communities.channels import jobs
from copbot.communities.channels import service as channel_sync
from copbot.communities.membership import service
from copbot.communities.tables import CommunityRow, MemberRow, MembershipRequest
from copbot.store import Session, Store
from tests.people.given import NOW

MEMBERS = [f"U1{number:04d}" for number in range(1000)]


def community(session: Session) -> int:
    row = CommunityRow(slug="rural", name="Rural", purpose="", channel="C1", made_at=NOW)
    session.add(row)
    session.flush()
    return row.id


def transactions(store: Store) -> list[int]:
    seen: list[int] = []
    store.on_commit(lambda: seen.append(1))
    return seen


@pytest.mark.both_databases
def test_a_thousand_come_and_go_a_hundred_at_a_time(store: Store) -> None:
    with store.writing() as session:
        ident = community(session)
        session.add(
            MembershipRequest(community_id=ident, user="U10007", wants_in=True, state="asked", at=NOW)
        )
        session.add(
            MembershipRequest(community_id=ident, user="U10008", wants_in=False, state="asked", at=NOW)
        )
    work: Any = SimpleNamespace(store=store, clock=FixedClock(NOW))
    seen = transactions(store)
    assert jobs._take_members(work, ident, set(MEMBERS)) == (1000, 0)
    assert len(seen) == 1000 // jobs.AT_ONCE
    assert jobs._take_members(work, ident, set(MEMBERS)) == (0, 0)
    assert len(seen) == 1000 // jobs.AT_ONCE
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(MemberRow)) == 1000
        states = dict(session.execute(select(MembershipRequest.user, MembershipRequest.state)).all())
    assert states == {"U10007": "done", "U10008": "asked"}
    assert jobs._take_members(work, ident, set(MEMBERS[:300]) | {"U2"}) == (1, 700)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(MemberRow)) == 301
        assert (
            session.scalars(select(MembershipRequest.state).where(MembershipRequest.user == "U10008")).one()
            == "asked"
        )


@pytest.mark.both_databases
def test_whoever_enters_twice_is_new_once(store: Store) -> None:
    with store.writing() as session:
        ident = community(session)
        assert channel_sync.entered(session, ident, "U1", now=NOW)
        assert not channel_sync.entered(session, ident, "U1", now=NOW)
        channel_sync.left(session, ident, "U1", now=NOW)
        assert channel_sync.entered(session, ident, "U1", now=NOW)
        service.fulfilled(session, ident, (), is_in=True, now=NOW)
