"""Add details: what a requester may add to a saved request, in fields of their own."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.app import entrances
from copbot.assistance import listeners
from copbot.assistance.intake import service as intake
from copbot.assistance.intake.listeners import add_details, details_again
from copbot.assistance.intake.screens import receipt_view
from copbot.assistance.texts import Details, Submission
from copbot.assistance.views import facts
from copbot.assistance.views.requester_screens import page
from copbot.assistance.workflow import service
from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.sandbox.views import check_view
from copbot.slack.answers import Open, Update
from copbot.slack.entrances import Call, Form
from copbot.store import Store
from tests.assistance.given import Cast, asked, cast, close, form, messages, press, profile, row, verbs
from tests.people.given import NOW

ALL = Details("Zebrand's team", "Online, Spanish", "Peers, about 12", "Kits on every shift", True)


def added(store: Store, people: Cast, details: Details, who: str = "kim") -> Any:
    with store.writing() as session:
        return intake.add_details(
            session, request_id=people.request, person=getattr(people, who), details=details, now=NOW
        )


def opened(store: Store, people: Cast, request_id: int) -> str:
    """The form behind Add details, as Kim opens it."""
    with store.reading() as session:
        found = facts.one(session, request_id, people.kim, NOW)
        call = Call(session, people.kim, NOW, profile(), value=f"{found.uid}:1", entrances=entrances().rows)
        answer = next(each for each in listeners.ENTRANCES if each.id == "request.open_answer").run(call)
    assert isinstance(answer, Open)
    assert check_view(answer.view, kind="modal") is None
    return str(answer.view)


def test_what_is_added_stands_with_staff_and_with_the_requester_and_is_told_once(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    before = {each.id: each.version for each in messages(store, "request.notice")}
    added(store, people, ALL)
    found = row(store, people.request)
    assert (found.access_needs, found.audience, found.outcome) == (
        ALL.access_needs,
        ALL.audience,
        ALL.outcome,
    )
    assert (found.may_share, found.version) == (True, 2)
    assert verbs(store, people.request)[-1] == "add_words"
    assert all(each.version > before[each.id] for each in messages(store, "request.notice"))
    assert len(messages(store, "request.added")) == 1
    with store.reading() as session:
        shown = facts.one(session, people.request, people.kim, NOW)
    for staff in (True, False):
        said = str(page(shown, profile(), NOW, staff=staff, reader=people.kim.id))
        for words in (
            "Zebrand's team",
            "Online, Spanish",
            "Peers, about 12",
            "Kits on every shift",
            "without names",
        ):
            assert words in said, (words, staff)


def test_the_form_holds_what_stands_and_only_what_applies(store: Store) -> None:
    people = cast(store)
    assert "Who is it for" not in opened(store, people, people.request)
    with store.writing() as session:
        training = asked(session, people.kim, "training", form(kind="training")).id
    assert "Who is it for, and about how many people?" in opened(store, people, training)
    added(store, people, ALL)
    assert "Kits on every shift" in opened(store, people, people.request)
    assert "share the answer" in opened(store, people, people.request)
    with store.writing() as session:
        service.confide(session, request_id=people.request, person=people.kim, now=NOW)
    assert "share the answer" not in opened(store, people, people.request)
    added(store, people, ALL)
    assert row(store, people.request).may_share is False


def test_a_field_alone_is_enough_and_nothing_new_is_not(store: Store) -> None:
    people = cast(store)
    added(store, people, Details(outcome="Kits on every shift"))
    added(store, people, Details(text="And gloves.", outcome="Kits on every shift"))
    for nothing in (
        Details(outcome="Kits on every shift "),
        Details(text=" ", outcome="Kits on every shift"),
    ):
        with pytest.raises(InvalidInput) as refused:
            added(store, people, nothing)
        assert refused.value.fields == {"text": "Please type what you want to add."}
    added(store, people, Details())  # taken out again
    assert row(store, people.request).outcome == ""
    with pytest.raises(InvalidInput) as refused:
        added(store, people, Details(access_needs="x" * 301))
    assert refused.value.fields == {"access_needs": "This is 1 character too long. At most 300 fit."}


def test_only_who_asked_adds_and_only_while_it_is_open_inv7(store: Store) -> None:
    people = cast(store)
    for who, trouble in (("sam", NotAllowed), ("olly", NotFound), ("gil", NotFound)):
        with pytest.raises(trouble):
            added(store, people, ALL, who)
    close(store, people, "sam")
    with pytest.raises(Conflict):
        added(store, people, ALL)
    assert row(store, people.request).outcome == ""


def test_client_details_go_from_these_fields_too(store: Store) -> None:
    people = cast(store)
    added(store, people, Details(access_needs="Zebrand", audience="Zebrand", outcome="Zebrand"))
    with store.writing() as session:
        service.remove_details(session, request_id=people.request, person=people.kim, now=NOW)
    found = row(store, people.request)
    assert "Zebrand" not in found.access_needs + found.audience + found.outcome


def test_the_receipt_offers_it_at_once_and_sending_twice_adds_once(store: Store) -> None:
    people = cast(store)
    found = row(store, people.request)
    view = receipt_view(Submission(1, found.uid, NOW, held=False), profile(), "UTC")
    assert f"{found.uid}:1" in str(view)
    sent = Form({"text": "And gloves.", "outcome": "Kits", "may_share": ("yes",)})
    with store.writing() as session:
        call = Call(session, people.kim, NOW, profile(), form=sent, meta={"uid": found.uid})
        answers = [add_details(call), details_again(call)]
    assert all(isinstance(each, Update) for each in answers)
    assert answers[0] == answers[1]
    assert row(store, people.request).may_share is True
