"""Clocks that run out: who is told, once each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from copbot.assistance.tables import RequestRow
from copbot.assistance.views import facts
from copbot.assistance.views.requester_screens import page
from copbot.assistance.workflow import service
from copbot.jobs.work import CutOff
from copbot.people import service as people_service
from copbot.people.staff import service as staffing
from copbot.program.calendar.hours import add_business_days
from copbot.slack.text import day_and_time
from copbot.store import Store
from tests.assistance.desk import URGENT, Desk, at
from tests.assistance.given import (
    CHANNEL,
    cast,
    later,
    messages,
    press,
    profile,
    row,
    verbs,
)
from tests.people.given import HOME, NOW, slack_user


@pytest.fixture
def desk(sqlite_store: Store) -> Desk:
    """With nothing open but what the test asks for."""
    people = cast(sqlite_store)
    press(sqlite_store, service.withdraw, people, "kim", 1)
    return Desk(sqlite_store, people)


@pytest.fixture
def with_channel(desk: Desk) -> Desk:
    with desk.store.writing() as session:
        people_service.set_staff_channel(session, CHANNEL, "", now=NOW)
    return desk


def test_friday_afternoon_a_wait_for_a_partner_and_then_late_once(store: Store) -> None:
    people = cast(store)
    press(store, service.withdraw, people, "kim", 1)
    desk = Desk(store, people)
    ident = desk.asks(at(-3, 16), "friday")
    assert row(store, ident).first_reply_due == at(0, 16)
    desk.takes(ident, at(0, 8))
    assert desk.morning(at(0, 8)) == 1
    desk.does(service.wait_partner, "sam", ident, at(0, 9), why="County legal")
    assert row(store, ident).paused_at == at(0, 9)
    assert desk.morning(at(1, 8)) == 0
    assert sum(desk.watch(at(0, 18)).values()) == 0
    desk.does(service.partner_answered, "sam", ident, at(1, 9))
    assert (row(store, ident).first_reply_due, row(store, ident).paused_at) == (at(1, 16), None)
    assert desk.watch(at(1, 16))["late"] == 0
    assert [desk.watch(at(1, 16, minute))["late"] for minute in (10, 20)] == [1, 0]
    assert sorted(desk.told("request.late")) == ["U0LEE", "U0SAM"]
    assert desk.told("request.today") == ["U0SAM"]
    [late] = desk.news("late")
    said = desk.text(late, at(1, 17))
    meant = day_and_time(at(1, 16), profile().time_zone)
    assert (
        f"We're late with TA-{1000 + ident}. We meant to reply by {meant}. Call {profile().contact.phone}"
        in said
    )
    for hours in (1, 30, 24 * 9):
        desk.watch(at(1, 16) + timedelta(hours=hours))
    assert len(desk.news("late")) == 1
    assert len(desk.told("request.late")) == 2
    assert "Late" in desk.text(messages(store, "request.notice")[-1], at(2, 9))
    assert verbs(store, ident) == [
        "received",
        "take",
        "due_today",
        "wait_partner",
        "partner_answered",
        "late",
    ]


def test_what_one_run_finds_late_is_one_message_for_each_reader(desk: Desk) -> None:
    idents = [desk.asks(at(0, 9), f"many-{number}") for number in range(23)]
    for ident in idents[:2]:
        desk.takes(ident, at(0, 10))
    assert desk.watch(at(8, 9))["late"] == 23  # down for a week: still one list each
    rows = {each.destination: desk.text(each, at(8, 9)) for each in messages(desk.store, "request.late")}
    assert set(rows) == {"U0LEE", "U0SAM"}
    assert "23 requests are late" in rows["U0LEE"]
    assert "13 more are in Home." in rows["U0LEE"]
    assert "2 requests are late" in rows["U0SAM"]
    assert len(desk.news("late")) == 23


def test_a_run_that_was_cut_off_goes_on_and_tells_nobody_twice(desk: Desk) -> None:
    for number in range(25):
        desk.asks(at(0, 9), f"many-{number}")

    def cut(_n: int, _of: int) -> None:
        raise CutOff

    for minute in (10, 20):
        with pytest.raises(CutOff):
            desk.watch(at(1, 9, minute), cut)
    assert desk.watch(at(1, 9, 30))["late"] == 5
    assert len({each.subject for each in desk.news("late")}) == len(desk.news("late")) == 25
    assert desk.told("request.late") == ["U0LEE"] * 3  # one list a run
    assert desk.watch(at(1, 9, 40))["late"] == 0


def test_an_urgent_one_that_nobody_has_warns_leads_and_rings_them_again(desk: Desk) -> None:
    ident = desk.asks(at(0, 9), "urgent", **URGENT)  # due at 13:00
    assert desk.watch(at(0, 11, 50))["warned"] == 0
    assert [desk.watch(at(0, 12, minute))["warned"] for minute in (0, 10)] == [1, 0]
    [warning] = messages(desk.store, "request.due_soon")
    assert warning.destination == "U0LEE"
    assert f"TA-{1000 + ident} is urgent and due" in desk.text(warning, at(0, 12))
    assert desk.watch(at(0, 13, 10))["late"] == 1
    assert desk.watch(at(0, 14))["rung"] == 0
    assert [desk.watch(at(0, 14, minute))["rung"] for minute in (10, 20)] == [1, 0]
    assert desk.told("request.late") == ["U0LEE", "U0LEE"]
    assert len(desk.news("late")) == 1


def test_whoever_has_an_urgent_one_is_warned_alone(desk: Desk) -> None:
    ident = desk.asks(at(0, 9), "urgent", **URGENT)
    desk.takes(ident, at(0, 10))
    desk.watch(at(0, 12))
    assert desk.told("request.due_soon") == ["U0SAM"]
    desk.does(service.ask_requester, "sam", ident, at(0, 12, 30), question="How many?")
    assert sum(desk.watch(at(0, 15)).values()) == 0


@pytest.mark.parametrize("how", ["away", "off the staff", "deactivated"])
def test_what_somebody_has_who_is_not_here_goes_to_leads(desk: Desk, how: str) -> None:
    ident = desk.asks(at(0, 9), "urgent", **URGENT)
    desk.takes(ident, at(0, 10))
    with desk.store.writing() as session:
        if how == "away":
            day = at(0, 9).date()
            sam = desk.people.sam
            staffing.go_away(
                session, sam.id, first=day, last=day, note="", by=sam, profile=profile(), now=at(0, 9)
            )
        elif how == "deactivated":
            people_service.learn(session, [slack_user("U0SAM", deleted=True)], home_team=HOME, now=NOW)
        else:
            people_service.set_staff(session, ["U0PAT", "U0LEE"], NOW)
    desk.watch(at(0, 12))
    desk.watch(at(0, 13, 10))
    assert desk.told("request.due_soon") == ["U0LEE"]
    assert desk.told("request.late") == ["U0LEE"]


@pytest.mark.parametrize(("problem", "told"), [("", ["C0STAFF"]), ("guests", [])])
def test_without_a_lead_the_staff_channel_is_told_if_it_is_fit(
    desk: Desk, problem: str, told: list[str]
) -> None:
    desk.asks(at(0, 9), "one")
    with desk.store.writing() as session:
        people_service.set_staff_channel(session, "C0STAFF", problem, now=NOW)
        people_service.set_staff(session, ["U0SAM", "U0PAT"], NOW)
    assert desk.watch(at(1, 9, 10))["late"] == 1
    assert desk.told("request.late") == told
    assert len(desk.news("late")) == 1


def test_what_has_been_late_for_weeks_is_no_news(desk: Desk) -> None:
    desk.asks(at(0, 9), "old")
    assert desk.watch(at(60, 9))["late"] == 1
    assert (desk.told("request.late"), desk.news("late")) == ([], [])


def test_triage_and_delivery_that_run_out_are_told_to_holder_and_leads_only(desk: Desk) -> None:
    untouched, held = desk.asks(at(0, 9), "untouched"), desk.asks(at(0, 9), "held")
    desk.takes(held, at(0, 10))
    desk.does(service.first_reply, "sam", held, at(0, 11))
    assert desk.watch(at(1, 9, 10))["late"] == 1
    assert desk.watch(at(2, 9, 10))["triage_late"] == 1
    due = row(desk.store, held).delivery_due
    assert due == add_business_days(profile().hours, at(0, 9), 20)
    found = [desk.watch(due + timedelta(minutes=minutes))["delivery_late"] for minutes in (10, 20)]
    assert found == [2, 0]
    assert [each.destination for each in messages(desk.store, "request.late")].count("U0SAM") == 1
    assert len(desk.news("late")) == 1
    assert "delivery was due" in desk.text(
        messages(desk.store, "request.notice")[-1], due + timedelta(hours=1)
    )
    assert row(desk.store, untouched).state == "new"


def test_in_the_morning_each_hears_what_is_theirs_and_due_that_day(desk: Desk) -> None:
    due, other = desk.asks(at(0, 9), "due"), desk.asks(at(1, 9), "tomorrow")
    for ident in (due, other):
        desk.takes(ident, at(0, 10))
    pats = desk.asks(at(0, 9), "pats")
    desk.takes(pats, at(0, 10), "pat")
    assert [desk.morning(at(1, 8)) for _ in range(2)] == [2, 0]
    assert sorted(desk.told("request.today")) == ["U0PAT", "U0SAM"]
    sams = next(each for each in messages(desk.store, "request.today") if each.destination == "U0SAM")
    said = desk.text(sams, at(1, 8))
    assert "Due today: 1 request" in said
    assert f"TA-{1000 + due}" in said
    assert f"TA-{1000 + other}" not in said
    assert f"First reply is due {day_and_time(at(1, 9), profile().time_zone)}" in said


def test_on_a_closed_day_and_on_days_away_there_is_no_list(desk: Desk) -> None:
    ident = desk.asks(at(0, 9), "due")
    desk.takes(ident, at(0, 10))
    with desk.store.writing() as session:
        session.get_one(RequestRow, ident).first_reply_due = at(5, 9)
    assert desk.morning(at(5, 8)) == 0  # a Saturday
    with desk.store.writing() as session:
        session.get_one(RequestRow, ident).first_reply_due = at(7, 9)
        day, sam = at(7, 9).date(), desk.people.sam
        staffing.go_away(session, sam.id, first=day, last=day, note="", by=sam, profile=profile(), now=NOW)
    assert desk.morning(at(7, 8)) == 0


def test_the_history_on_a_request_leaves_out_what_only_staff_were_told(desk: Desk) -> None:
    ident = desk.asks(at(0, 9), "history")
    desk.takes(ident, at(0, 10))
    desk.morning(at(1, 8))
    desk.watch(at(1, 9, 10))
    with desk.store.reading() as session:
        found = facts.one(session, ident, desk.people.kim, later())
    said = str(page(found, profile(), at(1, 10), staff=False, reader=desk.people.kim.id))
    assert f"The first reply to TA-{1000 + ident} was late" in said
    assert "was changed" not in said


def test_lists_lose_the_words_of_a_request_whose_details_are_removed(desk: Desk) -> None:
    ident = desk.asks(at(0, 9), "details", need="Zebrand needs kits.")
    desk.takes(ident, at(0, 10))
    desk.morning(at(1, 8))
    desk.watch(at(1, 9, 10))
    lists = [*messages(desk.store, "request.late"), *messages(desk.store, "request.today")]
    assert all("Zebrand" in desk.text(each, at(1, 10)) for each in lists)
    with desk.store.writing() as session:
        service.remove_details(session, request_id=ident, person=desk.people.kim, now=at(1, 11))
    after = {each.id: each for kind in ("late", "today") for each in messages(desk.store, f"request.{kind}")}
    assert len(lists) == 3
    for each in lists:
        assert after[each.id].version > each.version
        assert "Zebrand" not in desk.text(each, at(1, 11))


@pytest.mark.parametrize("how", ["details", "confidential"])
def test_a_list_in_the_staff_channel_loses_what_is_no_longer_for_all_staff(
    with_channel: Desk, how: str
) -> None:
    desk = with_channel
    with desk.store.writing() as session:
        people_service.name_leads(session, [], by=replace(desk.people.lee, is_admin=True), now=NOW)
    ident = desk.asks(at(0, 9), "channel", need="Zebrand needs kits.")
    desk.watch(at(1, 9, 10))
    [late] = messages(desk.store, "request.late")
    assert (late.destination, "Zebrand" in desk.text(late, at(1, 10))) == (CHANNEL, True)
    with desk.store.writing() as session:
        people_service.name_leads(
            session, ["U0LEE"], by=replace(desk.people.lee, is_admin=True), now=at(1, 10)
        )
    with desk.store.writing() as session:
        verb = service.remove_details if how == "details" else service.confide
        verb(session, request_id=ident, person=desk.people.kim, now=at(1, 11))
    [after] = messages(desk.store, "request.late")
    assert after.version > late.version
    assert "Zebrand" not in desk.text(after, at(1, 11))


def test_each_business_morning_all_staff_read_how_much_is_open_and_nothing_confidential(
    with_channel: Desk,
) -> None:
    desk = with_channel
    assert desk.summary(at(0, 8)) == "no open requests"
    for number in range(3):
        desk.asks(at(0, 9), f"open-{number}", need="Zebrand needs kits.")
    desk.takes(desk.asks(at(0, 9), "taken"), at(0, 10))
    desk.asks_back(desk.asks(at(0, 9), "asked"), at(0, 10))
    closed = desk.asks(at(0, 9), "closed")
    with desk.store.writing() as session:
        service.confide(session, request_id=closed, person=desk.people.kim, now=at(0, 9))
    assert [desk.summary(at(1, 10)) for _ in range(2)] == ["", ""]
    assert desk.told("request.summary") == [CHANNEL]
    [said] = messages(desk.store, "request.summary")
    text = desk.text(said, at(1, 10))
    assert "5 open requests: 4 late, 3 unassigned, 1 waiting" in text
    assert "Zebrand" not in text
    assert "TA-" not in text
    desk.takes(desk.asks(at(1, 10), "later"), at(1, 11))
    assert desk.text(said, at(1, 12)) == text  # what was so in the morning, whenever it is drawn again
    assert desk.summary(at(4, 20)) == "closed today"  # a bot that was down until the evening
    assert desk.summary(at(5, 8)) == "closed today"
    assert desk.summary(at(7, 8)) == ""
    with desk.store.writing() as session:
        people_service.set_staff_channel(session, CHANNEL, "guests", now=at(8, 7))
    assert desk.summary(at(8, 8)) == "no staff channel"
    assert len(desk.told("request.summary")) == 2


def test_a_morning_without_anything_late_says_so(with_channel: Desk) -> None:
    desk = with_channel
    desk.takes(desk.asks(at(0, 9), "open"), at(0, 10))
    desk.summary(at(0, 11))
    [said] = messages(desk.store, "request.summary")
    assert "1 open request. Nothing is late or unassigned" in desk.text(said, at(0, 11))
