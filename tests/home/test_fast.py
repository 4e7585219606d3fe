"""A section of Home asks the database once, or for an administrator's a few times, however much there is."""

from __future__ import annotations

import pytest

from copbot.home.parts import PARTS, HomeSection, view_of
from copbot.sandbox.views import check_view
from copbot.store import Store
from tests.home.given import call, everybody, requests, statements

MOST = {
    "queue": 1,
    "load": 1,
    "came_of_it": 3,
    "own": 1,
    "communities": 1,
    "letters": 1,
    "resources": 3,
    "digest": 3,
    "alerts": 1,
    "feeds": 1,
    "profile": 2,
    "staff": 2,
    "choices": 5,
    "health": 6,
    "set_up": 12,
}
"""Questions a section may ask. The set-up reads a choice each; a profile its agency; a staff member's days away."""
ROLES = ("member", "staff", "lead", "admin", "everything")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_section_asks_as_little_of_two_thousand_requests_as_of_none(
    store: Store, part: HomeSection
) -> None:
    who = everybody(store)
    counts = []
    for more in (0, 2000):
        requests(store, who, more)
        with store.reading() as session:
            looking = call(session, who["everything"])
            with statements(store) as asked:
                part.load(looking)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST[part.name]


def test_every_section_has_a_budget() -> None:
    assert {part.name for part in PARTS} == set(MOST)


@pytest.mark.parametrize("count", [0, 3, 2000])
def test_every_role_gets_a_home_that_slack_takes(sqlite_store: Store, count: int) -> None:
    who = everybody(sqlite_store)
    requests(sqlite_store, who, count)
    for role in ROLES:
        with sqlite_store.reading() as session:
            view = view_of(call(session, who[role]))
        assert check_view(view, kind="home") is None, role
        assert 5 < len(view["blocks"]) < 80, role
