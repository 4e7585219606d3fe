"""`kill -9` between any two steps of a requester's message on its way into staff's thread (invariants 2, 3 and 5)."""

from __future__ import annotations

import pytest

from tests.faults.bot import BotProcess
from tests.faults.kills import Arm, Points, Step, at_call, at_commits, killed_while
from tests.faults.kit import CANARY, House
from tests.waiting import eventually

pytestmark = pytest.mark.rounds

RELAY: list[Step] = [
    *at_commits("listener", [1]),
    *at_commits("sender", [1, 2]),
    *at_call("chat.postMessage", "ta-staff"),
]


def relaying(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    """By its event, or read again at the start, the message stands once."""
    if not home.requests():
        home.asks("kim")
        home.quiet()
    person, before = home.person("kim"), len(home.rows("conversation.relayed"))
    words = f"Message {before + 1}. {CANARY}"

    def write() -> None:
        person.says(words, in_="dm")

    home.ws.clock.advance(5)  # more than twenty in a minute would share one copy
    home.quiet()
    arm(home, bot)
    bot = killed_while(home, bot, write, late=late)
    eventually(lambda: len(home.rows("conversation.relayed")) == before + 1, "the message to be relayed")
    home.checked()
    copies = [each for each in home.staff.messages() if words in each.text()]
    assert len(copies) == 1
    assert copies[0].thread_ts
    return bot


def test_killed_between_relay_and_commit_the_message_stands_in_staffs_thread_once_inv2(
    home: House, points: Points
) -> None:
    points.prove(home, RELAY, relaying, few=2, share=5)


def test_killed_between_relay_and_commit_on_postgresql_inv2(postgres_home: House, points: Points) -> None:
    points.prove(postgres_home, RELAY, relaying, few=1, share=10)
