"""A year of digests on the workspace's clock: weeks of publishing, outages, kills and Slack's faults, and what must
be true at the end of it, reckoned without the product's own rules."""

from __future__ import annotations

import random
import re
import time as machine
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from copbot.communities import tables as communities
from copbot.delivery.rules import MessageState
from copbot.delivery.tables import MessageRow, MethodRate, change
from copbot.digests import jobs
from copbot.digests.rules import schedule_of
from copbot.digests.subscriptions import service as subscriptions
from copbot.people import service as people
from copbot.sandbox.people import TEAM
from copbot.slack.errors import RateLimited, Unsure
from copbot.store import Store
from tests.communities.kit import Killed
from tests.digests.kit import PROFILE, Reading

TOPICS = ("naloxone", "wound_care", "drug_checking")
ZONES = ("America/Chicago", "America/New_York", "America/Los_Angeles", "Pacific/Auckland", "America/Phoenix")
HOURS = ("09:00", "02:30", "15:45")
OUTAGES = {"hour": timedelta(hours=1), "day": timedelta(hours=26), "week": timedelta(days=7)}
STEP = timedelta(hours=4)
WEEK = timedelta(days=7)


@dataclass
class Reader:
    """Somebody in a community with a digest of their own. `topics`: empty for all."""

    handle: str
    user: str
    community: int
    zone: str
    weekday: int
    at: str
    topics: tuple[str, ...]


@dataclass
class Item:
    """What was published: when, and about what."""

    title: str
    topic: str
    at: datetime


@dataclass
class Happened:
    """Counts of what the year did to the app."""

    kills: int = 0
    faults: int = 0
    outages: Counter[str] = field(default_factory=Counter)
    jumps: int = 0


