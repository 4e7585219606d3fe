"""Requests as tests need them: plain functions with fixed values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import select

from copbot.assistance.intake.service import submit
from copbot.assistance.tables import EventRow, RequestRow
from copbot.assistance.texts import RequestForm, Submission
from copbot.assistance.workflow import service
from copbot.assistance.workflow.transitions import Moved
from copbot.delivery.tables import MessageRow
from copbot.program.profile import Profile, load
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.people.given import NOW, person, staffed

CHANNEL = "C0STAFF"
FORM = RequestForm(
    topics=("naloxone",),
    kind="unsure",
    need="Kits for our drop-in, please.",
    areas=("county_dane",),
    agency_name="Dane Drop-in",
)


@cache
def profile() -> Profile:
    return load()


def form(**changes: Any) -> RequestForm:
    area = profile().areas_in_groups()[-1][1][0].id
    return replace(FORM, areas=(area,), **changes)


def asked(
    session: Session,
    who: Person,
    key: str = "form-1",
    filled: RequestForm | None = None,
    channel: str | None = CHANNEL,
    **changes: Any,
) -> Submission:
    """A request saved from a form."""
    changes.setdefault("now", NOW)
    return submit(
        session,
        person=who,
        form=filled or form(),
        form_key=key,
        profile=profile(),
        staff_channel=channel,
        **changes,
    )


@dataclass(frozen=True)
class Cast:
    """Kim asks; Sam and Pat are staff, Lee leads; Gil is a guest; Olly is somebody else."""

    kim: Person
    sam: Person
    pat: Person
    lee: Person
    gil: Person
    olly: Person
    request: int


def cast(store: Store) -> Cast:
    """Everybody, and Kim's request in state `new`."""
    sam, pat, lee = staffed(store, "U0SAM", "U0PAT", "U0LEE", leads=("U0LEE",))
    with store.writing() as session:
        kim, olly = person(session, "U0KIM", "Kim"), person(session, "U0OLLY", "Olly")
        gil = person(session, "U0GIL", "Gil", is_restricted=True)
        request = asked(session, kim).id
    return Cast(kim, sam, pat, lee, gil, olly, request)


def row(store: Store, request_id: int) -> RequestRow:
    with store.reading() as session:
        return session.get_one(RequestRow, request_id)


def events(store: Store, request_id: int) -> list[EventRow]:
    with store.reading() as session:
        query = select(EventRow).where(EventRow.request_id == request_id).order_by(EventRow.id)
        return list(session.scalars(query))


def verbs(store: Store, request_id: int) -> list[str]:
    return [event.verb for event in events(store, request_id)]


def messages(store: Store, kind: str, *, wanted: bool = True) -> list[MessageRow]:
    """Message rows of a kind, oldest first."""
    with store.reading() as session:
        query = select(MessageRow).where(MessageRow.kind == kind, MessageRow.wanted == wanted)
        return list(session.scalars(query.order_by(MessageRow.id)))


def later(**span: float) -> Any:
    return NOW + timedelta(**span)


def press(store: Store, verb: Any, people: Cast, who: str, version: int | None = None, **more: Any) -> Moved:
    """One press in a transaction of its own."""
    more.setdefault("now", NOW)
    if verb is not service.add_words:
        more.setdefault("profile", profile())
    if verb not in (service.answer, service.add_words):
        more["version"] = version
    if verb is service.reopen:
        more.setdefault("why", "Still short.")
    with store.writing() as session:
        made: Moved = verb(session, request_id=people.request, person=getattr(people, who), **more)
    return made


def close(store: Store, people: Cast, who: str, reason: str = "duplicate", **more: Any) -> Moved:
    more = {"words": "", "referral": "", **more}
    return press(store, service.close, people, who, reason=reason, **more)
