"""Log on a request: a tap, the form, deleting, Done; and who sees what of a confidential one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copbot.assistance.views import facts, staff_screens
from copbot.assistance.workflow import service
from copbot.errors import InvalidInput, NotAllowed, NotFound
from copbot.slack.answers import Done, Push
from copbot.slack.entrances import Form
from copbot.store import Store
from tests.assistance.given import messages, press, profile, row
from tests.contacts.kit import Desk, desk, text_of
from tests.people.given import NOW


@pytest.fixture
def room(store: Store) -> Desk:
    return desk(store)


def notice(room: Desk) -> str:
    with room.store.reading() as session:
        found = facts.notice(session, room.people.request, NOW)
    assert found is not None
    return str(staff_screens.notice(found, profile(), NOW))


@pytest.mark.both_databases
def test_a_tap_logs_once_inv3(room: Desk) -> None:
    said = room.taps(15)
    room.taps(15)
    assert [(each.minutes, each.category, each.format) for each in room.rows()] == [
        (15, "consultation", "video")
    ]
    assert "*15 min* logged in 1 contact." in said
    assert "Undo" in said
    room.taps(15, seen=room.rows()[0].id)
    assert len(room.rows()) == 2
    assert "30 min in 2 contacts" in notice(room)
    assert "logged" not in str(messages(room.store, "request.told"))


def test_what_a_person_used_last_is_used_again(room: Desk) -> None:
    assert isinstance(room.saves(category="monitoring", format="phone", day=str(NOW.date())), Done)
    assert "*Monitoring*, *Phone*" in room.taps(30)
    last = room.rows()[-1]
    assert (last.category, last.format) == ("monitoring", "phone")
    assert "*Consultation*, *Video call*" in room.taps(60, who="pat")


def test_the_form_takes_everything_there_is_to_say(room: Desk) -> None:
    uid = row(room.store, room.people.request).uid
    opened = room.calls("action", "contact.more", value=f"{uid}:0")
    assert isinstance(opened, Push)
    for label in (
        "People reached",
        "Fund source",
        "Eligible?",
        "Formal session",
        "Objectives of the session",
    ):
        assert label in text_of(opened)
    room.saves(
        day=str(NOW.date()), minutes="1 h 30", people="12", level="intensive", fund_source="federal", eligible="no",
        objectives="They can run a table.", note="By phone, twice.", category="training",
    )  # fmt: skip
    (saved,) = room.rows()
    assert (saved.minutes, saved.people, saved.level, saved.fund_source) == (90, 12, "intensive", "federal")
    assert (saved.eligible, saved.formal, saved.objectives) == (False, True, "They can run a table.")
    assert row(room.store, room.people.request).level == "intensive"
    assert "1 h 30 min in 1 contact" in notice(room)
    with pytest.raises(InvalidInput) as refused:
        room.saves(day="", minutes="a while", formal=["yes"])
    assert sorted(refused.value.fields) == ["day", "minutes", "objectives"]


def test_an_entry_is_deleted_by_whoever_logged_it_or_a_lead(room: Desk) -> None:
    room.taps(15)
    first = str(room.rows()[0].id)
    with pytest.raises(NotAllowed):
        room.calls("action", "contact.delete", "pat", value=first)
    later = room.taps(30, seen=int(first), now=NOW + timedelta(minutes=2))
    assert "Undo" in later
    assert "Delete" in later
    room.calls("action", "contact.delete", "lee", value=first)
    assert [each.minutes for each in room.rows()] == [30]
    with pytest.raises(NotFound):
        room.calls("action", "contact.delete", "sam", value=first)


def test_only_who_may_see_a_confidential_request_logs_and_sees_its_contacts(room: Desk) -> None:
    press(room.store, service.take, room.people, "sam")
    room.taps(15)
    with room.store.writing() as session:
        service.confide(session, request_id=room.people.request, person=room.people.kim, now=NOW)
    uid, first = row(room.store, room.people.request).uid, str(room.rows()[0].id)
    for kind, ident, more in (
        ("action", "contact.open", {"value": uid}),
        ("action", "contact.more", {"value": uid}),
        ("action", "contact.minutes", {"value": f"{uid}:0:15"}),
        ("action", "contact.delete", {"value": first}),
    ):
        with pytest.raises(NotFound):
            room.calls(kind, ident, "pat", **more)
    with pytest.raises(NotFound):
        room.saves("pat", day=str(NOW.date()))
    assert len(room.rows()) == 1
    assert "15 min" in text_of(room.calls("action", "contact.open", "lee", value=uid))


def test_removing_client_details_overwrites_what_was_noted(room: Desk) -> None:
    room.saves(day=str(NOW.date()), note="About Planted Name.", objectives="Planted goal")
    with room.store.writing() as session:
        service.remove_details(session, request_id=room.people.request, person=room.people.kim, now=NOW)
    (saved,) = room.rows()
    assert "Planted" not in saved.note + saved.objectives


def finish(room: Desk, version: int, **values: str) -> object:
    meta = {"uid": row(room.store, room.people.request).uid, "version": version}
    return room.calls("view", "request.done", meta=meta, form=Form({"given": "Forty kits.", **values}))


def test_done_asks_for_what_nobody_has_said_and_needs_neither(room: Desk) -> None:
    press(room.store, service.take, room.people, "sam")
    uid = row(room.store, room.people.request).uid
    opened = text_of(room.calls("action", "request.open_done", value=f"{uid}:2"))
    assert "Time you spent" in opened
    assert "Targeted" in opened
    finish(room, 2)
    assert row(room.store, room.people.request).state == "delivered"
    assert room.rows() == []


def test_done_saves_level_and_time_once(room: Desk) -> None:
    press(room.store, service.take, room.people, "sam")
    for _ in range(2):
        finish(room, 2, level="targeted", minutes="45")
    assert [(each.minutes, each.level) for each in room.rows()] == [(45, "targeted")]
    assert row(room.store, room.people.request).level == "targeted"
    press(room.store, service.undo, room.people, "sam")
    uid = row(room.store, room.people.request).uid
    opened = text_of(room.calls("action", "request.open_done", value=f"{uid}:4"))
    assert "Time you spent" not in opened
    assert "Targeted" not in opened
