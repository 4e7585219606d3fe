"""People and resources that the tests of this room begin with."""

from __future__ import annotations

from typing import Any

from copbot.people import service as people
from copbot.program.profile import load
from copbot.resources.library import service
from copbot.resources.library.values import Resource, ResourceFields
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.days import NOON as NOW

PROFILE = load()
STAFF = Person(id=1, user="USAM", name="Sam", tz="America/Chicago", is_staff=True)
MEMBER = Person(id=2, user="UKIM", name="Kim", tz="America/Chicago")


def fields(title: str = "Naloxone basics", **more: Any) -> ResourceFields:
    known = {"kind": "link", "title": title, "url": f"https://example.org/{title.replace(' ', '-')}", **more}
    return ResourceFields(**known)


def add(session: Session, title: str = "Naloxone basics", person: Person = STAFF, **more: Any) -> Resource:
    return service.add(session, fields(title, **more), person=person, profile=PROFILE, now=NOW)


def knows_people(store: Store) -> None:
    """Sam and Kim have rows with the ids above."""
    seen = [
        {"id": each.user, "name": each.name.lower(), "real_name": each.name, "team_id": "T1"}
        for each in (STAFF, MEMBER)
    ]
    with store.writing() as session:
        people.learn(session, seen, home_team="T1", now=NOW)
