"""`kill -9` between any two steps of submit, notice, mark; of Take; of Done (invariants 1, 2, 3 and 5).

After each: the bot starts again, the person goes on, and there is one request, one notice and one receipt,
each in its newest state.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest

from tests.faults.bot import BotProcess, When, holding
from tests.faults.kit import ACK, House, beside, eventually

pytestmark = pytest.mark.rounds

Arm = Callable[[House, BotProcess], None]
Step = tuple[str, Arm]
BOTH: tuple[When, When] = ("before", "after")


def at_commits(threads: str, numbers: Sequence[int]) -> list[Step]:
    """The process kills itself before or after the n-th commit of these threads."""

    def arm(when: When, n: int) -> Arm:
        return lambda _home, bot: bot.dies_at(threads, when, n)

    return [(f"{when} commit {n} of {threads}", arm(when, n)) for n in numbers for when in BOTH]


def at_call(method: str, where: str) -> list[Step]:
    """Slack kills its caller before the call has its effect, or after it and before the answer."""

    def arm(when: When) -> Arm:
        return lambda home, _bot: home.ws.faults.add(method, f"kill_{when}", match={"channel": where})

    return [(f"{when} {method} in {where}", arm(when)) for when in BOTH]


SUBMIT: dict[str, list[Step]] = {
    "saving": at_commits("listener", [1]),
    "claiming": at_commits("sender", [1, 2]),
    "posting": [*at_call("chat.postMessage", "ta-staff"), *at_call("chat.postMessage", "kim")],
    "marking": at_commits("sender", [3, 4]),
}
SEVERAL = ("kim", "ravi", "noor")
TAKE: list[Step] = [
    *at_commits("listener", [1]),
    *at_commits("sender", [1, 2, 3, 4, 5, 6]),
    *at_call("chat.update", "ta-staff"),
    *at_call("chat.postMessage", "kim"),
]
DONE: list[Step] = [
    *at_commits("listener", [1]),
    *at_commits("sender", [1, 2]),
    *at_call("chat.update", "ta-staff"),
]
TOLD: list[Step] = [*at_commits("sender", [1, 2, 3, 4]), *at_call("chat.postMessage", "kim")]

LOOKING_UP = (
    ("chat.postMessage", "kill_after"),
    ("conversations.history", "kill_before"),
    ("conversations.history", "kill_after"),
)


@contextmanager
def said(*words: object) -> Iterator[None]:
    """Which round it was that failed."""
    try:
        yield
    except BaseException as error:
        error.add_note(" ".join(map(str, words)))
        raise


def killed_while(
    home: House, bot: BotProcess, act: Callable[[], None], *, late: bool = False, wait: bool = True
) -> BotProcess:
    """The armed bot dies while somebody acts; another one starts at once, or `late`: they have seen it fail."""
    with beside(act):
        assert bot.is_dead(10.0), "nothing killed it"
        if late:
            time.sleep(ACK.ack)
        return home.bot(wait=wait)


def submitting(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    person, before = home.fills("kim"), home.requests()
    arm(home, bot)
    bot = killed_while(home, bot, lambda: home.sends(person), late=late)
    home.checked()
    subject = f"request:{home.new_request(before)}"
    kinds = sorted(row.kind for row in home.rows() if row.subject == subject)
    assert kinds == ["request.notice", "request.receipt"]
    return bot


def submitting_at_once(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    """Several forms stand in line for the database when it comes free, so they share what is then saved."""
    people, before = [home.fills(handle) for handle in SEVERAL], home.requests()
    sent = len(home.ws.envelopes())
    arm(home, bot)
    with ExitStack() as senders:
        with holding(home.file):
            for person in people:
                senders.enter_context(beside(partial(home.sends, person)))
            eventually(lambda: len(home.ws.envelopes()) >= sent + len(people), "the forms to be sent")
        assert bot.is_dead(10.0), "nothing killed it"
        if late:
            time.sleep(ACK.ack)
        bot = home.bot()
    home.checked()
    made = set(home.requests()) - set(before)
    assert len(made) == len(people)
    said = sorted((row.subject, row.kind) for row in home.rows())
    for ident in made:
        kinds = [kind for subject, kind in said if subject == f"request:{ident}"]
        assert kinds == ["request.notice", "request.receipt"]
    return bot


def taking(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    ident = home.asks("kim")
    home.quiet()
    arm(home, bot)
    bot = killed_while(home, bot, lambda: home.takes("ravi", ident), late=late)
    home.checked()
    assert home.events(ident) == ["received", "take"]
    return bot


def finishing(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    ident = home.asks("kim")
    home.takes("ravi", ident)
    home.quiet()
    person = home.finishes("ravi", ident)
    arm(home, bot)
    bot = killed_while(home, bot, lambda: home.sends(person), late=late)
    home.checked()
    assert home.events(ident) == ["received", "take", "done"]
    return bot


def telling(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    """A minute after Done the requester hears of it."""
    ident = home.asks("kim")
    home.takes("ravi", ident)
    home.sends(home.finishes("ravi", ident))
    home.quiet()
    arm(home, bot)
    bot = killed_while(home, bot, lambda: home.ws.clock.advance(61), late=late)
    home.checked()
    told = [row for row in home.rows("request.told") if row.ts is not None]
    assert len(told) == 2 * len(home.requests())
    return bot


def prove(home: House, steps: Sequence[Step], story: Callable[..., BotProcess], rounds: int) -> None:
    bot = home.bot()
    for name, arm in steps:
        for n in range(rounds):
            with said(name, "round", n + 1):
                bot = story(home, bot, arm, late=n % 4 == 3)


@pytest.mark.parametrize("part", SUBMIT)
def test_killed_between_submit_and_mark_there_is_one_request_and_one_notice_inv2(
    home: House, part: str, rounds: int
) -> None:
    prove(home, SUBMIT[part], submitting, rounds)


@pytest.mark.parametrize("part", SUBMIT)
def test_killed_between_submit_and_mark_on_postgresql_inv2(
    postgres_home: House, part: str, rounds: int
) -> None:
    prove(postgres_home, SUBMIT[part], submitting, max(1, rounds // 5))


def test_killed_at_a_commit_that_several_share_nothing_is_lost_and_nothing_doubled_inv2(
    home: House, rounds: int
) -> None:
    prove(home, SUBMIT["saving"], submitting_at_once, max(1, rounds // 2))


def test_killed_while_somebody_takes_it_the_move_is_made_and_shown_once_inv2(
    home: House, rounds: int
) -> None:
    prove(home, TAKE, taking, max(1, rounds // 5))


def test_killed_while_it_is_marked_done_that_is_saved_and_shown_once_inv2(home: House, rounds: int) -> None:
    prove(home, DONE, finishing, max(1, rounds // 5))


def test_killed_while_the_requester_is_told_they_are_told_once_inv2(home: House, rounds: int) -> None:
    prove(home, TOLD, telling, max(1, rounds // 5))


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
                assert bot.is_dead(10.0)
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
