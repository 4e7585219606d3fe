"""Homes as tests need them: people of every role, and as many requests as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import event, insert

from copbot.assistance.tables import RequestAreaRow, RequestRow, RequestTopicRow
from copbot.people import service as people
from copbot.program import edits
from copbot.program.profile import Profile, load
from copbot.slack.entrances import Call
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.people.given import NOW, again, person, staffed

STATES = ("new", "assigned", "in_progress", "waiting_requester", "delivered", "closed")
OWNED = STATES[1:4]


@cache
def profile() -> Profile:
    return load()


def everybody(store: Store) -> dict[str, Person]:
    """A practitioner, staff, a lead who is an administrator as well, and an administrator."""
    sam, lee = staffed(store, "U0SAM", "U0LEE", leads=("U0LEE",))
    with store.writing() as session:
        edits.seed(session, profile(), NOW)
        people.set_staff_channel(session, "C0STAFF", "", now=NOW)
        kim = person(session, "U0KIM", "Kim")
        ada = people.identify(session, "U0ADMIN")
        both = person(session, "U0LEE", "Lee", is_admin=True)
        assert ada is not None
        return {"member": kim, "staff": again(session, sam), "lead": lee, "admin": ada, "everything": both}


def requests(store: Store, who: dict[str, Person], count: int) -> None:
    """So many requests, half of them Kim's, in every state, some late, a few owned by each of the staff."""
    if not count:
        return
    with store.writing() as session:
        rows = [_request(who, number) for number in range(count)]
        ids = list(session.execute(insert(RequestRow).returning(RequestRow.id), rows).scalars())
        for table, name, value in (
            (RequestTopicRow, "topic", "naloxone"),
            (RequestAreaRow, "area", "wi-dane"),
        ):
            session.execute(insert(table), [{"request_id": each, "place": 0, name: value} for each in ids])


def _request(who: dict[str, Person], number: int) -> dict[str, Any]:
    state = STATES[number % len(STATES)]
    owner = who["staff" if number % 4 else "lead"].id if state in OWNED else None
    late = number % 3 == 0
    return {
        "uid": f"{number:032d}",
        "form_key": f"form-{number}",
        "requester_id": who["member" if number % 2 else "staff"].id,
        "not_agency": True,
        "kind": "unsure",
        "need": "Kits for our drop-in, please.",
        "state": state,
        "owner_id": owner,
        "asked_at": NOW - timedelta(days=3),
        "first_reply_due": NOW + timedelta(days=-1 if late else 1),
        "staff_channel": "C0STAFF",
    }


def call(session: Session, who: Person) -> Call:
    return Call(session=session, person=who, now=NOW, profile=edits.effective(session, profile()))


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
