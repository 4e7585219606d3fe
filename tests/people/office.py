"""A workspace and a database, with this room's jobs run by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from copbot.clock import FixedClock
from copbot.delivery.tables import MessageRow
from copbot.jobs.work import Work
from copbot.people import jobs
from copbot.people import service as people
from copbot.program.profile import Profile, load
from copbot.sandbox.driver.workspace import Workspace
from copbot.slack.entrances import Wiring
from copbot.slack.gateway import Gateway
from copbot.store import Store
from tests.live import workspace
from tests.people.given import NOW

STAFF = {"ada", "mei", "ravi", "tomas"}
MEMBERS = {*STAFF, "kim", "noor", "gus", "zed"}


@dataclass
class Office:
    """A workspace, a database, and jobs that run when told to."""

    ws: Workspace
    store: Store
    gateway: Gateway
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    setting: str = "ta-staff"
    profile: Profile = field(default_factory=load)
    steps: list[tuple[int, int]] = field(default_factory=list)

    def run(self, job: Any) -> dict[str, Any]:
        work = Work(
            store=self.store,
            gateway=self.gateway,
            clock=self.clock,
            profile=self.profile,
            args={},
            progress=lambda n, of: self.steps.append((n, of)),
            wiring=Wiring(staff_channel=self.setting),
        )
        found: dict[str, Any] = job(work)
        return found

    def read_staff(self) -> dict[str, Any]:
        """One re-read, ten minutes after the last."""
        self.clock.at += timedelta(minutes=10)
        return self.run(jobs.staff_reread)

    def staff(self) -> set[str]:
        """By their names in the workspace."""
        with self.store.reading() as session:
            users = {each.user for each in people.staff_list(session)}
        return {name for name in MEMBERS if self.ws.person(name).id in users}

    def problem(self) -> str:
        with self.store.reading() as session:
            return people.staff_channel(session).problem

    def told(self, kind: str) -> list[MessageRow]:
        with self.store.reading() as session:
            rows = session.scalars(select(MessageRow).where(MessageRow.kind == kind).order_by(MessageRow.id))
            return list(rows)


@contextmanager
def open_office(store: Store) -> Iterator[Office]:
    with workspace() as sandbox:
        gateway = Gateway(sandbox.bot_token, base_url=sandbox.api_url, timeout=5.0)
        gateway.hello()
        yield Office(sandbox.workspace(), store, gateway)
