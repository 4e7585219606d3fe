"""A running bot in a running workspace: real Bolt, a real socket, a real database, a strict Slack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from copbot.app import Bot, manifest_of
from copbot.delivery.rules import SendTiming
from copbot.sandbox.driver.controls import Room
from copbot.sandbox.driver.person import DrivenPerson
from copbot.sandbox.driver.workspace import Workspace
from copbot.settings import load
from tests.days import Sandbox

QUICK = SendTiming(
    look_after=0.4,
    lease=3.0,
    http_timeout=1.0,
    tick=0.1,
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
        """Nothing that the bot sent was refused by Slack, but a Home that somebody's own press had just changed."""
        assert [each for each in self.ws.refusals() if each["error"] != "hash_conflict"] == []


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


@contextmanager
def living(
    url: str, sandbox: Sandbox, *, timing: SendTiming = QUICK, more: Mapping[str, str] | None = None
) -> Iterator[Live]:
    """A bot on this database in this workspace, until the block ends."""
    environment = {**sandbox.environment(), "DATABASE_URL": url, "COPBOT_HTTP_PORT": "0", **(more or {})}
    environment = {name: value for name, value in environment.items() if value}
    bot = Bot(load(environment, None), timing=timing)
    ws = sandbox.workspace()
    try:
        bot.start()
        ws.connected()
        yield Live(sandbox, ws, bot, environment)
    finally:
        bot.stop(5.0)
        ws.close()
