"""`kill -9` while a request is taken, done and told of, while a look-up runs, and at any instant (inv 2, 3 and 5)."""

from __future__ import annotations

import random
import time

import pytest

from tests.faults.kills import (
    DONE,
    REPLY,
    TAKE,
    TOLD,
    Points,
    finishing,
    killed_while,
    reply_going_out,
    replying,
    said,
    taking,
    telling,
)
from tests.faults.kit import House, beside
from tests.waiting import PATIENCE

pytestmark = pytest.mark.rounds

LOOKING_UP = (
    ("chat.postMessage", "kill_after"),
    ("conversations.history", "kill_before"),
    ("conversations.history", "kill_after"),
)


def test_killed_while_somebody_takes_it_the_move_is_made_and_shown_once_inv2(
    home: House, points: Points
) -> None:
    points.prove(home, TAKE, taking, few=2, share=5)


def test_killed_while_it_is_marked_done_that_is_saved_and_shown_once_inv2(
    home: House, points: Points
) -> None:
    points.prove(home, DONE, finishing, few=1, share=5)


def test_killed_while_the_requester_is_told_they_are_told_once_inv2(home: House, points: Points) -> None:
    points.prove(home, TOLD, telling, few=1, share=5)


def test_killed_between_a_reply_saved_and_sent_the_requester_reads_it_once_inv2(
    home: House, points: Points
) -> None:
    points.prove(home, REPLY, replying, few=1, share=5)


def test_killed_while_a_reply_goes_out_the_requester_reads_it_once_inv5(home: House, points: Points) -> None:
    points.prove(home, TOLD, reply_going_out, few=1, share=5)


def test_killed_again_while_it_looks_up_what_became_of_the_first_inv5(home: House, rounds: int) -> None:
    bot = home.bot()
    for n in range(max(1, rounds // 2)):
        with said("round", n + 1):
            before = home.requests()
            for method, kind in LOOKING_UP:
                home.ws.faults.add(method, kind, match={"channel": "ta-staff"})
            person = home.fills("kim")
            bot = killed_while(home, bot, lambda: home.sends(person), wait=False)  # noqa: B023
            for again in (False, True):
                assert bot.is_dead(PATIENCE)
                bot = home.bot(wait=again)
            home.checked()
            home.new_request(before)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_killed_at_any_instant_nothing_is_lost_and_nothing_doubled_inv2(
    request: pytest.FixtureRequest, database: str, rounds: int, seed: int
) -> None:
    home: House = request.getfixturevalue("home" if database == "sqlite" else "postgres_home")
    chance = random.Random(seed)
    bot = home.bot()
    for n in range(rounds if database == "sqlite" else max(1, rounds // 2)):
        instant = chance.uniform(0.0, 0.12)
        with said("seed", seed, "round", n + 1, "killed after", instant):
            person, before = home.fills("kim"), home.requests()
            with beside(lambda: home.sends(person)):  # noqa: B023
                time.sleep(instant)
                bot.kill()
                bot = home.bot()
            ident = home.new_request(before)
            with beside(lambda: home.takes("ravi", ident)):  # noqa: B023
                time.sleep(chance.uniform(0.0, 0.12))
                bot.kill()
                bot = home.bot()
            home.checked()
            assert home.events(ident) == ["received", "take"]
