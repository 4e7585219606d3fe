"""`/ta log`: work nobody requested, and requests that came another way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from copbot.assistance.intake import screens as intake
from copbot.assistance.tables import RequestRow
from copbot.assistance.views import lists
from copbot.delivery.tables import MessageRow
from copbot.errors import InvalidInput
from copbot.people import service as people
from copbot.sandbox.views import check_view
from copbot.screening.screens import Spotted, marked, text_fields
from copbot.slack.answers import Open
from copbot.store import Store
from tests.assistance.given import profile, row
from tests.contacts.kit import Desk, desk, text_of
from tests.people.given import NOW

ASKED: dict[str, Any] = {
    "category": "came:phone",
    "topics": ["naloxone"],
    "note": "How to store kits?",
    "format": "",
}


@pytest.fixture
def room(store: Store) -> Desk:
    return desk(store)


def area() -> str:
    return profile().areas[0].id


def counts(room: Desk) -> tuple[int, int]:
    with room.store.reading() as session:
        found = [
            session.scalar(select(func.count()).select_from(table)) for table in (RequestRow, MessageRow)
        ]
    return found[0] or 0, found[1] or 0


def test_typed_words_are_kept_in_the_form(room: Desk) -> None:
    opened = room.calls("command", "ta log", text="call about kits for rural sites")
    assert isinstance(opened, Open)
    assert opened.view["callback_id"] == "contact.work"
    assert "call about kits for rural sites" in text_of(opened)
    assert "Only the first 2,000 characters" in text_of(room.calls("command", "ta log", text="x" * 2500))


def test_home_opens_the_same_form(room: Desk) -> None:
    opened = room.calls("action", "contact.start", in_modal=False)
    assert isinstance(opened, Open)
    assert opened.view["callback_id"] == "contact.work"


def test_who_is_not_staff_gets_the_form_for_a_request_with_their_words(room: Desk) -> None:
    opened = room.calls("command", "ta log", "kim", text="book for our visits", in_modal=False)
    assert isinstance(opened, Open)
    assert opened.view["callback_id"] == intake.CALLBACK
    assert "log book for our visits" in text_of(opened)


@pytest.mark.both_databases
def test_work_nobody_requested_is_a_contact_and_no_request_inv3(room: Desk) -> None:
    before = counts(room)
    with room.store.writing() as session:
        agency = people.agency_named(session, "Dane Drop-in").id
    values = {"topics": ["naloxone"], "areas": [area()], "people": "40", "agency": f"agency:{agency}"}
    said = room.works(**values, minutes="1:30", objectives="Spot an overdose.", note="Spring webinar")
    assert "1 h 30 min logged. Nobody outside staff was told." in said
    assert "already saved" in room.works(**values)
    (saved,) = room.rows()
    assert (saved.category, saved.minutes, saved.people, saved.formal) == ("webinar", 90, 40, True)
    assert (saved.topics, saved.areas, saved.agency_id, saved.request_id) == (
        ["naloxone"],
        [area()],
        agency,
        None,
    )
    assert counts(room) == before


@pytest.mark.both_databases
def test_a_hallway_request_is_saved_closed_on_its_day_with_its_contact(room: Desk) -> None:
    requests, messages = counts(room)
    day = NOW.date() - timedelta(days=6)
    said = room.works(**ASKED, areas=[area()], day=str(day), minutes="20")
    assert "TA-1002 is saved as closed, with 20 min." in said
    assert counts(room) == (requests + 1, messages)
    made, (contact,) = row(room.store, 2), room.rows()
    assert (made.state, made.close_reason, made.source, made.need) == (
        "closed",
        "completed",
        "phone",
        "How to store kits?",
    )
    zone = ZoneInfo(profile().time_zone)
    assert {
        at.astimezone(zone).date() for at in (made.asked_at, made.closed_at, made.first_reply_at) if at
    } == {day}
    assert made.first_reply_due > made.asked_at
    assert (contact.request_id, contact.day, contact.format, contact.note) == (2, day, "phone", "")
    with room.store.reading() as session:
        assert lists.own(session, room.people.sam, NOW)["mine"].total == 0
    page = text_of(room.calls("action", "request.details", value=f"{made.uid}:1"))
    assert "logged TA-1002" in page
    assert "20 min in 1 contact" in page


def test_a_request_needs_what_requests_need(room: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        room.works(category="came:phone", note="", day=str(NOW.date() + timedelta(days=3)), minutes="x")
    assert set(refused.value.fields) == {"topics", "areas", "note", "day", "minutes"}
    with pytest.raises(InvalidInput) as refused:
        room.works(**ASKED, areas=[area()], minutes="x")
    assert set(refused.value.fields) == {"minutes"}
    assert counts(room)[0] == 1


def test_undo_takes_the_request_along_for_ten_minutes(room: Desk) -> None:
    room.works(**ASKED, areas=[area()])
    (contact,) = room.rows()
    assert "It is deleted." in text_of(room.calls("action", "contact.delete", value=str(contact.id)))
    assert (counts(room)[0], room.rows()) == (1, [])

    room.works(**ASKED, areas=[area()])
    (contact,) = room.rows()
    late = NOW + timedelta(minutes=11)
    room.calls("action", "contact.delete", value=str(contact.id), now=late)
    assert (counts(room)[0], room.rows()) == (2, [])


def test_own_entries_are_listed_and_deleted(room: Desk) -> None:
    room.works(minutes="30")
    room.works("pat", minutes="50")
    listed = text_of(room.calls("action", "contact.own"))
    assert "30 min" in listed
    assert "50 min" not in listed
    gone = text_of(room.calls("action", "contact.delete", value=str(room.rows()[0].id)))
    assert "No entries without a request yet." in gone


def test_a_field_of_any_name_can_come_back_from_the_screen(room: Desk) -> None:
    opened = room.calls("command", "ta log")
    assert isinstance(opened, Open)
    names = [name for name, _ in text_fields(opened.view)]
    found = {name: [Spotted("phone", "")] for name in (*names, "category", "day")}
    back = marked(opened.view, found, note="Please check.", choices=["edit"], chosen="edit", texts={})
    assert "note" in names
    assert check_view({**back, "type": "modal"}, kind="modal") is None
