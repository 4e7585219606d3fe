"""What is urgent after Slack said that it is too much: all of it keeps to the learned rate for a while."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from copbot.delivery.rules import LEARN_EVERY, SendTiming
from copbot.delivery.sending.claims import idle_for
from copbot.delivery.sending.outcomes import Sent
from copbot.delivery.tables import MethodRate
from copbot.slack.errors import RateLimited
from copbot.slack.gateway import Gateway
from copbot.store import Store
from tests.days import Sandbox
from tests.delivery.kit import MANIFEST, NOON, House
from tests.delivery.rows import end, say, take, taker
from tests.waiting import eventually

POST = "chat.postMessage"


def limited(store: Store, *, after: float = 0.0) -> None:
    """The head of the line meets a 429."""
    by = taker()
    turn = take(store, by)
    assert turn is not None
    end(store, by, turn, RateLimited(after, POST))


def sent(store: Store) -> str:
    """The head of the line is sent; its destination, or nothing when none may go."""
    by = taker()
    turn = take(store, by)
    if turn is None:
        return ""
    end(store, by, turn, Sent(turn.destination, f"1795450000.{turn.id:06d}", 1))
    return turn.destination


def rate(store: Store) -> float:
    with store.reading() as session:
        return session.query(MethodRate).one().rate


def passes(store: Store, seconds: float) -> None:
    """So much time goes by, as the method's row sees it."""
    with store.writing() as session:
        row = session.query(MethodRate).one()
        row.paused_until -= seconds
        row.free_at -= seconds
        row.learned_at -= seconds


def waits(store: Store) -> float:
    with store.reading() as session:
        return idle_for(session, NOON, 60.0)


def three(store: Store) -> None:
    for n in range(3):
        say(store, f"urgent{n}", to=f"C{n}")


def test_urgent_goes_as_it_comes_while_slack_takes_it(store: Store) -> None:
    three(store)
    assert [sent(store) for _ in range(3)] == ["C0", "C1", "C2"]


def test_after_a_429_urgent_is_spaced_at_the_learned_rate(store: Store) -> None:
    three(store)
    limited(store)
    assert rate(store) == 200.0, "nothing was spaced before, so the rate was not too high"
    assert sent(store) == "C0"
    assert sent(store) == ""
    assert 0.0 < waits(store) <= 0.3
    passes(store, 0.3)
    assert sent(store) == "C1"


@pytest.mark.both_databases
def test_a_429_while_it_keeps_to_the_rate_lowers_the_rate(store: Store) -> None:
    three(store)
    limited(store)
    passes(store, 2.0)
    limited(store)
    assert rate(store) == pytest.approx(140.0)
    passes(store, 0.3)
    assert sent(store) == "C0"
    assert 0.0 < waits(store) <= 60 / 140


def test_what_is_not_urgent_comes_after_and_takes_no_more_than_half(store: Store) -> None:
    say(store, "bulk", to="B1", urgent=False)
    say(store, "bulk2", to="B2", urgent=False)
    three(store)
    limited(store)
    order = []
    for _ in range(4):
        order.append(sent(store))
        passes(store, 0.3)
    assert order == ["C0", "C1", "C2", "B1"]
    assert sent(store) == "", "half of the rate: every second place only"
    passes(store, 0.3)
    assert sent(store) == "B2"


def test_a_minute_of_bulk_takes_half_of_two_hundred_and_pauses_nothing_urgent(sqlite_store: Store) -> None:
    """What a digest does to a workspace: the share of a minute, and urgent goes at once at any moment of it."""
    store, bulk, began = sqlite_store, 0, time.monotonic()
    for n in range(130):
        say(store, f"digest{n}", to=f"B{n}", urgent=False)
    for tenth in range(600):
        bulk += bool(sent(store))
        if tenth % 100 == 50:
            say(store, f"urgent{tenth}", to=f"C{tenth}")
            assert sent(store) == f"C{tenth}"
        passes(store, 0.1)
    minutes = 1 + (time.monotonic() - began) / 60  # the machine's own time goes by as well
    assert 95 <= bulk <= 100 * minutes + 1


def test_after_a_quiet_minute_urgent_goes_as_it_comes_again(store: Store) -> None:
    three(store)
    limited(store)
    passes(store, LEARN_EVERY)
    assert [sent(store) for _ in range(3)] == ["C0", "C1", "C2"]


def test_a_lowered_rate_comes_back_also_where_all_is_urgent(store: Store) -> None:
    three(store)
    limited(store)
    passes(store, 2.0)
    limited(store)
    passes(store, LEARN_EVERY)
    assert sent(store) == "C0"
    assert rate(store) == pytest.approx(154.0)
    passes(store, 1.0)
    assert sent(store) == "C1"
    assert rate(store) == pytest.approx(154.0), "one step a minute"


def test_two_processes_share_the_spacing_inv11(postgres_store: Store) -> None:
    three(postgres_store)
    limited(postgres_store)
    other = Store(postgres_store.engine.url.render_as_string(hide_password=False))
    assert sent(postgres_store) == "C0"
    assert sent(other) == ""
    other.close()


def test_many_urgent_ones_at_once_meet_no_storm_of_429_and_arrive_once(sqlite_store: Store) -> None:
    with Sandbox(MANIFEST) as strict:
        gateway = Gateway(strict.bot_token, base_url=strict.api_url)
        gateway.hello()
        house = House(sqlite_store, strict.workspace(), gateway, SendTiming(tick=0.2))
        people = [house.ws.admin.add_person(f"member{n}", f"Member {n}") for n in range(80)]
        for user in people:
            say(house.store, f"user:{user}", to=user)
        sender = house.another()
        sender.start()
        try:
            eventually(lambda: sender.counts.posted == 80)
        finally:
            assert sender.stop()
        calls = house.ws.calls(POST)
    arrived = Counter(str(call["args"]["channel"]) for call in calls if call["status"] == 200)
    assert arrived == Counter(dict.fromkeys(people, 1))
    assert sum(call["status"] == 429 for call in calls) <= 2  # what two threads had under way at that moment
