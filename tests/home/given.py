"""Homes as tests need them: people of every role, and as many requests as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import event, insert, select

from copbot.assistance.tables import RequestAreaRow, RequestRow, RequestTopicRow
from copbot.people import service as people
from copbot.people.tables import PersonRow
from copbot.program.profile import Profile, load
from copbot.program.settings import edits
from copbot.slack.entrances import Call
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.people.given import NOW, again, person, staffed

STATES = ("new", "assigned", "in_progress", "waiting_requester", "delivered", "closed")
OPEN_OF_SIX = 4
"""So many of the six states are open."""
OWNED = STATES[1:4]
TOPICS = ("naloxone", "drug_checking", "wound_care", "ssp_ops", "law_policy")
AREAS = ("wi-dane", "wi-brown", "wi-milwaukee")


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
    if count:
        with store.writing() as session:
            _insert(session, [_request(who, number) for number in range(count)])


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    ids = list(session.execute(insert(RequestRow).returning(RequestRow.id), rows).scalars())
    for table, name, values in (
        (RequestTopicRow, "topic", TOPICS),
        (RequestAreaRow, "area", AREAS),
    ):
        named = [{"request_id": each, "place": 0, name: values[each % len(values)]} for each in ids]
        session.execute(insert(table), named)


def _request(who: dict[str, Person], number: int) -> dict[str, Any]:
    state = STATES[number % len(STATES)]
    owner = who["staff" if number % 4 else "lead"].id if state in OWNED else None
    late = number % 3 == 0
    return {
        **_shared(number, state, NOW),
        "requester_id": who["member" if number % 2 else "staff"].id,
        "owner_id": owner,
        "first_reply_due": NOW + timedelta(days=-1 if late else 1),
    }


def _shared(number: int, state: str, now: datetime) -> dict[str, Any]:
    return {
        "uid": f"{number:032d}",
        "form_key": f"form-{number}",
        "not_agency": True,
        "kind": "unsure",
        "need": "Kits for our drop-in, please.",
        "state": state,
        "asked_at": now - timedelta(days=3),
        "staff_channel": "C0STAFF",
        "delivered_at": now - timedelta(days=1) if state in ("delivered", "closed") else None,
        "closed_at": now if state == "closed" else None,
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


def many_of(session: Session, now: datetime, count: int) -> None:
    """So many requests among the people this database knows: the first of them asked most, its staff own them."""
    staff = people.staff_list(session)
    asked_by = session.execute(select(PersonRow.id).order_by(PersonRow.id)).scalars().all()
    rows = []
    for number in range(count):
        state = STATES[number % len(STATES)]
        late = number % 7 == 0
        rows.append(
            {
                **_shared(number, state, now),
                "requester_id": asked_by[number % len(asked_by)],
                "owner_id": staff[number % len(staff)].id if state in OWNED else None,
                "first_reply_due": now + timedelta(hours=-3 if late else 26),
            }
        )
    _insert(session, rows)
