"""Slack gives the staff channel another id: what the environment calls it means the new one from then on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from copbot.delivery import service as delivery
from copbot.people import listeners
from copbot.people import service as people
from copbot.program.settings.service import choose
from copbot.slack.entrances import Call, Wiring
from copbot.slack.person import Person
from copbot.store import Store
from tests.people.given import NOW
from tests.people.office import STAFF, Office, open_office

OLD = "C0BEFORE01"
SLACK = Person(id=0, user="", name="", tz="UTC")


@pytest.fixture
def desk(sqlite_store: Store) -> Iterator[Office]:
    with open_office(sqlite_store) as opened:
        yield opened


def moves(desk: Office) -> str:
    """The channel had the old id until now; the new one."""
    new = desk.ws.channel("ta-staff").id
    with desk.store.writing() as session:
        people.set_staff_channel(session, OLD, "", now=NOW)
        choose(session, "staff_channel_name", ["ta-staff", OLD], by="environment", now=NOW)
        event = {"old_channel_id": OLD, "new_channel_id": new}
        wiring = Wiring(staff_channel=desk.setting)
        listeners.channel_moved(
            Call(session=session, person=SLACK, now=NOW, profile=desk.profile, event=event, wiring=wiring)
        )
    return new


@pytest.mark.parametrize("setting", ["ta-staff", OLD])
def test_the_next_readings_find_it_and_hold_nothing_inv10(desk: Office, setting: str) -> None:
    desk.setting = setting
    new = moves(desk)
    for _ in range(2):
        assert desk.read_staff()["problem"] == ""
        with desk.store.reading() as session:
            assert people.notice_channel(session) == new
    assert desk.staff() == STAFF


def test_it_is_found_again_after_the_app_was_out_of_it_for_a_while(desk: Office) -> None:
    desk.setting = OLD
    new = moves(desk)
    desk.ws.admin.remove("bot", "ta-staff")
    assert desk.read_staff()["problem"] in ("not_found", "not_member")
    desk.ws.admin.invite_bot("ta-staff")
    assert desk.read_staff()["problem"] == ""
    with desk.store.reading() as session:
        assert people.notice_channel(session) == new


def test_what_stands_in_it_is_followed_when_slack_says_nothing_of_the_new_id(desk: Office) -> None:
    with desk.store.writing() as session:
        people.set_staff_channel(session, OLD, "", now=NOW)
        choose(session, "staff_channel_name", ["ta-staff", OLD], by="environment", now=NOW)
        delivery.say(session, "request.notice", "request:1", to=OLD, key="k", now=NOW)
    assert desk.read_staff()["problem"] == "not_found"
    assert desk.read_staff()["problem"] == ""
    assert [each.destination for each in desk.told("request.notice")] == [desk.ws.channel("ta-staff").id]
