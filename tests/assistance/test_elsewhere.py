"""Outside the state: they get what is shared with everyone and a referral, and both sides read so from the first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from copbot.assistance.dose.listeners import done_fields
from copbot.assistance.intake.screens import receipt_view
from copbot.assistance.texts import Submission
from copbot.assistance.views import facts
from copbot.assistance.views.requester_screens import page, receipt, told
from copbot.assistance.views.staff_screens import body
from copbot.assistance.workflow import service
from copbot.errors import InvalidInput
from copbot.slack.entrances import Call
from copbot.store import Store
from tests.assistance.given import Cast, asked, cast, form, press, profile, row
from tests.days import MORNING as NOW

SENT = "we send you what we share with everyone and point you to help near you"


def elsewhere(store: Store, *areas: str) -> Cast:
    people = cast(store)
    with store.writing() as session:
        made = asked(session, people.kim, "far", replace(form(), areas=areas))
    return Cast(**{**vars(people), "request": made.id})


def test_both_sides_read_what_somebody_outside_the_state_gets(store: Store) -> None:
    people = elsewhere(store, "outside")
    assert row(store, people.request).level == "universal"
    with store.reading() as session:
        found = facts.one(session, people.request, people.kim, NOW)
    assert f"Outside Wisconsin: {SENT}" in str(receipt(found, profile(), NOW))
    assert "Outside Wisconsin: send what you share with everyone" in str(body(found, profile()))
    modal = receipt_view(Submission(1, "uid", NOW, held=False), profile(), "UTC", areas=("outside",))
    assert SENT in str(modal)


def test_somebody_partly_in_the_state_gets_full_help(store: Store) -> None:
    people = elsewhere(store, "outside", *form().areas)
    with store.reading() as session:
        found = facts.one(session, people.request, people.kim, NOW)
    assert SENT not in str(receipt(found, profile(), NOW))
    assert row(store, people.request).level == ""


def test_done_carries_a_referral_which_they_read(store: Store) -> None:
    people = elsewhere(store, "outside")
    press(store, service.take, people, "sam", 1)
    with store.reading() as session:
        found = facts.one(session, people.request, people.sam, NOW)
        asks = str(done_fields(Call(session, people.sam, NOW, profile()), found))
    assert "Who can help near them?" in asks
    assert "How much help" not in asks
    with pytest.raises(InvalidInput) as refused:
        press(store, service.done, people, "sam", given="Our guide.")
    assert refused.value.fields == {"referral": "Please say who can help near them."}
    made = press(
        store, service.done, people, "sam", given="Our guide.", referral="Minnesota's center: 555-0100"
    )
    with store.reading() as session:
        news = facts.told(session, made.event_id, NOW)
        found = facts.one(session, people.request, people.kim, NOW)
    assert news is not None
    assert "Minnesota's center" in str(told(news, profile()))
    assert "Reason" not in str(told(news, profile()))
    assert "Minnesota's center" in str(page(found, profile(), NOW, staff=False, reader=people.kim.id))
