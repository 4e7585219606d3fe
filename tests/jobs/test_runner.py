"""Jobs run once when all is well, and again when it was not (invariants 4 and 11)."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from copbot.clock import FixedClock
from copbot.delivery import service as delivery
from copbot.errors import Conflict
from copbot.jobs import service
from copbot.jobs.housekeeping import JOBS, PURGE
from copbot.jobs.rules import JobTiming
from copbot.jobs.runner import Runner
from copbot.jobs.tables import JobRow
from copbot.jobs.work import CutOff, Job, Work
from copbot.slack import tables as claims
from copbot.slack.errors import Refused
from copbot.store import Store
from copbot.store.purge import purge
from tests.dialogs.kit import logs_read
from tests.jobs.kit import NOON, QUICK, all_of, ask, only, runner
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.both_databases


def count(work: Work) -> dict[str, Any]:
    total = int(work.args["total"])
    for n in range(1, total + 1):
        work.progress(n, total)
    return {"counted": total}


def test_an_job_runs_and_leaves_its_result(store: Store) -> None:
    ident = ask(store, "count", "count:1", total=3)
    running = runner(store, Job("count", count))
    assert running.turn()
    assert not running.turn()
    status = only(store)
    assert (status.id, status.state, status.result) == (ident, "done", {"counted": 3})
    assert (status.progress, status.of, status.error_code) == (3, 3, "")
    assert (status.started, status.finished) == (NOON, NOON)


def test_asking_twice_under_one_key_is_asking_once(store: Store) -> None:
    assert ask(store, "count", "click:1", total=1) is not None
    assert ask(store, "count", "click:1", total=9) is None
    assert len(all_of(store)) == 1


def test_an_job_this_process_does_not_know_is_left_for_one_that_does(store: Store) -> None:
    ask(store, "newer", "newer:1")
    assert not runner(store, Job("count", count)).turn()
    assert only(store).state == "due"


def test_a_failure_carries_a_code_is_tried_five_times_and_then_stands_still(store: Store) -> None:
    tried = []

    def fail(work: Work) -> None:
        tried.append(1)
        raise ValueError("private words")

    ask(store, "fail", "fail:1")
    running = runner(store, Job("fail", fail))
    running.turn()
    first = only(store)
    assert (first.state, len(first.error_code)) == ("due", 8)
    eventually(lambda: not running.turn() and only(store).state == "failed")
    assert len(tried) == 5
    last = only(store)
    assert last.error_code not in ("", first.error_code)
    assert last.finished == NOON
    with store.writing() as session:
        service.run_again(session, last.id)
    running.turn()
    assert len(tried) == 6
    assert only(store).state == "due"


def test_the_log_says_what_slack_refused_and_where(store: Store) -> None:
    def fail(work: Work) -> None:
        raise Refused("missing_scope", "conversations.history")

    ask(store, "fail", "fail:1")
    with logs_read() as said:
        runner(store, Job("fail", fail)).turn()
    told = json.loads(said.getvalue().splitlines()[-1])
    assert told["reason"] == "missing_scope, conversations.history"
    assert "withheld" not in told


def test_the_log_has_the_code_but_no_words(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(work: Work) -> None:
        raise ValueError("private words")

    ask(store, "fail", "fail:1")
    runner(store, Job("fail", fail)).turn()
    told = capsys.readouterr().out
    assert only(store).error_code in told
    assert "ValueError" in told
    assert "private words" not in told


def test_the_log_has_slacks_own_code_and_the_method(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(work: Work) -> None:
        raise Refused("restricted_action", "conversations.create")

    ask(store, "fail", "fail:1")
    runner(store, Job("fail", fail)).turn()
    told = capsys.readouterr().out
    assert "restricted_action" in told
    assert "conversations.create" in told


def test_only_what_failed_can_be_run_again(sqlite_store: Store) -> None:
    ident = ask(sqlite_store, "count", "count:1", total=1)
    assert ident is not None
    with pytest.raises(Conflict), sqlite_store.writing() as session:
        service.run_again(session, ident)


def test_a_lapsed_job_runs_again_and_the_first_runner_is_cut_off_inv11(store: Store) -> None:
    asleep, taken_over = threading.Event(), threading.Event()
    ended: list[str] = []

    def sleepy(work: Work) -> dict[str, Any]:
        asleep.set()
        taken_over.wait(10)
        try:
            work.progress(1, 2)
        except CutOff:
            ended.append("cut off")
            raise
        return {"by": "the sleeper"}

    ask(store, "sleepy", "sleepy:1")
    never = replace(QUICK, lease=0.6, heartbeat=3600.0)  # as if the whole process were suspended
    first = runner(store, Job("sleepy", sleepy), timing=never)
    thread = threading.Thread(target=first.turn)
    thread.start()
    assert asleep.wait(10)
    second = runner(store, Job("sleepy", lambda work: {"by": "the other"}))
    assert eventually(second.turn)
    taken_over.set()
    thread.join(10)
    assert ended == ["cut off"]
    status = only(store)
    assert (status.state, status.result) == ("done", {"by": "the other"})


def test_a_heartbeat_keeps_a_long_job_from_running_twice_inv11(store: Store) -> None:
    begun, over = threading.Event(), threading.Event()
    starts: list[int] = []

    def long(work: Work) -> None:
        starts.append(1)
        begun.set()
        over.wait(10)

    ask(store, "long", "long:1")
    short = replace(QUICK, lease=1.5)
    thread = threading.Thread(target=runner(store, Job("long", long), timing=short).turn)
    thread.start()
    assert begun.wait(10)
    other = runner(store, Job("long", long), timing=short)
    tries = 0
    deadline = threading.Event()
    while tries < 30:  # twice the lease
        assert not other.turn()
        deadline.wait(0.1)
        tries += 1
    over.set()
    thread.join(10)
    assert starts == [1]
    assert only(store).state == "done"


def test_what_is_cut_off_again_and_again_fails_in_the_end(store: Store) -> None:
    class Died(BaseException):
        """As a killed process: nothing is written down."""

    def die(work: Work) -> None:
        raise Died

    ask(store, "die", "die:1")
    for _ in range(5):
        running = runner(store, Job("die", die), timing=replace(QUICK, lease=0.05, heartbeat=3600.0))
        with pytest.raises(Died):
            eventually(running.turn)
    running = runner(store, Job("die", die))
    eventually(lambda: not running.turn() and only(store).state == "failed")
    assert len(only(store).error_code) == 8


def test_two_of_one_name_never_run_together_but_different_ones_do(store: Store) -> None:
    inside: list[int] = []
    most: list[int] = []
    others = threading.Semaphore(0)

    def alone(work: Work) -> None:
        inside.append(1)
        others.acquire(timeout=PATIENCE)  # until one of the other kind has run beside it
        most.append(len(inside))
        inside.pop()

    for n in range(2):
        ask(store, "alone", f"alone:{n}")  # first in the line, so a free thread would take the second
    for n in range(2):
        ask(store, "beside", f"beside:{n}")
    beside = Job("beside", lambda work: others.release())
    running = runner(store, Job("alone", alone), beside, workers=4)
    running.start()
    try:
        eventually(lambda: set(all_of(store).values()) == {"done"})
    finally:
        assert running.stop()
    assert most == [1, 1]


def test_a_stop_cuts_off_at_the_next_step_and_does_not_count_as_a_try(store: Store) -> None:
    begun = threading.Event()

    def endless(work: Work) -> None:
        while True:
            begun.set()
            work.progress(1, 2)

    ask(store, "endless", "endless:1")
    running = runner(store, Job("endless", endless))
    running.start()
    assert begun.wait(10)
    assert running.stop(within=10)
    assert (only(store).state, only(store).error_code) == ("due", "")
    with store.reading() as session:
        assert session.query(JobRow).one().tries == 0
    runner(store, Job("endless", lambda work: {"tries": 1})).turn()
    assert only(store).state == "done"


def test_on_sqlite_a_new_start_takes_up_what_a_crash_left_running(sqlite_store: Store) -> None:
    class Died(BaseException):
        pass

    def die(work: Work) -> None:
        raise Died

    ask(sqlite_store, "job", "job:1")
    with pytest.raises(Died):
        runner(sqlite_store, Job("job", die)).turn()
    running = runner(sqlite_store, Job("job", lambda work: {"again": True}))
    running.start()
    try:
        eventually(lambda: only(sqlite_store).state == "done")
    finally:
        running.stop()


def test_a_commit_wakes_the_runner(store: Store) -> None:
    running = runner(store, Job("count", count), timing=replace(QUICK, tick=60.0))
    store.on_commit(running.wake)
    running.start()
    try:
        ask(store, "count", "count:1", total=1)
        eventually(lambda: only(store).state == "done")
    finally:
        assert running.stop()
    assert running.measures() == {
        "jobs_due": 0.0,
        "jobs_running": 0.0,
        "jobs_done": 1.0,
        "jobs_failed": 0.0,
    }


def test_two_processes_share_the_work_and_none_is_done_twice_inv11(postgres_url: str) -> None:
    done: list[int] = []
    lock = threading.Lock()

    def note(work: Work) -> None:
        with lock:
            done.append(int(work.args["n"]))

    stores = [Store(postgres_url) for _ in range(2)]
    names = [f"kind{n % 3}" for n in range(30)]
    for n, name in enumerate(names):
        ask(stores[0], name, f"{name}:{n}", n=n)
    kinds = [Job(f"kind{n}", note) for n in range(3)]
    runners = [runner(store, *kinds) for store in stores]
    for running in runners:
        running.start()
    try:
        eventually(lambda: set(all_of(stores[0]).values()) == {"done"})
    finally:
        assert all(running.stop() for running in runners)
    assert sorted(done) == list(range(30))
    for store in stores:
        store.close()


def test_ended_jobs_are_forgotten_after_thirty_days(store: Store) -> None:
    ask(store, "count", "count:1", total=1)
    ask(store, "unknown", "unknown:1")
    runner(store, Job("count", count)).turn()
    assert purge(store, NOON + timedelta(days=29)) == {}
    assert purge(store, NOON + timedelta(days=31)) == {"errands": 1}
    assert set(all_of(store).values()) == {"due"}


def test_keeping_house_is_an_job_itself(store: Store) -> None:
    ask(store, "count", "count:1", total=1)
    runner(store, Job("count", count)).turn()
    with store.writing() as session:
        delivery.say(session, "count.told", "count:1", to="C1", key="count.told:1", now=NOON)
        delivery.unsay(session, "count:1")
        assert claims.claim(session, "a delivery", NOON)
    later = FixedClock(NOON + timedelta(days=40))
    ask(store, PURGE, "purge:1")
    Runner(store, JOBS, None, later, None, timing=JobTiming()).turn()
    assert only(store).result == {"claims": 1, "errands": 1, "messages": 1}
    with store.writing() as session:
        assert claims.claim(session, "a delivery", later.now()), "Slack can no longer repeat it"
