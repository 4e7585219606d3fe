"""What the clock asks for, once for each slot, whoever looks at the clock (invariant 4)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.clock import FixedClock
from copbot.errors import Busy, StorageFailed
from copbot.jobs import rules, service
from copbot.jobs.runner import Runner
from copbot.jobs.schedule import ask_for_due, ask_for_rereads, look_again_later, tick
from copbot.jobs.work import Job
from copbot.store import Store
from tests.days import DAY, WISCONSIN
from tests.jobs.kit import NOON, QUICK, runner
from tests.program.editing import changed, seeded

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "every", "slot"),
    [
        ("2026-11-23T18:00:00+00:00", HOUR, "2026-11-23T18:00:00Z"),
        ("2026-11-23T18:59:59.999+00:00", HOUR, "2026-11-23T18:00:00Z"),
        ("2026-11-23T19:00:00+00:00", HOUR, "2026-11-23T19:00:00Z"),
        ("2026-11-23T18:07:31+00:00", timedelta(minutes=5), "2026-11-23T18:05:00Z"),
        ("2026-11-23T18:00:00+00:00", timedelta(days=1), "2026-11-23T00:00:00Z"),
        ("2026-11-23T01:30:00+09:00", timedelta(days=1), "2026-11-22T00:00:00Z"),
        ("2026-11-23T18:00:00.7+00:00", timedelta(seconds=1), "2026-11-23T18:00:00Z"),
    ],
)
def test_the_slot_a_moment_lies_in(now: str, every: timedelta, slot: str) -> None:
    assert rules.slot(datetime.fromisoformat(now), every) == slot


def test_an_job_cannot_run_more_than_once_a_second() -> None:
    with pytest.raises(ValueError):
        rules.slot(NOON, timedelta(milliseconds=100))


@given(
    st.integers(-(10**9), 4 * 10**9),
    st.integers(1, 10_000_000),
)
def test_a_slot_begins_at_most_one_length_before_its_moment(moment: int, seconds: int) -> None:
    now = datetime.fromtimestamp(moment, UTC)
    every = timedelta(seconds=seconds)
    began = datetime.fromisoformat(rules.slot(now, every))
    assert began <= now < began + every
    assert rules.slot(began, every) == rules.slot(now, every)
    assert rules.slot(began + every, every) != rules.slot(now, every)


def test_waits_between_tries_double() -> None:
    assert [rules.backoff(tries, 2.0) for tries in (1, 2, 3, 4)] == [2, 4, 8, 16]
    assert [rules.runs_again(tries) for tries in (1, 4, 5, 6)] == [True, True, False, False]


EIGHT = Job("eight", lambda work: None, at="08:00")


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        ("2026-11-23T13:59:59+00:00", "America/Chicago", ""),
        ("2026-11-23T14:00:00+00:00", "America/Chicago", "2026-11-23"),
        ("2026-11-24T05:59:00+00:00", "America/Chicago", "2026-11-23"),  # still the 23rd there
        ("2026-11-24T14:00:00+00:00", "America/Chicago", "2026-11-24"),
        ("2026-11-24T06:00:00+00:00", "America/Chicago", ""),  # midnight: what was missed is not made up for
        ("2026-07-01T12:59:59+00:00", "America/Chicago", ""),  # in summer an hour sooner
        ("2026-07-01T13:00:00+00:00", "America/Chicago", "2026-07-01"),
        ("2026-11-23T23:00:00+00:00", "Asia/Tokyo", "2026-11-24"),
    ],
)
def test_a_time_of_day_is_the_programs_own_inv9(now: str, zone: str, day: str) -> None:
    assert EIGHT.slot(datetime.fromisoformat(now), zone) == (f"eight:{day}" if day else "")


@pytest.mark.parametrize(("at", "day"), [("02:30", "2026-03-08"), ("01:30", "2026-11-01")])
def test_a_time_that_is_skipped_or_comes_twice_is_one_slot_inv9(at: str, day: str) -> None:
    job = Job("night", lambda work: None, at=at)
    midnight = datetime.fromisoformat(f"{day}T06:00:00+00:00")
    keys = [job.slot(midnight + timedelta(minutes=10 * n), "America/Chicago") for n in range(134)]
    assert sorted(set(keys)) == ["", f"night:{day}"]
    assert keys == sorted(keys)


@pytest.mark.parametrize("given", [{"at": "8 o'clock"}, {"at": "25:00"}, {"at": "08:00", "every": HOUR}])
def test_an_job_with_no_clear_time_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Job("unclear", lambda work: None, **given)  # type: ignore[arg-type]


def test_the_clock_asks_at_that_time_in_the_zone_a_lead_has_chosen(store: Store) -> None:
    profile = seeded(store)
    asks = Runner(store, [EIGHT], None, FixedClock(NOON), profile, timing=QUICK)
    morning = datetime.combine(DAY + timedelta(days=1), time(8), WISCONSIN).astimezone(UTC)
    asked = [ask_for_due(store, [EIGHT], at, asks.time_zone) for at in (NOON, morning - HOUR, morning)]
    assert asked == [1, 0, 1]
    changed(store, profile, "time_zone", time_zone="America/New_York")
    tomorrow = morning + timedelta(days=1)
    asked = [ask_for_due(store, [EIGHT], at, asks.time_zone) for at in (tomorrow - HOUR, tomorrow)]
    assert asked == [1, 0]


def test_a_slot_is_asked_for_once_inv4(store: Store) -> None:
    hourly = Job("hourly", lambda work: None, every=HOUR)
    by_hand = Job("by.hand", lambda work: None)
    assert ask_for_due(store, [hourly, by_hand], NOON) == 1
    assert ask_for_due(store, [hourly, by_hand], NOON + timedelta(minutes=59)) == 0
    assert ask_for_due(store, [hourly, by_hand], NOON + HOUR) == 1
    with store.reading() as session:
        assert [status.name for status in service.status(session)] == ["hourly", "hourly"]


def test_missed_slots_are_not_made_up_for_inv4(sqlite_store: Store) -> None:
    hourly = Job("hourly", lambda work: None, every=HOUR)
    ask_for_due(sqlite_store, [hourly], NOON)
    assert ask_for_due(sqlite_store, [hourly], NOON + timedelta(days=2)) == 1


def test_a_clock_set_back_asks_for_nothing_twice_inv4(sqlite_store: Store) -> None:
    hourly = Job("hourly", lambda work: None, every=HOUR)
    ask_for_due(sqlite_store, [hourly], NOON)
    ask_for_due(sqlite_store, [hourly], NOON + HOUR)
    assert ask_for_due(sqlite_store, [hourly], NOON) == 0


def test_processes_looking_at_the_clock_together_ask_once_inv4(postgres_url: str) -> None:
    timed = [Job(f"timed{n}", lambda work: None, every=HOUR) for n in range(5)]
    stores = [Store(postgres_url) for _ in range(4)]
    start, asked = threading.Barrier(len(stores)), []

    def look(store: Store) -> None:
        start.wait(10)
        asked.append(ask_for_due(store, timed, NOON))

    threads = [threading.Thread(target=look, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sum(asked) == len(timed)
    with stores[0].reading() as session:
        assert len(service.status(session, limit=100)) == len(timed)
    for store in stores:
        store.close()


def test_a_tick_wakes_the_runner_for_what_is_new(store: Store) -> None:
    ran = threading.Event()
    timed = Job("timed", lambda work: ran.set(), every=HOUR)
    running = runner(store, timed)
    running.start()
    try:
        assert tick(store, running) == 1
        assert ran.wait(10)
        assert tick(store, running) == 0
    finally:
        assert running.stop()


@pytest.mark.both_databases
def test_what_rereads_is_asked_for_whenever_events_may_be_lost_and_never_waits_twice(store: Store) -> None:
    reads, other = Job("reads", lambda work: None, rereads=True), Job("other", lambda work: None)
    assert ask_for_rereads(store, [reads, other], NOON) == 1
    assert ask_for_rereads(store, [reads, other], NOON) == 0, "the one that waits will read all of it"
    assert runner(store, reads, other).turn()
    assert ask_for_rereads(store, [reads, other], NOON) == 1


def test_what_looks_at_the_clock_is_silent_while_the_database_cannot_be_had() -> None:
    """Once a second the scheduler would write its own line about a full disk, on that disk."""
    looked = []

    def look(error: Exception) -> None:
        looked.append(error)
        raise error

    look_again_later(lambda: look(Busy("busy")))
    look_again_later(lambda: look(StorageFailed("full", "SQLITE_FULL")))
    assert len(looked) == 2
    with pytest.raises(ZeroDivisionError):
        look_again_later(lambda: look(ZeroDivisionError()))
