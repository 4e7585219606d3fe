"""A workspace with staff, a staff channel, digests that some chose, and alerts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from copbot.alerts import jobs, notices, service
from copbot.alerts.rules import Alert
from copbot.alerts.service import DigestReaders
from copbot.delivery.sender import Sender
from copbot.digests import plugs as digests
from copbot.digests.editions import placing
from copbot.digests.rules import Schedule
from copbot.digests.subscriptions import service as subscriptions
from copbot.errors import CopbotError
from copbot.jobs.tables import JobRow
from copbot.people import service as people
from copbot.store import Store
from tests.communities.kit import NOTICES, PROFILE, Commons
from tests.days import day
from tests.delivery.kit import QUICK

READERS = DigestReaders(*digests.CHOSEN)
TEXTS = {
    "seen": "Medetomidine in three samples",
    "source": "Drug checking, Madison",
    "todo": "Carry more naloxone",
}
HIDDEN = ("Medetomidine", "Madison", "Carry more")


class Desk(Commons):
    """Ada leads, Ravi and Mei are staff; Ravi writes and Mei approves unless somebody else is named."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.knows("ada", "kim", "juno", "noor", "ravi", "mei", "lou", "ines")
        self.staff("ada", "ravi", "mei", leads=["ada"])
        self.room = self.channel_id("ta-staff")
        with store.writing() as session:
            people.set_staff_channel(session, self.room, "", now=self.clock.now())

    def _sender(self) -> Sender:
        every = {**NOTICES, **digests.NOTICES, **notices.NOTICES}
        return Sender(self.store, self.slack, every, self.clock, PROFILE, timing=QUICK)

    def channel_id(self, name: str) -> str:
        found = self.slack.channel(name)
        return (found or self.slack.add_channel(name, members=[self.slack.bot_user])).id

    def digest_goes_to(self, name: str) -> str:
        channel = self.channel_id(name)
        with self.store.writing() as session:
            placing.send_here(
                session, channel, person=self.person("ada"), profile=PROFILE, now=self.clock.now()
            )
        return channel

    def follows(self, handle: str, *, topics: tuple[str, ...] = (), areas: tuple[str, ...] = ()) -> None:
        with self.store.writing() as session:
            person, schedule = self.person(handle), Schedule(PROFILE.time_zone)
            how = {"topics": topics, "areas": areas, "person": person, "now": self.clock.now()}
            subscriptions.change(session, schedule, **how)

    def stops(self, handle: str) -> None:
        with self.store.writing() as session:
            subscriptions.stop(session, person=self.person(handle), now=self.clock.now())

    def writes(self, by: str = "ravi", *, change: Alert | None = None, **more: Any) -> Alert:
        values = {"topics": ["supply_alert"], "areas": ["wi-dane"], "until": day(7), **more}
        texts = {name: values.pop(name, words) for name, words in TEXTS.items()} | {
            "until": values.pop("until")
        }
        with self.store.writing() as session:
            return service.write(
                session, READERS, texts, **values, uid=change.uid if change else "",
                version=change.version if change else 0, person=self.person(by), profile=PROFILE, now=self.clock.now(),
            )  # fmt: skip

    def approves(self, found: Alert, by: str = "mei") -> Alert:
        with self.store.writing() as session:
            return service.approve(
                session, found.uid, found.version, person=self.person(by), now=self.clock.now()
            )

    def corrects(self, found: Alert, text: str, by: str = "ada") -> Alert:
        with self.store.writing() as session:
            return service.correct(session, found.uid, text, person=self.person(by), now=self.clock.now())

    def ends(self, found: Alert, by: str = "ada") -> Alert:
        with self.store.writing() as session:
            return service.end(session, found.uid, person=self.person(by), now=self.clock.now())

    def works(self, *, deliver: bool = True) -> None:
        """The jobs that were asked for, then what the clock asks for, then the sender."""
        for args in self.asked(service.SEND):
            work = self.work(args)
            jobs.send(READERS, work if deliver else replace(work, progress=lambda _done, _of: None))
        with self.store.writing() as session:
            session.query(JobRow).filter_by(name=service.SEND).delete()
        jobs.close(self.work())
        if deliver:
            self.delivers()

    def sends(self, by: str = "ravi", **more: Any) -> Alert:
        """Written by one, approved by Mei, and out."""
        found = self.approves(self.writes(by, **more))
        self.works()
        return found

    def week_passes(self) -> None:
        self.later(days=8)
        self.works()

    def posts(self, channel: str) -> list[str]:
        """What stands in a channel from us, in order, each with everything in it."""
        self.delivers()
        state = self.slack.world.state.channels[channel]
        return [json.dumps(m, ensure_ascii=False) for m in state.messages.values() if m.get("bot_id")]

    def card(self) -> str:
        """The newest card, drawn again a minute later."""
        self.later(minutes=1)
        return self.posts(self.room)[-1]


@contextmanager
def refused(kind: type[CopbotError], words: str) -> Iterator[None]:
    """It is refused with a sentence that holds these words."""
    with pytest.raises(kind) as told:
        yield
    assert words in told.value.words


MINUTE = timedelta(minutes=1)
__all__ = ["MINUTE", "PROFILE", "Desk", "refused"]
