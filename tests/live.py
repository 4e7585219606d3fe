"""A running bot in a running workspace: real Bolt, a real socket, a real database, a strict Slack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from copbot import app
from copbot.app import Bot, all_jobs, manifest_of
from copbot.delivery.rules import PACES, SendTiming
from copbot.delivery.tables import MethodRate
from copbot.jobs.rules import JobState
from copbot.jobs.service import enqueue
from copbot.jobs.tables import JobRow
from copbot.program.profile import Profile
from copbot.program.profile import load as profile_in
from copbot.sandbox.driver.controls import Room
from copbot.sandbox.driver.person import DrivenPerson
from copbot.sandbox.driver.workspace import Workspace
from copbot.settings import load
from copbot.store import Store, machine_now
from tests.days import Sandbox
from tests.waiting import PATIENCE

QUICK = SendTiming(
    look_after=0.4,
    lease=3.0,
    http_timeout=1.0,
    tick=0.3,
    recheck_after=1.0,
    per_destination=0.0,
    backoff=0.1,
)
"""The sender's machine seconds, shortened: what is waited for is the same, only sooner."""

FORM: dict[str, Any] = {
    "topics": ["naloxone"],
    "kind": "answer",
    "need": "We run out of kits every month. What do others do?",
    "areas": ["wi-dane"],
}


@dataclass
class Live:
    """The workspace, its people, and the bot in it."""

    sandbox: Sandbox
    ws: Workspace
    bot: Bot
    settings: dict[str, str] = field(default_factory=dict)

    def person(self, handle: str) -> DrivenPerson:
        return self.ws.person(handle)

    def room(self, name: str = "ta-staff") -> Room:
        return self.ws.channel(name)

    def asks(self, handle: str = "kim", **answers: Any) -> str:
        """Somebody asks for help; the number of their request, such as TA-1001."""
        person = self.person(handle)
        person.types("/ta", channel="general")
        fill(person, **answers)
        sent = person.submits()
        assert sent.updated, sent
        return number_in(person.modal().text())

    def checked(self) -> None:
        """Nothing that the bot sent was refused by Slack, but what came too late for somebody's own press.

        A Home that the press has just changed, and a page's title for a form that is shut or only just opening.
        """
        late = {
            ("views.publish", "hash_conflict"),
            ("views.update", "hash_conflict"),
            ("views.update", "not_found"),
        }
        refused = [(each["where"], each["error"]) for each in self.ws.refusals()]
        assert [each for each in refused if each not in late] == []


def fill(person: DrivenPerson, *, agency: str = "Lakeside Exchange", **answers: Any) -> None:
    """Fill the open form, with the usual answers where none are given."""
    person.fills({**FORM, **answers})
    choose_agency(person, agency)


def choose_agency(person: DrivenPerson, name: str) -> None:
    """Search for the agency and take it; add it when it is new."""
    person.fills({"agency": name})


def number_in(text: str) -> str:
    start = text.index("TA-")
    return text[start : start + 7].rstrip("* .")


@cache
def _shipped() -> Profile:
    return profile_in()


def _profile(path: Path | None = None) -> Profile:
    """The shipped profile is read for the first bot of a process, and nobody changes it: a third of a bot's start."""
    return _shipped() if path is None else profile_in(path)


app.load = _profile


@cache
def _manifest() -> dict[str, Any]:
    return manifest_of(load({}, None))


@contextmanager
def workspace(**options: Any) -> Iterator[Sandbox]:
    sandbox = Sandbox(_manifest(), enforce_rates=False, **options)
    sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.stop()


def past_the_morning(store: Store, now: float, zone: str) -> None:
    """What the clock asks for until now has been done: the suite's day begins at noon, and what comes then is new.

    Without it a request that comes before the first jobs have run is told in the morning's message as well, and each
    bot begins with thirty jobs that find nothing to do. What is read again at each start still is.
    """
    moment = datetime.fromtimestamp(now, UTC)
    slots = {job.name: key for job in all_jobs() if (key := job.slot(moment, zone))}
    with store.writing(budget=PATIENCE) as session:
        idents = [enqueue(session, name, key=key, now=moment) for name, key in slots.items()]
        done = {"state": JobState.DONE, "finished": moment}
        session.execute(update(JobRow).where(JobRow.id.in_(idents)).values(**done))


def unpaced(store: Store) -> None:
    """Nothing waits for its share of a minute's calls: as if Slack had let through a hundred a second until now."""
    with store.writing(budget=PATIENCE) as session:
        now, known = machine_now(session), set(session.scalars(select(MethodRate.method)))
        rates = [MethodRate(method=method, rate=6_000.0, learned_at=now) for method in PACES]
        session.add_all(each for each in rates if each.method not in known)


@contextmanager
def living(
    url: str, sandbox: Sandbox, *, timing: SendTiming = QUICK, more: Mapping[str, str] | None = None
) -> Iterator[Live]:
    """A bot on this database in this workspace, until the block ends."""
    environment = {**sandbox.environment(), "DATABASE_URL": url, "COPBOT_HTTP_PORT": "0", **(more or {})}
    environment = {name: value for name, value in environment.items() if value}
    bot = Bot(load(environment, None), timing=timing)
    ws = sandbox.workspace()
    past_the_morning(bot.store, ws.clock.now(), bot.profile.time_zone)
    try:
        bot.start()
        ws.connected()
        yield Live(sandbox, ws, bot, environment)
    finally:
        bot.stop(5.0)
        ws.close()
