"""Several senders on one database, and senders that are killed: nothing is lost, nothing comes twice (invariant 11)."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.context import ForkServerProcess

import pytest
from sqlalchemy import text

from copbot.delivery.rules import SendTiming
from copbot.delivery.sending import tables as line
from copbot.delivery.sending.claims import ClaimContext, ClaimedMessage, claim
from copbot.slack.gateway import Gateway
from copbot.store import Store, machine_now
from tests.days import Sandbox
from tests.delivery.kit import MANIFEST, QUICK, House
from tests.delivery.sender_process import main as sending
from tests.forked import processes
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.both_databases


@contextmanager
def sender_process(house: House, sandbox: Sandbox, *, lease: float = 3.0) -> Iterator[ForkServerProcess]:
    """A sender of its own, killed at the end if nobody did before."""
    here, there = processes.Pipe()
    arguments = (house.store.url, sandbox.api_url, sandbox.bot_token, lease, there)
    process = processes.Process(target=sending, args=arguments, daemon=True)
    process.start()
    there.close()
    try:
        assert here.poll(PATIENCE), "the sender did not start"
        assert here.recv() == "started"
        yield process
    finally:
        process.kill()
        process.join()
        here.close()


def ended(process: ForkServerProcess) -> int | None:
    """Its exit code, once it has one."""
    process.join(PATIENCE)
    return process.exitcode


def url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


@pytest.mark.parametrize("workers", [1, 4])
def test_processes_racing_for_the_same_destinations_double_nothing_inv11(
    postgres_house: House, workers: int
) -> None:
    house = postgres_house
    people = ["ta-staff", "general", "kim", "juno"]
    wanted = Counter()
    for n in range(10):
        for place in people:
            house.say(f"request:{n}", to=place, urgent=True)
            wanted[place] += 1
    others = [Store(url_of(house.store)) for _ in range(2)]
    senders = [house.another(store, workers=workers) for store in others]
    for sender in senders:
        sender.start()
    try:
        eventually(house._at_rest)
    finally:
        assert all(sender.stop() for sender in senders)
    in_order = [f"about request:{n}" for n in range(10)]
    assert house.seen("ta-staff") == in_order
    assert house.seen("general") == in_order
    assert house.dm("kim") == in_order
    assert house.dm("juno") == in_order
    assert sum(sender.counts.posted for sender in senders) == 40
    for store in others:
        store.close()


def test_the_pace_of_a_destination_holds_across_processes_inv11(postgres_store: Store) -> None:
    with Sandbox(MANIFEST, enforce_rates=True) as strict:
        gateway = Gateway(strict.bot_token, base_url=strict.api_url)
        gateway.hello()
        house = House(postgres_store, strict.workspace(), gateway, SendTiming(tick=0.2))
        for n in range(5):
            house.say(f"request:{n}", urgent=True)
        other = Store(url_of(postgres_store))
        senders = [house.another(), house.another(other)]
        for sender in senders:
            sender.start()
        try:
            house.ws.channel("ta-staff").shows("about", count=5)
        finally:
            assert all(sender.stop() for sender in senders)
        moments = [float(call["at"]) for call in house.ws.calls("chat.postMessage")]
        gaps = [b - a for a, b in zip(sorted(moments), sorted(moments)[1:], strict=False)]
        assert all(gap >= 0.99 for gap in gaps)
        assert min(gaps) < 1.5  # a busy machine may lose time between two, not between all
        assert house.ws.refusals() == []
        other.close()


def test_bulk_takes_half_of_the_rate_and_urgent_passes_it_by(postgres_house: House) -> None:
    house = postgres_house
    for n in range(30):
        house.say(f"digest:{n}", to="kim")
    senders = [house.another(timing=replace(QUICK, per_destination=0.0)) for _ in range(2)]
    for sender in senders:
        sender.start()
    try:
        house.ws.waits_for_call("chat.postMessage", count=3)
        began = time.time()
        house.say("request:1", urgent=True)
        house.ws.channel("ta-staff").shows("about request:1")
        assert time.time() - began < 0.9
        time_of = [float(call["at"]) for call in house.ws.waits_for_call("chat.postMessage", count=9)]
    finally:
        assert all(sender.stop() for sender in senders)
    bulk = sorted(time_of)
    assert (bulk[-1] - bulk[0]) >= 0.6 * (len(bulk) - 3)


@pytest.mark.parametrize("when", ["kill_before", "kill_after"])
def test_a_sender_killed_around_its_post_loses_and_doubles_nothing_inv11(
    postgres_house: House, sandbox: Sandbox, when: str
) -> None:
    house = postgres_house
    house.ws.faults.add("chat.postMessage", when)
    house.say("request:1", urgent=True)
    with sender_process(house, sandbox) as process:
        assert ended(process) == -9
    assert house.row(1).state == "sending"
    with sender_process(house, sandbox):
        eventually(house._at_rest)
    assert house.seen() == ["about request:1"]
    assert house.calls("chat.postMessage") == (2 if when == "kill_before" else 1)


@pytest.mark.parametrize("when", ["kill_before", "kill_after"])
def test_on_sqlite_the_next_start_clears_up_after_a_killed_sender_inv11(
    sqlite_house: House, sandbox: Sandbox, when: str
) -> None:
    house = sqlite_house
    house.ws.faults.add("chat.postMessage", when)
    house.say("request:1", urgent=True)
    with sender_process(house, sandbox, lease=3600.0) as process:
        assert ended(process) == -9
    with sender_process(house, sandbox, lease=3600.0):
        eventually(house._at_rest)
    assert house.seen() == ["about request:1"]


def test_a_sender_killed_while_another_lives_is_replaced_inv11(
    postgres_house: House, sandbox: Sandbox
) -> None:
    house = postgres_house
    house.ws.faults.add("chat.postMessage", "kill_after", match={"contains": "about request:3"})
    for n in range(6):
        house.say(f"request:{n}", urgent=True)
    with sender_process(house, sandbox), sender_process(house, sandbox):
        eventually(house._at_rest)
    assert house.seen() == [f"about request:{n}" for n in range(6)]


def test_a_process_that_slept_past_its_lease_does_not_call_inv11(postgres_house: House) -> None:
    """What it would have posted is posted by the one that took over."""
    house = postgres_house
    ident = house.say("request:1", urgent=True)
    asleep, awake = threading.Event(), threading.Event()

    def sleep(subject: str) -> None:
        house.words.during = lambda _: None
        asleep.set()
        awake.wait(10)

    house.words.during = sleep
    short = replace(QUICK, lease=0.6, http_timeout=0.5)
    sleeper = threading.Thread(target=house.another(timing=short).turn)
    sleeper.start()
    assert asleep.wait(10)
    house.sender = house.another(timing=short)
    house.work()
    awake.set()
    sleeper.join(10)
    assert house.seen() == ["about request:1"]
    assert house.calls("chat.postMessage") == 1
    assert house.row(ident).state == "shown"


def test_whoever_lost_the_destination_meanwhile_does_not_call_inv11(house: House) -> None:
    ident = house.say("request:1", urgent=True)

    def lose(subject: str) -> None:
        house.words.during = lambda _: None
        with house.store.writing() as session:
            line.release_all(session)
            machine = machine_now(session)
            assert line.lease(
                session, house.place("ta-staff"), by="other", machine=machine, until=machine + 0.5
            )

    house.words.during = lose
    house.step()
    assert house.calls("chat.postMessage") == 0
    assert house.row(ident).state == "sending"
    house.work()
    assert house.seen() == ["about request:1"]


def test_no_call_is_made_that_the_lease_might_not_outlive_inv11(house: House) -> None:
    house.say("request:1", urgent=True)
    house.work()
    house.unsay("request:1")
    hurried = house.another(timing=replace(QUICK, lease=1.0, http_timeout=2.0))
    assert hurried.turn()
    assert house.calls("chat.delete") == 0
    house.work()
    assert house.seen() == []


def test_two_processes_cannot_take_the_same_share_of_the_rate_inv11(postgres_house: House) -> None:
    house = postgres_house
    house.say("digest:1", to="kim")
    house.say("digest:2", to="juno")
    found: list[ClaimedMessage | None] = []
    begun = threading.Event()
    other = Store(url_of(house.store))

    def second() -> None:
        with other.writing() as session:
            begun.set()
            found.append(claim(session, ClaimContext("second", house.clock.at, QUICK)))

    with house.store.writing() as session:
        first = claim(session, ClaimContext("first", house.clock.at, QUICK))
        thread = threading.Thread(target=second)
        thread.start()
        assert begun.wait(10)
        _until_somebody_waits(house.store)
    thread.join(10)
    assert first is not None
    assert found == [None]
    other.close()


def _until_somebody_waits(store: Store) -> None:
    """Until a transaction of another session stands before a lock."""

    def waiting() -> bool:
        with store.reading() as session:
            waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            return bool(session.execute(text(waits)).scalar())

    eventually(waiting)


def test_an_answer_that_comes_after_the_lease_was_lost_still_counts_inv11(postgres_house: House) -> None:
    house = postgres_house
    ident = house.say("request:1", urgent=True)
    house.ws.faults.add("chat.postMessage", "slow", seconds=1.2)
    slow = house.another(timing=replace(QUICK, lease=0.5, http_timeout=0.3), gateway=_Patient(house.gateway))

    def turns() -> None:  # on a busy machine a lease may be over before the call
        while not house.calls("chat.postMessage"):
            slow.turn()

    caller = threading.Thread(target=turns)
    caller.start()
    house.ws.waits_for_call("chat.postMessage")
    house.sender = house.another(timing=replace(QUICK, recheck_after=1.5))
    house.work(within=20)
    caller.join(10)
    house.work()
    assert house.seen() == ["about request:1"]
    assert house.row(ident).ts == house.messages()[0].ts


class _Patient:
    """A gateway that waits for its answer longer than it was told to, as a dripping line makes it."""

    def __init__(self, gateway: Gateway) -> None:
        self.bot_user, self.bot_id = gateway.bot_user, gateway.bot_id
        self._gateway = gateway

    def call(self, method: str, /, *, timeout: float | None = None, **args: object) -> dict[str, object]:
        return self._gateway.call(method, timeout=10.0, **args)


def test_a_refresh_storm_from_other_threads_ends_with_the_newest_words(house: House) -> None:
    idents = [house.say(f"request:{n}", urgent=True) for n in range(3)]
    house.words.of = {f"request:{n}": "v0" for n in range(3)}
    sender = house.another(workers=3)
    house.store.on_commit(sender.wake)
    sender.start()

    def storm(n: int) -> None:
        for version in range(1, 16):
            house.words.of[f"request:{n}"] = f"v{version}"
            house.refresh(f"request:{n}")

    threads = [threading.Thread(target=storm, args=(n,)) for n in range(3)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        eventually(house._at_rest)
    finally:
        assert sender.stop()
    assert house.seen() == ["v15", "v15", "v15"]
    assert [house.row(ident).version for ident in idents] == [16, 16, 16]
