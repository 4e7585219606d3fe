"""Staff enter a request for somebody who asked them another way: it is that person's, as if they had sent it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from copbot.app import entrances
from copbot.assistance import notices
from copbot.assistance.tables import RequestRow
from copbot.assistance.views import facts, lists
from copbot.assistance.workflow import service
from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.errors import InvalidInput, UnknownPerson
from copbot.people import service as people_
from copbot.sandbox.views import check_view
from copbot.slack.answers import Open, Update
from copbot.slack.entrances import Call, Form
from copbot.store import Store
from tests.assistance.given import FORM, Cast, cast, form, messages, press, profile, verbs
from tests.days import MORNING as NOW
from tests.people.given import again, person

ALL = {
    "topics": FORM.topics, "kind": "unsure", "need": "How do we start a syringe program?", "agency": "agency:1",
    "areas": form().areas,
}  # fmt: skip


def sends(store: Store, people: Cast, who: str = "sam", key: str = "k", **fields: Any) -> Any:
    run = next(each for each in entrances().rows if (each.kind, each.id) == ("view", "request.ask")).run
    with store.writing() as session:
        by = again(session, getattr(people, who))
        return run(Call(session, by, NOW, profile(), form=Form({**ALL, **fields}), form_key=key))


def saved(store: Store) -> RequestRow:
    with store.reading() as session:
        return session.scalars(select(RequestRow).order_by(RequestRow.id.desc())).first()  # type: ignore[return-value]


def reads(store: Store, kind: str, to: str, ident: int) -> str:
    with store.reading() as session:
        return str(
            notices.NOTICES[kind](session, Subject(f"request:{ident}"), Look(profile(), NOW, "", to=to))
        )


def test_it_is_theirs_with_a_receipt_that_says_who_entered_it_and_how_it_came(store: Store) -> None:
    people = cast(store)
    answer = sends(store, people, behalf="U0OLLY", source="phone")
    assert isinstance(answer, Update)
    assert check_view(answer.view, kind="modal") is None
    assert "Olly gets the receipt and every message about it." in str(answer.view)
    made = saved(store)
    assert (made.requester_id, made.entered_by_id, made.source) == (people.olly.id, people.sam.id, "phone")
    assert verbs(store, made.id)[0] == "entered"
    receipts = [
        each.destination
        for each in messages(store, "request.receipt")
        if each.subject == f"request:{made.id}"
    ]
    assert receipts == ["U0OLLY"]
    assert "Sam entered this (phone call)." in reads(store, "request.receipt", "U0OLLY", made.id)
    assert "Sam (phone call)" in reads(store, "request.notice", "C0STAFF", made.id)
    with store.reading() as session:
        assert [each.id for each in lists.own(session, people.olly, NOW)["mine"].lines] == [made.id]
        assert facts.one(session, made.id, people.olly, NOW).requester.user == "U0OLLY"
        assert (
            people_.remembered(session, people.olly.id).agency is None
        )  # what staff say is not their profile
    with store.writing() as session:
        service.withdraw(
            session, request_id=made.id, person=again(session, people.olly), now=NOW, profile=profile()
        )
    before = len(messages(store, "request.receipt"))
    sends(store, people, behalf="U0OLLY", source="phone")  # the same form once more
    sends(store, people, behalf="U0OLLY", source="phone", need="Something else")
    assert len(messages(store, "request.receipt")) == before


def test_for_somebody_outside_the_workspace_staff_stay_in_between(store: Store) -> None:
    people = cast(store)
    sends(store, people, source="event")
    made = saved(store)
    assert (made.requester_id, made.entered_by_id) == (people.sam.id, people.sam.id)
    press(store, service.take, Cast(**{**vars(people), "request": made.id}), "pat", 1)
    press(
        store,
        service.ask_requester,
        Cast(**{**vars(people), "request": made.id}),
        "pat",
        question="How many?",
    )
    with store.reading() as session:
        assert [each.id for each in lists.own(session, people.sam, NOW)["needed"].lines] == [made.id]
    assert "You entered this (at an event)." in reads(store, "request.receipt", "U0SAM", made.id)


def test_what_cannot_be_is_said_at_its_field_and_members_have_no_such_field(store: Store) -> None:
    people = cast(store)
    with store.writing() as session:
        person(session, "U0GONE", "Gone", deleted=True)
    for fields, name in (
        ({"behalf": "U0OLLY"}, "source"),
        ({"behalf": "U0GONE", "source": "dm"}, "behalf"),
    ):
        with pytest.raises(InvalidInput) as refused:
            sends(store, people, **fields)
        assert set(refused.value.fields) == {name}
    with pytest.raises(UnknownPerson) as unknown:  # the frame asks Slack who they are, and comes back
        sends(store, people, behalf="U0NEVER", source="dm")
    assert unknown.value.user == "U0NEVER"
    sends(store, people, "kim", key="forged", behalf="U0OLLY", source="dm")
    assert (saved(store).requester_id, saved(store).source) == (people.kim.id, "")
    run = next(each for each in entrances().rows if (each.kind, each.id) == ("command", "ta")).run
    with store.reading() as session:
        for who, has in ((people.sam, True), (people.kim, False)):
            answer = run(Call(session, again(session, who), NOW, profile(), entrances=entrances().rows))
            assert isinstance(answer, Open)
            assert check_view(answer.view, kind="modal") is None
            assert ("Did somebody else ask for this?" in str(answer.view)) == has
