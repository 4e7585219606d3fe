"""Digests through kills, outages, clock jumps and Slack's faults: each recipient exactly what is due, nothing twice.

`make test` lives a few weeks with a few people; `make prove` (N weeks) a year with sixty.
"""

from __future__ import annotations

import contextlib
import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from copbot.delivery import rules as delivery_rules
from copbot.delivery.rules import Pace
from copbot.digests import jobs
from copbot.digests.editions import placing
from copbot.digests.editions.tables import EditionRow
from copbot.digests.subscriptions import service
from copbot.digests.subscriptions.tables import PersonalRow
from copbot.people import service as people
from copbot.sandbox.people import TEAM
from copbot.slack.errors import RateLimited
from copbot.store import Store
from tests.communities.kit import Killed, Slack
from tests.digests.kit import PROFILE, Reading
from tests.digests.year import WEEK, Year
from tests.faults.kit import eventually

MINUTE = timedelta(minutes=1)


def is_long(rounds: int) -> bool:
    """Whether this is `make prove`."""
    return rounds > 5


@pytest.mark.rounds
def test_a_year_of_all_that_can_go_wrong_brings_each_member_what_is_due_once_inv4(
    sqlite_store: Store, rounds: int, seed: int
) -> None:
    year = Year(sqlite_store, random.Random(seed), 20 if is_long(rounds) else 2)
    weeks = min(rounds, 52) if is_long(rounds) else 2
    year.weeks(weeks)
    year.quiet(2)
    print(f"\n{weeks} weeks, {len(year.readers)} members: {year.checked()}, {year.happened}")


@pytest.mark.rounds
def test_a_year_of_three_thousand_members_is_composed_once_each_inv4(
    sqlite_store: Store, rounds: int
) -> None:
    """Ten communities' worth of people, nothing sent."""
    number = 3000 if is_long(rounds) else 60
    reading = subscribed(sqlite_store, number)
    with reading.store.reading() as session:
        ends = reading.clock.now() + (min(rounds, 52) if is_long(rounds) else 2) * WEEK
    while reading.clock.now() < ends:
        slot = reading.slot()
        reading.clock.at = slot - timedelta(hours=2)
        reading.publishes(f"Item {slot:%Y-%m-%d}")
        reading.clock.at = slot - timedelta(minutes=5)
        for _ in range(2):  # the second time nobody is due
            while jobs_batch(reading):
                pass
        reading.clock.at = slot + MINUTE
    with reading.store.reading() as session:
        per_member = select(func.count(PersonalRow.id)).group_by(PersonalRow.subscription_id)
        each = session.execute(per_member).scalars().all()
        total = session.execute(select(func.count()).select_from(PersonalRow)).scalar_one()
    weeks = len(set(each))
    assert len(each) == number
    assert weeks == 1, Counter(each)
    print(f"\n{number} members: {total} digests composed, {each[0]} each")


def jobs_batch(reading: Reading) -> int:
    with reading.store.writing(budget=60) as session:
        return jobs.batch(session, profile=PROFILE, now=reading.clock.now())[0]


def subscribed(store: Store, number: int) -> Reading:
    """So many people with a weekly digest of their own, at nine on Monday in Chicago."""
    reading = Reading(store)
    with store.writing(budget=60) as session:
        told = [reading.slack.adds(f"member-{n}") for n in range(number)]
        for each in told:
            each["tz"] = PROFILE.time_zone
        people.learn(session, told, home_team=TEAM["id"], now=reading.clock.now())
        for each in told:
            person = people.identify(session, each["id"])
            assert person is not None
            service.choose(session, "weekly", person=person, now=reading.clock.now())
    return reading


@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [-MINUTE, timedelta(seconds=5)], ids=["8:59", "9:00:05"])
def test_killed_around_its_hour_each_channel_still_gets_one_inv4(
    reading: Reading, at: timedelta, after: bool, call: int
) -> None:
    channels = [reading.here("general"), reading.here("news")]
    reading.publishes("Test strips")
    slot = reading.slot()
    reading.goes_to(slot - 2 * MINUTE)
    reading.later(seconds=(slot + at - reading.clock.now()).total_seconds())
    reading.slack.kill = (len(reading.slack.calls) + call, after)
    with contextlib.suppress(Killed):
        reading.runs()
    reading.restarts()
    reading.goes_to(slot + MINUTE)
    eventually(lambda: all(map(reading.posts, channels)), "the posts")
    reading.goes_to(slot + 70 * MINUTE)
    assert [len(reading.posts(channel)) for channel in channels] == [1, 1]