class Year(Reading):
    """Communities on a topic each, `members` people in each; all of them have a digest of their own."""

    def __init__(self, store: Store, dice: random.Random, members: int, number: int = len(TOPICS)) -> None:
        super().__init__(store)
        self.dice, self.happened, self.items = dice, Happened(), list[Item]()
        self._behind = timedelta(0)
        self.channels: dict[str, str] = {}
        self.readers: list[Reader] = []
        for topic in TOPICS[:number]:
            channel = self.channel_id(f"about-{topic.replace('_', '-')}")
            ident = self.wants(f"about-{topic}", channel=channel, topics=[topic])
            self.channels[topic] = channel
            made = [self._comes(topic, channel, n) for n in range(members)]
            with self.store.writing() as session:
                communities.add_members(session, ident, [each.user for each in made])
            self.readers += made
        self.start = self.clock.now()

    def _comes(self, topic: str, channel: str, n: int) -> Reader:
        told = self.slack.adds(f"{topic}-{n}")
        told["tz"] = self.dice.choice(ZONES)
        reader = Reader(
            told["name"], told["id"], TOPICS.index(topic), told["tz"], self.dice.randrange(7),
            self.dice.choice(HOURS), self.dice.choice(((), (), (topic,), ("naloxone", "wound_care"))),
        )  # fmt: skip
        with self.store.writing() as session:
            people.learn(session, [told], home_team=TEAM["id"], now=self.clock.now())
            person = people.identify(session, reader.user)
            assert person is not None
            schedule = schedule_of(person.tz, "weekly", reader.weekday, reader.at)
            how = {"topics": reader.topics, "areas": (), "person": person, "now": self.clock.now()}
            subscriptions.change(session, schedule, **how)
        return reader

    # -- what happens

    def weeks(self, number: int) -> None:
        for week in range(number):
            end = self.start + (week + 1) * WEEK
            outage, down, until = "", end, end
            if self.dice.random() < 0.5:
                outage = self.dice.choice(("hour", "hour", "day", "week"))
                down = end - self.dice.random() * WEEK
                until = down + OUTAGES[outage]
                self.happened.outages[outage] += 1
            while self.clock.now() < end:
                self._goes_on(self.dice.random() * 2 * STEP)
                if not down <= self.clock.now() < until:
                    self._lives()

    def quiet(self, weeks: int) -> None:
        """Time in which nothing new is published and nothing breaks: all that is still due arrives."""
        end = self.clock.now() + weeks * WEEK
        while self.clock.now() < end:
            self.later(seconds=2 * STEP.total_seconds())
            self._works()

    def later(self, **by: float) -> None:
        """The machine's time goes on as well: what Slack had asked to slow down for has passed."""
        super().later(**by)
        seconds = timedelta(**by).total_seconds()
        passed = {
            MethodRate.learned_at: MethodRate.learned_at - seconds,
            MethodRate.paused_until: MethodRate.paused_until - seconds,
        }
        with self.store.writing() as session:
            change(session, update(MethodRate).values(passed))

    def _goes_on(self, by: timedelta) -> None:
        self.later(seconds=by.total_seconds())
        self.clock.at += self._behind
        self._behind = timedelta(0)
        if self.dice.random() < 0.03:  # the machine's clock jumps back for a while; Slack's does not
            self._behind = timedelta(minutes=10)
            self.clock.at -= self._behind
            self.happened.jumps += 1
        if self.dice.random() < 0.2:
            title = f"Item {len(self.items)} ends."
            topic = self.dice.choice(TOPICS)
            self.publishes(title, topics=(topic,))
            self.items.append(Item(title, topic, self.clock.now()))

    def _lives(self) -> None:
        """The jobs and the sender; now and then Slack has trouble or the process is killed, anywhere in it."""
        if self.dice.random() < 0.15:
            self._breaks()
        if self.dice.random() < 0.15:
            self.slack.kill = (len(self.slack.calls) + self.dice.randint(1, 6), self.dice.random() < 0.5)
        try:
            self._works()
        except Killed:
            self.happened.kills += 1
            self.restarts()
            self._works()
        self.slack.kill = None

    def _works(self) -> None:
        jobs.compose(self.work())
        jobs.compose_personal(self.work())
        self.arrives()

    def _breaks(self) -> None:
        self.happened.faults += 1
        match self.dice.randrange(3):
            case 0:
                self.slack.fails("chat.postMessage", Unsure("no_answer", "chat.postMessage"), does_it=True)
            case 1:
                self.slack.fails("chat.postMessage", Unsure("internal_error", "chat.postMessage"))
            case _:
                self.slack.fails("chat.postMessage", RateLimited(0.02, "chat.postMessage"))

    def arrives(self, within: float = 90.0) -> None:
        """Everything that is due is in Slack, looked up where that was not known."""
        until = machine.monotonic() + within
        while True:
            self.delivers()
            waiting = self._waiting()
            if not waiting:
                return
            assert machine.monotonic() < until, f"they wait for ever: {waiting}"
            machine.sleep(0.01)

    def _waiting(self) -> list[tuple[str, str, str]]:
        unsettled = (MessageState.DUE, MessageState.SENDING, MessageState.UNSURE)
        found = select(MessageRow.kind, MessageRow.state, MessageRow.reason)
        due = found.where(MessageRow.state.in_(unsettled), MessageRow.due_at <= self.clock.now())
        with self.store.reading() as session:
            return [(kind, state, reason) for kind, state, reason in session.execute(due)]

    # -- what must be true

    def in_channel(self, topic: str) -> list[tuple[datetime, str]]:
        return list(self._said(self.slack.world.state.channels[self.channels[topic]].messages, " digest, "))

    def in_dm(self, reader: Reader) -> list[tuple[datetime, str]]:
        return list(self._said(self.slack.world.state.dm(reader.user).messages, "Your digest, "))

    def _said(self, messages: dict[str, dict[str, object]], words: str) -> Iterator[tuple[datetime, str]]:
        """When each digest was posted, and what it says; with what stands in its thread."""
        for ts, each in messages.items():
            if each.get("bot_id") and (
                words in str(each["text"]) or "More in this digest" in str(each["text"])
            ):
                yield datetime.fromtimestamp(float(ts), tz=ZoneInfo("UTC")), str(each.get("blocks"))

    def checked(self) -> dict[str, int]:
        """Raises `AssertionError`; else how many posts and digests there were, and how many items they brought."""
        posts = {topic: self.in_channel(topic) for topic in self.channels}
        brought = 0
        for topic, found in posts.items():
            self._at_nine_on_monday([at for at, text in found if "Get your own" in text])
            for item in self.items:
                times = sum(item.title in text for _, text in found)
                assert times == (item.topic == topic), f"{item} came {times} times to the channel on {topic}"
                brought += times
        digests = 0
        for reader in self.readers:
            own = self.in_dm(reader)
            digests += len(own)
            self._at_their_hour(reader, [at for at, _ in own])
            brought += self._exactly_once(reader, own, posts[TOPICS[reader.community]])
        counted = sum(len(found) for found in posts.values())
        return {"posts": counted, "digests": digests, "brought": brought, "items": len(self.items)}

    def _exactly_once(
        self, reader: Reader, own: list[tuple[datetime, str]], channel: list[tuple[datetime, str]]
    ) -> int:
        """What they follow came to them once: in their own digest, or in their channel, which is not repeated to them.

        A digest names ten of its items; the others it counts.
        """
        brought, unnamed = 0, list[Item]()
        for item in self.items:
            times = sum(item.title in text for _, text in own)
            there = sum(item.title in text for _, text in channel)
            follows = not reader.topics or item.topic in reader.topics
            assert times <= follows, f"{item} came {times} times to {reader}"
            if times + there < follows:
                unnamed.append(item)
            brought += times
        lost = uncounted(own, unnamed)
        assert not lost, f"{lost[0]} never came to {reader}"
        return brought + len(unnamed)

    def _at_nine_on_monday(self, moments: list[datetime]) -> None:
        zone = ZoneInfo(PROFILE.time_zone)
        self._in_their_weeks(moments, zone, 0, wall(9))

    def _at_their_hour(self, reader: Reader, moments: list[datetime]) -> None:
        self._in_their_weeks(moments, ZoneInfo(reader.zone), reader.weekday, wall.fromisoformat(reader.at))

    def _in_their_weeks(self, moments: list[datetime], zone: ZoneInfo, weekday: int, at: wall) -> None:
        """At most one in each local week, never before its hour and never a day after."""
        weeks = Counter[date]()
        for moment in moments:
            # A day late may lie in the next local week; what is a day late began in the week before.
            for back in (timedelta(0), timedelta(hours=25)):
                local = (moment - back).astimezone(zone)
                monday = local.date() - timedelta(days=local.weekday())
                slot = _first_valid(datetime.combine(monday + timedelta(days=weekday), at), zone)
                late = moment - slot
                if timedelta(minutes=-1) <= late <= timedelta(hours=25):
                    weeks[monday] += 1
                    break
            else:
                raise AssertionError(f"sent at {moment.astimezone(zone)}, which is nobody's hour")
        assert all(count == 1 for count in weeks.values()), weeks


def _first_valid(moment: datetime, zone: ZoneInfo) -> datetime:
    """That time on the wall, or the next that clocks show on a night when they leave it out."""
    while moment.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        moment += timedelta(minutes=1)
    return moment.replace(tzinfo=zone)


def uncounted(digests: list[tuple[datetime, str]], unnamed: list[Item]) -> list[Item]:
    """Of items that no digest names: those that none counts among its “more items” either.

    An item comes with the first digest after it, or the second: one that is composed already takes in nothing new.
    """
    sent = [at for at, _ in digests]
    for number, (at, text) in enumerate(digests):
        more = re.search(r"(\d+) more items? in the library", text)
        since = sent[number - 2] if number > 1 else datetime.min.replace(tzinfo=UTC)
        among = [item for item in unnamed if since < item.at <= at][: int(more[1]) if more else 0]
        unnamed = [item for item in unnamed if item not in among]
    return unnamed
