"""People as tests need them: plain functions with fixed values."""

from __future__ import annotations

from typing import Any

from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.days import MORNING as NOW

HOME = "T0HOME"


def slack_user(user: str, name: str = "", **more: Any) -> dict[str, Any]:
    """A user object as Slack sends it."""
    told = {
        "id": user,
        "team_id": HOME,
        "tz": "America/Chicago",
        "deleted": False,
        "is_bot": False,
        "is_restricted": False,
        "is_admin": False,
        "is_owner": False,
        "profile": {"display_name": name or user.removeprefix("U0").title()},
    }
    return {**told, **more}


def person(session: Session, user: str, name: str = "", **more: Any) -> Person:
    """Somebody the database knows."""
    found = people.identify(session, user, slack_user(user, name, **more), HOME, now=NOW)
    assert found is not None
    return found


def again(session: Session, who: Person) -> Person:
    """The person as the database knows them now."""
    found = people.identify(session, who.user)
    assert found is not None
    return found


def staffed(store: Store, *users: str, leads: tuple[str, ...] = ()) -> tuple[Person, ...]:
    """These people, all of them staff, some of them leads."""
    with store.writing() as session:
        made = [person(session, user) for user in users]
        people.set_staff(session, users, NOW)
        if leads:
            boss = person(session, "U0ADMIN", "Ada", is_admin=True)
            people.name_leads(session, leads, by=boss, now=NOW)
        return tuple(again(session, each) for each in made)
