"""A staff room whose clock jobs a test runs by hand, in a week without holidays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.assistance import jobs, notices
from copbot.assistance.views import facts
from copbot.assistance.workflow import service
from copbot.clock import FixedClock
from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.jobs.work import Work
from copbot.store import Store
from tests.assistance.given import (
    Cast,
    asked,
    form,
    messages,
    press,
    profile,
)
from tests.days import MORNING, to_plain_monday
from tests.people.given import NOW

ZONE = ZoneInfo("America/Chicago")
MONDAY = (MORNING + timedelta(days=to_plain_monday())).astimezone(ZONE)
URGENT = {"by_when": "urgent", "urgent_reason": "Training is tomorrow."}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """So many days after a Monday without holidays around it, at this time in Wisconsin."""
    return (MONDAY + timedelta(days=day)).replace(hour=hour, minute=minute).astimezone(UTC)


@dataclass(frozen=True)
class Desk:
    """A staff room whose clock jobs are run by hand."""

    store: Store
    people: Cast

    def watch(
        self, now: datetime, progress: Callable[[int, int], None] = lambda n, of: None
    ) -> dict[str, int]:
        return dict(jobs.watch(self._work(now, progress)) or {})

    def morning(self, now: datetime) -> int:
        return int((jobs.list_today(self._work(now, lambda n, of: None)) or {})["listed"])

    def summary(self, now: datetime) -> str:
        """Why the staff channel got none that morning; empty when it got one."""
        return str((jobs.list_today(self._work(now, lambda n, of: None)) or {})["skipped"])

    def asks(self, now: datetime, key: str, **more: Any) -> int:
        with self.store.writing() as session:
            return asked(session, self.people.kim, key, form(**more), now=now).id

    def does(self, verb: Any, who: str, ident: int, now: datetime, **more: Any) -> Any:
        return press(self.store, verb, replace(self.people, request=ident), who, now=now, **more)

    def takes(self, ident: int, now: datetime, who: str = "sam") -> None:
        self.does(service.take, who, ident, now)

    def asks_back(self, ident: int, now: datetime) -> None:
        self.takes(ident, now)
        self.does(service.ask_requester, "sam", ident, now, question="How many kits?")

    def told(self, kind: str) -> list[str]:
        return [each.destination for each in messages(self.store, kind)]

    def text(self, message: MessageRow, now: datetime) -> str:
        with self.store.reading() as session:
            render = notices.NOTICES[message.kind]
            return str(render(session, Subject(message.subject), Look(profile(), now, "uid")))

    def news(self, verb: str) -> list[MessageRow]:
        """What Kim was told of events of this kind."""
        with self.store.reading() as session:
            found = [
                facts.told(session, Subject(each.subject).number, NOW)
                for each in messages(self.store, "request.told")
            ]
        rows = messages(self.store, "request.told")
        return [each for each, told in zip(rows, found, strict=True) if told and told.event.verb == verb]

    def _work(self, now: datetime, progress: Callable[[int, int], None]) -> Work:
        return Work(
            store=self.store,
            gateway=None,
            clock=FixedClock(now),
            profile=profile(),
            args={},
            progress=progress,
        )
