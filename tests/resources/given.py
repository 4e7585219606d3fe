"""People and resources that the tests of this room begin with."""

from __future__ import annotations

import json
from typing import Any

from copbot.imports import plugs as imports
from copbot.people import service as people
from copbot.program.profile import load
from copbot.resources import plugs
from copbot.resources.index.rules import fold
from copbot.resources.library import service
from copbot.resources.library.values import Resource, ResourceFields
from copbot.sandbox.views import check_view
from copbot.slack.answers import Answer, has_effect
from copbot.slack.entrances import Call, Form, check
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.days import NOON as NOW

PROFILE = load()
STAFF = Person(id=1, user="USAM", name="Sam", tz="America/Chicago", is_staff=True)
MEMBER = Person(id=2, user="UKIM", name="Kim", tz="America/Chicago")


def fields(title: str = "Naloxone basics", **more: Any) -> ResourceFields:
    known = {
        "kind": "link",
        "title": title,
        "url": f"https://example.org/{fold(title).replace(' ', '-')}",
        **more,
    }
    return ResourceFields(**known)


def add(session: Session, title: str = "Naloxone basics", person: Person = STAFF, **more: Any) -> Resource:
    return service.add(session, fields(title, **more), person=person, profile=PROFILE, now=NOW)


def knows_people(store: Store) -> None:
    """Sam and Kim have rows with the ids above."""
    plain = {"team_id": "T1", "deleted": False, "is_bot": False, "is_restricted": False}
    seen = [
        {"id": each.user, "name": each.name.lower(), "real_name": each.name, **plain}
        for each in (STAFF, MEMBER)
    ]
    with store.writing() as session:
        people.learn(session, seen, home_team="T1", now=NOW)


LISTENERS = {(row.kind, row.id): row for row in (*plugs.ENTRANCES, *imports.ENTRANCES)}


def uses(store: Store, kind: str, ident: str, person: Person = MEMBER, **more: Any) -> Answer:
    """One use of an entrance, in a transaction of its own; refusals pass through."""
    row = LISTENERS[kind, ident]
    check(person, row.who)
    call = {"person": person, "now": NOW, "profile": PROFILE, **more}
    with store.writing() if row.effect == "write" else store.reading() as session:
        answer = row.run(Call(session, **call))
        if not has_effect(answer):
            session.rollback()
    view = getattr(answer, "view", None)
    assert view is None or check_view(view, kind="modal") is None
    return answer


def text_in(answer: Answer) -> str:
    """Everything that stands in the view of an answer."""
    return json.dumps(getattr(answer, "view", None), ensure_ascii=False)


def titles(answer: Answer) -> list[str]:
    """The titles of the resources that a view lists, in order."""
    blocks = getattr(answer, "view", {}).get("blocks", ())
    lines = [each["text"]["text"] for each in blocks if each["type"] == "section"]
    return [line.split("\n")[0].strip("*") for line in lines if line.startswith("*") and "\n" in line]


def values_in(answer: Answer, action: str) -> list[str]:
    """The values of a view's buttons with this action, wherever they stand."""
    found: list[str] = []

    def look(node: Any) -> None:
        if isinstance(node, dict):
            if str(node.get("action_id", "")).partition(":")[0] == action:
                found.append(str(node.get("value", "")))
            for each in node.values():
                look(each)
        elif isinstance(node, list):
            for each in node:
                look(each)

    look(getattr(answer, "view", {}))
    return found


def filled_in(**values: Any) -> Form:
    return Form(values)
