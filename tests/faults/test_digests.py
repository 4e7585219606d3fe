"""Four processes on one PostgreSQL, killed at random around the digest's hour: each recipient gets exactly one (inv4, inv11)."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from copbot.digests import rules as slots
from copbot.digests.editions import placing
from copbot.digests.rules import Schedule
from copbot.digests.subscriptions import service as subscriptions
from copbot.people import service as people
from copbot.resources.library import service as library
from copbot.resources.library.values import ResourceFields
from copbot.sandbox.people import TEAM
from copbot.slack.person import Person
from copbot.store import Session
from tests.faults.kit import House

CHANNEL = "overdose-response"
READERS = ("noor", "ravi", "tomas")
"""Not in the channel, so that both bring what is new."""
PATIENCE = 90.0


def person(home: House, session: Session, handle: str) -> Person:
    found = people.identify(session, home.person(handle).id)
    assert found is not None
    return found


def moment(home: House) -> datetime:
    """The workspace's clock."""
    return datetime.fromtimestamp(home.ws.clock.now(), tz=UTC)


def publishes(home: House, title: str) -> None:
    at = moment(home)
    fields = ResourceFields(kind="link", title=title, url=f"https://example.org/{title.replace(' ', '-')}")
    with home.store.writing(budget=PATIENCE) as session:
        library.add(session, fields, person=person(home, session, "ada"), profile=home.profile, now=at)


def had(home: House, title: str) -> list[int]:
    """How often the channel and each reader got it."""
    places = [home.ws.channel(CHANNEL).messages()]
    places += [home.person(each).dm() for each in READERS]
    return [sum(title in each.text() for each in place) for place in places]


def arrives(home: House, title: str) -> None:
    """Time goes on until it is everywhere: a job that was cut off runs again when its lease is over."""
    for _ in range(30):
        if min(had(home, title)) > 0:
            return
        time.sleep(5)
        home.ws.clock.advance(600)
    raise AssertionError(had(home, title))


@pytest.mark.rounds
def test_four_processes_that_die_around_the_hour_bring_each_digest_once_inv4(
    postgres_home: House, rounds: int, seed: int
) -> None:
    if rounds <= 5:
        pytest.skip("four whole bots take their time: only in `make prove`")
    home, dice = postgres_home, random.Random(seed)
    bots = [home.bot() for _ in range(4)]
    home.ws.connected(4, timeout=PATIENCE)
    now = moment(home)
    with home.store.writing(budget=PATIENCE) as session:
        people.learn(session, list(home.ws.users().values()), home_team=TEAM["id"], now=now)
        lead = person(home, session, "ada")
        channel = home.ws.channels()[CHANNEL]["id"]
        placing.send_here(session, channel, person=lead, profile=home.profile, now=now)
        for each in READERS:
            subscriptions.choose(session, "weekly", person=person(home, session, each), now=now)

    def dies() -> None:
        which = dice.randrange(4)
        bots[which].kill()
        bots[which] = home.bot()

    kills = 0
    for n in range(max(1, rounds // 5)):
        title = f"Resource number {n} of this proof"
        now = moment(home)
        slot = slots.next_slot(Schedule(home.profile.time_zone), now + timedelta(hours=26)).at
        home.ws.clock.advance((slot - now).total_seconds() - 26 * 3600)
        publishes(home, title)
        home.ws.clock.advance(6 * 3600)
        time.sleep(dice.random())
        dies()
        home.ws.clock.advance(20 * 3600 - 60)
        time.sleep(dice.random() * 2)
        dies()
        home.ws.clock.advance(65)
        time.sleep(dice.random())
        dies()
        kills += 3
        arrives(home, title)
        home.ws.clock.advance(1200)
        time.sleep(1)
        assert had(home, title) == [1] * (1 + len(READERS))
    print(
        f"\n{max(1, rounds // 5)} weeks, four processes, {kills} kills: each of {1 + len(READERS)} recipients one a week"
    )
