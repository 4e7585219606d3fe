"""Two bots on one PostgreSQL and one workspace, one killed in the middle: nothing lost, nothing doubled (inv11)."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.kit import House
from tests.waiting import eventually

ASKERS = ("kim", "juno", "noor", "gus", "lou", "ines")
TAKERS = ("ravi", "mei", "tomas", "ada")


def test_many_requests_and_takes_through_two_bots_one_of_which_dies_inv11(
    postgres_home: House, pytestconfig: pytest.Config
) -> None:
    """Eighteen in `make test`, sixty in `make prove`."""
    home, each = postgres_home, 10 if pytestconfig.getoption("--prove") else 3
    many = len(ASKERS) * each
    first, second = home.bot(), home.bot()
    home.ws.connected(2)
    asked = threading.Event()

    def ask_all(handle: str) -> None:
        """One person asks for things, one after the other, whatever happens to the bots."""
        for n in range(each):
            home.sends(home.fills(handle, need=f"{handle} {n}"))

    def take_all(handle: str) -> None:
        """One of the staff takes what nobody has, until all have asked and nothing is left."""
        while True:
            last = asked.wait(0.1)
            for ident in home.requests():
                if home.state(ident) == "new":
                    home.takes(handle, ident)
            if last:
                return

    def kill_one() -> None:
        eventually(lambda: len(home.requests()) >= many // 3, "a third of them")
        first.kill()

    with ThreadPoolExecutor(16) as people:
        taking = [people.submit(take_all, handle) for handle in TAKERS]
        killing = people.submit(kill_one)
        for asking in [people.submit(ask_all, handle) for handle in ASKERS]:
            asking.result()
        asked.set()
        for done in (killing, *taking):
            done.result()
    home.quiet()
    home.checked()
    assert second.process.is_alive()
    requests = home.requests()
    assert len(requests) == many
    assert all(home.events(ident) == ["received", "take"] for ident in requests)
    kinds = Counter(row.kind for row in home.rows() if row.ts)
    assert kinds == Counter({"request.notice": many, "request.receipt": many, "request.told": many})


@pytest.mark.rounds
def test_two_bots_that_die_in_turn_lose_nothing_inv11(postgres_home: House, rounds: int) -> None:
    home = postgres_home
    bots = [home.bot(), home.bot()]
    for n in range(max(2, rounds)):  # each of the two dies
        home.ws.connected(2)
        before = home.requests()
        people = [home.fills(handle) for handle in ("kim", "juno", "noor")]
        with ThreadPoolExecutor(4) as pressing:
            sent = [pressing.submit(home.sends, person) for person in people]
            bots[n % 2].dies_at("sender", ("before", "after")[n // 2 % 2], 1 + n % 3)  # type: ignore[arg-type]
            bots[n % 2].is_dead(1.0)
            for each in sent:
                each.result()
        bots[n % 2].kill()
        bots[n % 2] = home.bot()
        home.checked()
        assert len(home.requests()) == len(before) + 3
