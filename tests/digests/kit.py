"""A workspace with a library and digests, in the same process; time is moved by hand."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from copbot.communities.news import service as news
from copbot.communities.tables import QuestionRow
from copbot.delivery.sender import Sender
from copbot.digests import jobs, plugs
from copbot.digests import rules as slots
from copbot.digests.editions import composing, placing, service
from copbot.digests.editions.rules import Edition
from copbot.digests.editions.tables import PROGRAM
from copbot.digests.rules import Schedule
from copbot.resources.library import service as library
from copbot.resources.library.values import Resource, ResourceFields
from copbot.store import Store
from tests.communities.kit import NOTICES, PROFILE, Commons
from tests.delivery.kit import QUICK

SCHEDULE = Schedule(PROFILE.time_zone)


class Reading(Commons):
    """Ada leads, Sam... is staff; `#general` and others can get a digest."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.knows("ada", "kim", "juno", "lou", "ines")
        self.staff("ada", "juno", leads=["ada"])
        self.lead = self.person("ada")
        if self.slot() - self.clock.now() < timedelta(days=1):
            self.later(days=1)  # the suite's day is a Sunday: the edition would be put together already

    def _sender(self) -> Sender:
        every = {**NOTICES, **plugs.NOTICES}
        return Sender(self.store, self.slack, every, self.clock, PROFILE, timing=QUICK)

    def channel_id(self, name: str) -> str:
        found = self.slack.channel(name)
        return (
            found or self.slack.add_channel(name, members=[self.slack.bot_user, self.slack.user("ines")])
        ).id

    def here(self, name: str) -> str:
        channel = self.channel_id(name)
        with self.store.writing() as session:
            placing.send_here(session, channel, person=self.lead, profile=PROFILE, now=self.clock.now())
        return channel

    def publishes(self, title: str, **more: Any) -> Resource:
        known = {
            "kind": "link",
            "title": title,
            "url": f"https://example.org/{title.replace(' ', '-')}",
            **more,
        }
        with self.store.writing() as session:
            return library.add(
                session, ResourceFields(**known), person=self.lead, profile=PROFILE, now=self.clock.now()
            )

    def changes(self, found: Resource, **more: Any) -> None:
        with self.store.writing() as session:
            now = library.find(session, found.uid)
            assert now is not None
            library.edit(
                session,
                found.uid,
                ResourceFields(**more),
                seen=now.version,
                person=self.lead,
                profile=PROFILE,
                now=self.clock.now(),
            )

    def retires(self, found: Resource) -> None:
        with self.store.writing() as session:
            library.retire(session, [found.uid], by=self.lead.user, now=self.clock.now(), why="closed")

    def slot(self) -> datetime:
        """The next time of the program's digest on the calendar, whatever has an edition."""
        return slots.next_slot(SCHEDULE, self.clock.now() + timedelta(seconds=1)).at

    def goes_to(self, moment: datetime) -> None:
        """Time moves there; the job runs each ten minutes' worth of it only at the end."""
        self.later(seconds=(moment - self.clock.now()).total_seconds())
        self.runs()

    def runs(self) -> dict[str, Any]:
        found = jobs.compose(self.work())
        self.delivers()
        return found

    def week(self) -> None:
        """Through the next slot: a day before it, at it, and ten minutes after."""
        slot = self.slot()
        self.goes_to(slot - timedelta(hours=23))
        self.goes_to(slot)
        self.goes_to(slot + timedelta(minutes=10))

    def posts(self, channel: str) -> list[str]:
        """What stands in a channel from us, each with everything in it."""
        self.delivers()
        state = self.slack.world.state.channels[channel]
        return [json.dumps(m, ensure_ascii=False) for m in state.messages.values() if m.get("bot_id")]

    def editions(self) -> tuple[Edition, ...]:
        """The program's, the newest first."""
        with self.store.reading() as session:
            digest = placing.find(session, PROGRAM, PROFILE, self.clock.now())
            assert digest is not None
            return service.newest(session, digest, PROFILE, self.clock.now(), 10)


def shares(reading: Reading, text: str) -> str:
    """Staff's news; its uid."""
    with reading.store.writing() as session:
        return news.share(session, text, person=reading.lead, now=reading.clock.now()).uid


def asks(reading: Reading, community: int, number: int) -> None:
    """Questions in a community that nobody has answered."""
    with reading.store.writing() as session:
        for n in range(number):
            due = reading.clock.now()
            session.add(QuestionRow(community_id=community, ts=f"{1_700_000_000 + n}.000100", due_at=due))


__all__ = ["PROFILE", "Reading", "asks", "composing", "shares"]
