"""A frame with one entrance of each kind, in front of a real database and a Slack that knows a few people."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import select

from copbot.clock import FixedClock
from copbot.people import service as people
from copbot.program.profile import load as load_profile
from copbot.program.settings.service import choice, choose
from copbot.sandbox.people import BOT_ID, BOT_USER, TEAM
from copbot.slack.answers import Answer, Done
from copbot.slack.blocks import form
from copbot.slack.entrances import Call, Entrance, Entrances, Wiring
from copbot.slack.frame import Frame, Parts
from copbot.slack.gateway import Gateway
from copbot.slack.incoming import Incoming
from copbot.slack.reopen import LateForms
from copbot.store import Store
from tests.days import NOON

PROFILE = load_profile()
VIEW = form("f", "A form", [])


def slack_user(user: str, **more: Any) -> dict[str, Any]:
    """Somebody as Slack describes them."""
    plain = {"deleted": False, "is_bot": False, "is_restricted": False, "is_ultra_restricted": False}
    return {"id": user, "name": user.lower(), "team_id": TEAM["id"], **plain, **more}


class Slack(Gateway):
    """Knows a few people by `users.info`; nothing leaves."""

    def __init__(self) -> None:
        super().__init__("xoxb-none", base_url="http://127.0.0.1:9/")
        self.bot_user, self.bot_id, self.team = BOT_USER, BOT_ID, TEAM["id"]
        self.asked: list[str] = []
        self.known: dict[str, dict[str, Any]] = {}
        self.trouble: Exception | None = None

    def call(self, method: str, /, *, timeout: float | None = None, **args: Any) -> dict[str, Any]:
        self.asked.append(f"{method} {args['user']}")
        if self.trouble is not None:
            raise self.trouble
        return {"user": self.known.get(args["user"])}


class Kept:
    """Stands where replies stand: keeps each answer, so that a test can look at it."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.late = LateForms()

    def settle(self, answer: Answer, _incoming: Incoming) -> dict[str, Any]:
        self.answers.append(answer)
        return {"settled": len(self.answers)}


class House:
    """A frame with one entrance of each kind, all of which run the same listener."""

    def __init__(self, store: Store) -> None:
        self.store, self.slack, self.kept = store, Slack(), Kept()
        self.calls: list[Call] = []
        self.answers: list[Answer | Exception] = []
        self.who: dict[str, Any] = {}
        for user, more in (("UKIM", {}), ("UGUS", {"is_restricted": True}), ("UDEE", {"deleted": True})):
            self.knows(user, **more)
        self.frame = self.framed()

    def framed(self, **more: Any) -> Frame:
        kinds = ("command", "action", "view", "closed", "options", "shortcut", "event")
        rows = [
            Entrance(kind=kind, id=f"{effect}.{who}", run=self.run, who=who, effect=effect, **more)
            for kind in kinds
            for effect in ("read", "write")
            for who in ("anyone", "member", "staff", "slack")
        ]
        identify = partial(people.identify, home_team=TEAM["id"], now=NOON)
        parts = Parts(
            self.store, self.slack, FixedClock(NOON), PROFILE, Entrances(rows), identify, self.kept,  # type: ignore[arg-type]
            b"secret", Wiring(),
        )  # fmt: skip
        return Frame(parts)

    def knows(self, user: str, **more: Any) -> None:
        told = slack_user(user, **more)
        with self.store.writing() as session:
            people.learn(session, [told], home_team=TEAM["id"], now=NOON)

    def run(self, call: Call) -> Answer:
        """Writes a row, then answers or fails as told."""
        self.calls.append(call)
        answer = self.answers.pop(0) if self.answers else Done()
        if call.event.get("type") != "reading":
            made = int(choice(call.session, "made", 0)) + 1
            choose(call.session, "made", made, by="U1", now=NOON)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def takes(
        self, kind: str = "action", ident: str = "write.anyone", user: str = "UKIM", **more: Any
    ) -> Answer:
        more.setdefault("claim", (kind, "1", user))
        self.frame.take(Incoming(kind=kind, id=ident, user=user, **more))
        return self.kept.answers[-1]

    @property
    def made(self) -> int:
        """How many effects stand."""
        with self.store.reading() as session:
            return int(choice(session, "made", 0))

    def rows(self, table: Any) -> list[Any]:
        with self.store.reading() as session:
            return list(session.scalars(select(table)))
