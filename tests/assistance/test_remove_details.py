"""Remove client details: every word about a request goes, everywhere; who and when stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import String, Text, select, update

import copbot.app  # noqa: F401 - maps every room's tables
from copbot.assistance.jobs import forget
from copbot.assistance.tables import EventRow, RequestRow
from copbot.assistance.workflow import service
from copbot.assistance.workflow.service import REMOVED
from copbot.delivery.tables import MessageRow
from copbot.errors import NotAllowed, NotFound
from copbot.jobs.tables import JobRow
from copbot.jobs.work import Work
from copbot.slack.person import Person
from copbot.store import Store
from copbot.store.mapping import Base
from tests.assistance.given import Cast, asked, cast, events, messages, press, row
from tests.people.given import NOW

SECRET = "Zebrand"
COLUMNS = ("need", "urgent_reason", "close_words", "referral", "given")


@pytest.fixture
def people(store: Store) -> Cast:
    """Sam has Kim's request, in every text of which a name has slipped through."""
    found = cast(store)
    press(store, service.take, found, "sam", version=1)
    press(store, service.ask_requester, found, "sam", version=2, question=f"How is {SECRET}?")
    press(store, service.answer, found, "kim", text=f"{SECRET} is well.")
    with store.writing() as session:
        session.execute(update(RequestRow).values(dict.fromkeys(COLUMNS, f"About {SECRET}")))
    return found


def remove(store: Store, people: Cast, who: Person) -> None:
    with store.writing() as session:
        service.remove_details(session, request_id=people.request, person=who, now=NOW)


@pytest.mark.parametrize("who", ["kim", "sam", "lee"])
def test_requester_owner_and_lead_overwrite_every_word(store: Store, people: Cast, who: str) -> None:
    with store.reading() as session:
        about = select(MessageRow).where(MessageRow.kind.startswith("request."))
        before = {each.id: each.version for each in session.scalars(about)}
    remove(store, people, getattr(people, who))
    found = row(store, people.request)
    assert {getattr(found, name) for name in COLUMNS} == {REMOVED}
    whys = [each.why for each in events(store, people.request)]
    assert [why for why in whys if why] == [REMOVED, REMOVED]
    last = events(store, people.request)[-1]
    assert (last.verb, last.person_id, last.why) == ("remove_details", getattr(people, who).id, None)
    with store.reading() as session:
        after = {each.id: each.version for each in session.scalars(select(MessageRow))}
    assert all(after[ident] > version for ident, version in before.items())
    told = {each.destination for each in messages(store, "request.removed")}
    assert told == {"U0KIM", "U0SAM"} - {getattr(people, who).user}


def test_others_cannot_and_strangers_do_not_learn_of_it(store: Store, people: Cast) -> None:
    with pytest.raises(NotAllowed) as refused:
        remove(store, people, people.pat)
    assert "Only the person who asked, " in refused.value.words
    with pytest.raises(NotFound):
        remove(store, people, people.olly)
    assert SECRET in row(store, people.request).need


def test_other_requests_keep_their_words_and_empty_texts_stay_empty(store: Store) -> None:
    people = cast(store)
    with store.writing() as session:
        other = asked(session, people.kim, "form-2").id
    remove(store, people, people.kim)
    assert row(store, other).need != REMOVED
    assert (row(store, people.request).need, row(store, people.request).given) == (REMOVED, "")


def test_the_words_are_gone_from_the_files_of_the_database(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    with sqlite_store.writing() as session:
        session.execute(update(RequestRow).values(need=f"About {SECRET}"))
    remove(sqlite_store, people, people.lee)
    forget(Work(sqlite_store, None, None, None, {}, lambda _n, _of: None))  # type: ignore[arg-type]
    file = Path(str(sqlite_store.engine.url.database))
    kept = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert REMOVED.encode() in kept
    assert SECRET.encode() not in kept
    with sqlite_store.reading() as session:
        assert set(session.scalars(select(JobRow.name))) == {service.FORGET, service.CHANGED}


def test_every_text_of_a_table_about_requests_is_named() -> None:
    """A table that points to a request says which of its columns hold words; a new one cannot be forgotten."""
    about = [
        mapper.class_
        for mapper in Base.registry.mappers
        if mapper.class_ is RequestRow
        or any(key.column.table.name == "requests" for key in mapper.local_table.foreign_keys)
    ]
    assert {RequestRow, EventRow} <= set(about)
    for kind in about:
        words = getattr(kind, "__request_words__", None)
        long = {
            column.name
            for column in kind.__table__.columns
            if isinstance(column.type, Text)
            or (isinstance(column.type, String) and (column.type.length or 0) > 64)
        }
        assert long <= set(words.columns if words else ()), kind.__tablename__
