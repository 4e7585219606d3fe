"""An office in one process: a strict workspace, its staff channel, a sender behind its gate, and who could read along."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import update

from copbot import app
from copbot.clock import FixedClock
from copbot.delivery import service as delivery
from copbot.delivery.gate import Gate
from copbot.delivery.render import Notices
from copbot.delivery.sender import Sender
from copbot.delivery.tables import MessageRow, MethodRate, change
from copbot.jobs.tables import JobRow
from copbot.people import jobs as people_jobs
from copbot.people import service as people
from copbot.people.staff_channel.jobs import StaffChannelReader
from copbot.people.staff_channel.service import may_read
from copbot.sandbox.people import TEAM
from copbot.sandbox.state import Channel
from copbot.slack.answers import Answer
from copbot.slack.entrances import Call, Wiring
from copbot.slack.person import Person
from copbot.store import Store
from tests.communities.kit import NOON, PROFILE, Slack
from tests.delivery.kit import QUICK

CANARY = "kanarienvogel"
"""Stands in everything that somebody typed."""
NOBODY = Person(id=0, user="", name="", tz="UTC")
LONG_AGO = timedelta(seconds=61)
"""After this a reading of the staff channel says nothing any more."""


class Watched(Slack):
    """Slack, with a second reading of its own: each call that shows text where others than staff could read it."""

    def __init__(self) -> None:
        super().__init__()
        self.place = self.channel("ta-staff")
        self.leaks: list[str] = []
        self.asked: list[tuple[str, str]] = []

    def call(self, method: str, /, *, timeout: float | None = None, **args: Any) -> dict[str, Any]:
        self.asked.append((method, json.dumps(args)))
        if method in ("chat.postMessage", "chat.update") and self.is_open(str(args["channel"])):
            told = json.dumps(args)
            self.leaks += [told] if CANARY in told else []
        return super().call(method, timeout=timeout, **args)

    def is_open(self, place: str) -> bool:
        """Whether the channel is public, or anybody in it is no active full member of this workspace."""
        channel = self.world.state.channels.get(place)
        if channel is None or channel.kind == "im":
            return False
        members = [self.world.state.users[user] for user in channel.members]
        outside = [
            u for u in members if u["team_id"] != TEAM["id"] or u["is_restricted"] or u.get("is_stranger")
        ]
        return channel.kind == "channel" or channel.shared or bool(outside)

    def count(self, method: str) -> int:
        return sum(name == method for name, _ in self.asked)


class Office:
    """`NOTICES` of all rooms unless others are given. Nothing happens by itself: `delivers`, `reads`, `hears`."""

    def __init__(self, store: Store, notices: Notices | None = None) -> None:
        self.store = store
        self.slack = Watched()
        self.clock = FixedClock(NOON)
        self.staff: Channel = self.slack.place  # type: ignore[assignment]
        self.wiring = Wiring(self.staff.id, (self.slack.user("lou"),), is_sandbox=True)
        self.reader = StaffChannelReader(store, self.slack, self.clock, PROFILE, self.wiring)
        self.gate = Gate(app.readers(), partial(may_read, admins=self.wiring.admins), self.reader.read_first)
        self.notices = notices or app.notices()
        self.sender = Sender(
            store, self.slack, self.notices, self.clock, PROFILE, timing=QUICK, gate=self.gate
        )
        store.on_commit(self.gate.stir, about="readers")
        self.entrances = app.entrances()
        self.reads()

    # -- what happens

    def later(self, by: timedelta = LONG_AGO) -> None:
        self.clock.at += by
        self.slack.world.clock.offset += by.total_seconds()

    def reads(self) -> dict[str, Any]:
        """The job that reads the staff channel."""
        return people_jobs.staff_reread(self.reader._work)

    def delivers(self, turns: int = 60) -> None:
        """As many turns as there is something to do in, without the pause between what is not urgent."""
        for _ in range(turns):
            with self.store.writing() as session:
                change(session, update(MethodRate).values(free_at=0.0))
            if not self.sender.turn():
                return

    def hears(self, event: str, **body: Any) -> Answer:
        """One event of Slack's, taken by each room that hears it, and what it asks for done; the last answer."""
        heard = self.entrances.hearing("event", event)
        assert heard, event
        with self.store.writing() as session:
            call = Call(
                session=session,
                person=NOBODY,
                now=self.clock.now(),
                profile=PROFILE,
                channel=str(body.get("channel", "")),
                event={"type": event, "event_ts": str(self.clock.at.timestamp()), **body},
                team=TEAM["id"],
                bot_user=self.slack.bot_user,
                wiring=self.wiring,
            )
            return [entrance.run(call) for entrance in heard][-1]

    def does(self, verb: Callable[..., Any], **more: Any) -> Any:
        with self.store.writing() as session:
            return verb(session, now=self.clock.now(), **more)

    def says(self, kind: str, subject: str, to: str) -> int:
        key = f"{kind}:{subject}:{to}"
        return int(self.does(delivery.say, kind=kind, subject=subject, to=to, key=key, urgent=True))

    # -- what is seen

    def person(self, handle: str) -> Person:
        with self.store.writing() as session:
            found = self.slack.world.state.users[self.slack.user(handle)]
            person = people.identify(session, found["id"], found, TEAM["id"], now=self.clock.now())
        assert person is not None
        return person

    def shown(self, place: Channel | None = None) -> list[str]:
        """The bot's messages that stand in the channel, whole."""
        channel = place or self.staff
        mine = [m for m in channel.messages.values() if m.get("bot_id")]
        return [json.dumps([m["text"], m.get("blocks")]) for m in mine]

    def dm(self, handle: str) -> list[str]:
        return self.shown(self.slack.world.state.dm(self.slack.user(handle)))

    def texts(self, place: Channel | None = None) -> int:
        return sum(CANARY in each for each in self.shown(place))

    def row(self, ident: int) -> MessageRow:
        with self.store.reading() as session:
            return session.get_one(MessageRow, ident)

    def jobs(self, name: str) -> int:
        with self.store.reading() as session:
            return session.query(JobRow).filter_by(name=name).count()

    def problem(self) -> str:
        with self.store.reading() as session:
            return people.staff_channel(session).problem


Act = Callable[[Office], None]


def _joins(handle: str) -> Act:
    return lambda office: office.staff.members.append(office.slack.user(handle))


def _leaves(handle: str) -> Act:
    return lambda office: office.staff.members.remove(office.slack.user(handle))


def _sets(**values: Any) -> Act:
    return lambda office: vars(office.staff).update(values)


def _bot(*, inside: bool) -> Act:
    def act(office: Office) -> None:
        members = office.staff.members
        (members.append if inside else members.remove)(office.slack.bot_user)

    return act


EXPOSED: dict[str, tuple[Act, Act]] = {
    "public": (_sets(kind="channel"), _sets(kind="group")),
    "shared": (_sets(shared=True), _sets(shared=False)),
    "guest": (_joins("gus"), _leaves("gus")),
    "foreign": (_joins("zed"), _leaves("zed")),
}
"""How others come to read the staff channel, in silence, and how that ends."""

LOST: dict[str, tuple[Act, Act]] = {
    "archived": (_sets(archived=True), _sets(archived=False)),
    "not_member": (_bot(inside=False), _bot(inside=True)),
}
"""How the app loses it."""
