"""`kill -9` between any two steps of what people do: the steps, and what must be true after each (inv 1, 2, 3, 5).

After each kill the bot starts again, the person goes on, and there is one request, one notice and one receipt,
each in its newest state. `make test` tries ten of the steps, `make prove` all.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from tests.faults.bot import BotProcess, When, holding
from tests.faults.kit import ACK, House, beside
from tests.waiting import PATIENCE, eventually

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


SAVE: list[Step] = at_commits("listener", [1])
SUBMIT: list[Step] = [
    *SAVE,
    *at_commits("sender", [1, 2, 3, 4]),
    *at_call("chat.postMessage", "ta-staff"),
    *at_call("chat.postMessage", "kim"),
]
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
REPLY: list[Step] = [
    *at_commits("listener", [1]),
    *at_commits("sender", [1, 2, 3]),
    *at_call("chat.postMessage", "ta-staff"),
]


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
        assert bot.is_dead(PATIENCE), "nothing killed it"
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
        assert bot.is_dead(PATIENCE), "nothing killed it"
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


def replying(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    """Saved, or not yet; a minute later the requester reads it once."""
    ident = home.asks("kim")
    home.quiet()
    person = home.replies("ravi", ident)
    arm(home, bot)
    bot = killed_while(home, bot, lambda: home.sends(person), late=late)
    home.ws.clock.advance(61)
    _replied_once(home, ident)
    return bot


def reply_going_out(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    """Saved and shown to staff; a minute later it goes out."""
    ident = home.asks("kim")
    home.quiet()
    home.sends(home.replies("ravi", ident))
    home.quiet()
    arm(home, bot)
    bot = killed_while(home, bot, lambda: home.ws.clock.advance(61), late=late)
    _replied_once(home, ident)
    return bot


def _replied_once(home: House, ident: int) -> None:
    home.checked()
    assert home.events(ident) == ["received", "reply"]
    for kind in ("conversation.reply", "conversation.sent"):
        assert len([row for row in home.rows(kind) if row.ts is not None]) == len(home.requests())


@dataclass(frozen=True)
class Points:
    """Which steps are tried, and how often: all of them in `make prove`, a few in `make test`, always the same."""

    rounds: int
    seed: int
    all: bool

    def prove(
        self,
        home: House,
        steps: Sequence[Step],
        story: Callable[..., BotProcess],
        *,
        few: int,
        share: int = 1,
    ) -> None:
        """Kill the bot at each step as often as the share of the rounds, or once at a few of the steps."""
        bot = home.bot()
        for name, arm in steps if self.all else random.Random(self.seed).sample(steps, few):
            for n in range(max(1, self.rounds // share)):
                with said(name, "round", n + 1):
                    bot = story(home, bot, arm, late=n % 4 == 3)