class TenthRefused(Slack):
    """Answers every tenth post with 429; several threads may call."""

    def __init__(self) -> None:
        super().__init__()
        self.posts, self.refused, self._one = 0, 0, threading.RLock()

    def call(self, method: str, /, **more: object) -> dict[str, object]:  # type: ignore[override]
        with self._one:
            if method == "chat.postMessage":
                self.posts += 1
                if self.posts % 10 == 0:
                    self.refused += 1
                    raise RateLimited(0.01, method)
            return super().call(method, **more)  # type: ignore[arg-type]


def many(
    store: Store, number: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[Reading, TenthRefused, list[str]]:
    """So many subscribers whose digest is due now; Slack takes as much as comes, but for each tenth."""
    monkeypatch.setitem(delivery_rules.PACES, "chat.postMessage", Pace(600_000.0))
    monkeypatch.setattr(delivery_rules, "LOWEST_RATE", 600_000.0)
    reading = subscribed(store, number)
    slack = TenthRefused()
    slack.world = reading.slack.world
    reading.slack = slack
    reading.sender = reading._sender()
    reading.later(minutes=1)
    reading.publishes("Test strips")
    slot = reading.slot()
    reading.later(seconds=(slot - timedelta(minutes=5) - reading.clock.now()).total_seconds())
    jobs.compose_personal(reading.work())
    reading.later(minutes=6)
    users = [each["id"] for each in slack.world.state.users.values() if each["name"].startswith("member-")]
    return reading, slack, users


def own(reading: Reading, user: str) -> int:
    messages = reading.slack.world.state.dm(user).messages.values()
    return sum("Your digest, " in each["text"] for each in messages)


def test_with_429_on_every_tenth_post_each_subscriber_gets_exactly_one(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    number = 300 if is_long(rounds) else 40
    reading, slack, users = many(sqlite_store, number, monkeypatch)

    def all_there() -> bool:
        reading.delivers()
        return all(own(reading, user) for user in users)

    eventually(all_there, "every digest", within=120)
    assert [own(reading, user) for user in users] == [1] * number
    assert slack.refused >= number // 10
    print(f"\n{number} subscribers: {slack.posts} posts tried, {slack.refused} refused with 429, one each")


def test_stopped_in_the_middle_at_most_four_more_go_out(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    number, stop_at = (300, 50) if is_long(rounds) else (40, 10)
    reading, _slack, users = many(sqlite_store, number, monkeypatch)

    def sent() -> int:
        return sum(own(reading, user) for user in users)

    reading.sender.start()
    try:
        eventually(lambda: sent() >= stop_at, "the first ones", within=120)
        with reading.store.writing() as session:
            placing.stop_sending(session, person=reading.lead, now=reading.clock.now())
        at_stop = sent()
        with reading.store.reading() as session:
            said, of = service.progress(session, reading.clock.now())
        assert abs(said - at_stop) <= 4
        assert of == number
        eventually(lambda: not waits(reading), "what waits to be left alone", within=120)
        more = sent() - at_stop
        assert more <= 4
        print(f"\n{number} subscribers, stopped at {at_stop}: {more} more")
        with reading.store.writing() as session:
            placing.send_on(session, [service.PERSONAL], person=reading.lead, now=reading.clock.now())
        eventually(lambda: sent() == number, "the rest", within=120)
    finally:
        reading.sender.stop()
    assert [own(reading, user) for user in users] == [1] * number


def waits(reading: Reading) -> bool:
    return any(row.state in ("due", "sending", "unsure") for row in reading.messages(service.PERSONAL))


def test_no_two_editions_for_a_period_however_many_compose_at_once_inv11(store: Store) -> None:
    reading = Reading(store)
    reading.here("general")
    reading.publishes("Test strips")
    reading.later(seconds=(reading.slot() - timedelta(hours=20) - reading.clock.now()).total_seconds())
    at_once = threading.Barrier(4)

    def compose() -> None:
        at_once.wait()
        jobs.compose(reading.work())

    threads = [threading.Thread(target=compose) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with reading.store.reading() as session:
        assert session.execute(select(func.count()).select_from(EditionRow)).scalar_one() == 1
