"""A center whose staff take, leave and get requests, and a lead who writes rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from copbot.app import entrances
from copbot.assistance.tables import RequestRow
from copbot.people.staff import service as staffing
from copbot.routing import service as routing
from copbot.routing.screens import FIELDS
from copbot.slack.answers import Answer
from copbot.slack.person import Person
from copbot.store import Store
from tests.assistance.desk import Desk
from tests.assistance.given import Cast, asked, form, later, messages, profile, row
from tests.days import DAY
from tests.home.given import call
from tests.people.given import NOW


@dataclass
class Center:
    """Sam, Pat and Lee, who leads, are staff; Kim asks."""

    store: Store
    people: Cast
    asks_so_far: int = 0

    def switch(self, *rules: str, on: bool = True, by: str = "lee", seen: int | None = None) -> None:
        with self.store.writing() as session:
            version = routing.settings(session, profile()).version if seen is None else seen
            texts = dict(zip(FIELDS, rules, strict=False))
            routing.save(
                session, texts, on=on, seen=version, by=getattr(self.people, by), profile=profile(), now=NOW
            )

    def takes(self, who: str, **what: Any) -> None:
        told = {"topics": (), "areas": (), **what}
        with self.store.writing() as session:
            whose: Person = getattr(self.people, who)
            seen = staffing.staff_facts(session, whose.id, profile=profile(), now=NOW).version
            staffing.describe_staff(
                session, whose.id, profile=profile(), by=self.people.lee, now=NOW, seen=seen, **told
            )

    def leaves(self, who: str, first: date = DAY, last: date = DAY) -> None:
        with self.store.writing() as session:
            staffing.go_away(
                session, getattr(self.people, who).id, first=first, last=last, profile=profile(),
                by=self.people.lee, now=NOW,
            )  # fmt: skip

    def asks(self, who: str = "kim", *, minutes: int = 0, **more: Any) -> RequestRow:
        self.asks_so_far += 1
        with self.store.writing() as session:
            made = asked(
                session, getattr(self.people, who), f"routed-{self.asks_so_far}", form(**more),
                now=later(minutes=minutes), routed=routing.is_on(session),
            )  # fmt: skip
        return row(self.store, made.id)

    def owner(self, found: RequestRow) -> str:
        names = {getattr(self.people, name).id: name for name in ("sam", "pat", "lee", "kim")}
        return names.get(found.owner_id or 0, "")

    def reads(self, kind: str) -> list[tuple[str, str]]:
        """Whom a kind of message went to, and its text."""
        desk = Desk(self.store, self.people)
        return [(each.destination, desk.text(each, NOW)) for each in messages(self.store, kind)]


def does(center: Center, kind: str, ident: str, **more: object) -> Answer:
    """Lee uses one of the entrances."""
    entrance = entrances().find(kind, ident)
    assert entrance is not None
    with center.store.writing() as session:
        return entrance.run(replace(call(session, center.people.lee), **more))  # type: ignore[arg-type]
