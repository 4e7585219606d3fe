"""Waits: what they do to the clocks, and what a question without an answer comes to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copbot.assistance.tables import RequestRow
from copbot.assistance.workflow import service
from copbot.people import service as people_service
from copbot.program.calendar.hours import add_business_days, add_business_hours
from copbot.store import Store
from tests.assistance.desk import URGENT, Desk, at
from tests.assistance.given import (
    cast,
    messages,
    press,
    profile,
    row,
)
from tests.people.given import HOME, NOW, slack_user


@pytest.fixture
def desk(sqlite_store: Store) -> Desk:
    """With nothing open but what the test asks for."""
    people = cast(sqlite_store)
    press(sqlite_store, service.withdraw, people, "kim", 1)
    return Desk(sqlite_store, people)


def test_an_open_question_is_reminded_of_and_then_closes_with_a_way_back(desk: Desk) -> None:
    ident = desk.asks(at(0, 8), "quiet")
    desk.asks_back(ident, at(0, 9))
    days = [add_business_days(profile().hours, at(0, 9), number) for number in (3, 8, 15)]
    for day in days:
        assert desk.watch(day - timedelta(minutes=1)) == desk.watch(day - timedelta(minutes=2))
        desk.watch(day)
        desk.watch(day + timedelta(minutes=10))
    first, second = desk.news("nudge")
    assert [each.due_at for each in (first, second)] == days[:2]
    now = row(desk.store, ident)
    assert (now.state, now.close_reason, now.closed_at) == ("closed", "no_response", days[2])
    [ended] = desk.news("no_answer")
    assert "because we didn't hear back" in desk.text(ended, days[2])
    assert "'Reopen'" in desk.text(ended, days[2])
    said = desk.text(first, days[2])
    assert "Sam still needs an answer about" in said
    assert "How many kits?" in said
    assert "'Answer'" not in said  # it is over
    added = messages(desk.store, "request.added")[-1]
    assert added.destination == "U0SAM"
    assert "didn't answer your question in time" in desk.text(added, days[2])
    made = desk.does(service.reopen, "kim", ident, days[2] + timedelta(days=13))
    assert made.state == "in_progress"


def test_a_reminder_has_the_question_and_its_button_until_it_is_answered(desk: Desk) -> None:
    ident = desk.asks(at(0, 8), "asked")
    desk.asks_back(ident, at(0, 9))
    desk.watch(at(3, 9))
    before = {each.id: each.version for each in messages(desk.store, "request.told")}
    [reminder] = desk.news("nudge")
    assert "'Answer'" in desk.text(reminder, at(3, 9))
    desk.does(service.answer, "kim", ident, at(3, 10), text="Forty.")
    drawn_again = [each.id for each in messages(desk.store, "request.told") if each.version > before[each.id]]
    assert set(drawn_again) == {reminder.id, desk.news("ask")[0].id}
    assert "You have answered this. Thank you." in desk.text(reminder, at(3, 10))
    desk.watch(at(20, 10))
    assert len(desk.news("nudge")) == 1


def test_a_week_that_the_clock_jumps_over_brings_one_reminder(desk: Desk) -> None:
    ident = desk.asks(at(0, 8), "jump")
    desk.asks_back(ident, at(0, 9))
    counts = [desk.watch(at(14, 9, minute))["nudge"] for minute in (0, 10, 20)]
    assert counts == [1, 0, 0]


def test_a_second_question_starts_the_days_anew(desk: Desk) -> None:
    ident = desk.asks(at(0, 8), "twice")
    desk.asks_back(ident, at(0, 9))
    desk.watch(at(3, 9))
    desk.does(service.answer, "kim", ident, at(3, 10), text="Forty.")
    desk.does(service.ask_requester, "sam", ident, at(3, 11), question="And where to?")
    assert desk.watch(at(4, 12))["nudge"] == 0
    assert desk.watch(at(8, 11))["nudge"] == 1
    assert "And where to?" in desk.text(desk.news("nudge")[-1], at(8, 12))


def test_nobody_is_reminded_whose_account_is_deactivated(desk: Desk) -> None:
    ident = desk.asks(at(0, 8), "gone")
    desk.asks_back(ident, at(0, 9))
    late = desk.asks(at(0, 9), "late")
    with desk.store.writing() as session:
        people_service.learn(session, [slack_user("U0KIM", deleted=True)], home_team=HOME, now=NOW)
    for day in (3, 10, 30):
        desk.watch(at(day, 12))
    assert desk.news("nudge") == desk.news("late") == desk.news("no_answer") == []
    assert (row(desk.store, ident).state, row(desk.store, late).state) == ("waiting_requester", "new")


def test_taking_back_a_done_brings_the_wait_back_as_it_was(desk: Desk) -> None:
    ident = desk.asks(at(0, 9), "undone")
    desk.takes(ident, at(0, 10))
    desk.does(service.wait_partner, "sam", ident, at(0, 11), why="County legal")
    before = row(desk.store, ident)
    made = desk.does(service.done, "sam", ident, at(1, 11), given="Kits.")
    after = row(desk.store, ident)
    assert (after.first_reply_due, after.paused_at) == (at(2, 9), None)
    desk.does(service.undo, "sam", ident, at(1, 11, 5), version=made.version)
    now = row(desk.store, ident)
    names = ("state", "first_reply_due", "triage_due", "delivery_due", "paused_at", "first_reply_at")
    assert [getattr(now, name) for name in names] == [getattr(before, name) for name in names]


@pytest.mark.parametrize("how", ["give_back", "close", "withdraw"])
def test_however_a_wait_ends_the_clocks_go_on(desk: Desk, how: str) -> None:
    ident = desk.asks(at(0, 9), "ends")
    desk.takes(ident, at(0, 10))
    desk.does(service.wait_partner, "sam", ident, at(0, 11), why="County legal")
    who, more = ("kim", {}) if how == "withdraw" else ("sam", {})
    if how == "close":
        more = {"reason": "duplicate", "words": "", "referral": ""}
    desk.does(getattr(service, how), who, ident, at(1, 11), **more)
    assert (row(desk.store, ident).first_reply_due, row(desk.store, ident).paused_at) == (at(2, 9), None)


def test_reopened_without_ever_a_reply_both_clocks_start_anew(desk: Desk) -> None:
    ident = desk.asks(at(0, 9), "again")
    desk.does(service.withdraw, "kim", ident, at(4, 9))
    desk.does(service.reopen, "kim", ident, at(7, 9))
    now = row(desk.store, ident)
    assert now.first_reply_due == at(8, 9)
    assert now.delivery_due == add_business_days(profile().hours, at(7, 9), 20)
    assert desk.watch(at(7, 10))["late"] == 0


def test_hours_and_urgency_that_change_leave_what_is_due(desk: Desk) -> None:
    ident = desk.asks(at(0, 9), "urgent", **URGENT)
    due = row(desk.store, ident).first_reply_due
    assert due == add_business_hours(profile().hours, at(0, 9), 4)
    with desk.store.writing() as session:
        session.get_one(RequestRow, ident).by_when = "month"
    desk.watch(at(0, 12, 30))
    assert desk.told("request.due_soon") == []  # no longer urgent: no bell of its own
    assert row(desk.store, ident).first_reply_due == due


def test_while_a_partner_is_waited_for_everybody_reads_so(desk: Desk) -> None:
    ident = desk.asks(at(0, 9), "partner")
    desk.takes(ident, at(0, 10))
    desk.does(service.wait_partner, "sam", ident, at(0, 11), why="County legal")
    assert "clocks paused until a partner answers" in desk.text(
        messages(desk.store, "request.notice")[-1], at(3, 9)
    )
    assert "Sam will go on once a partner answers." in desk.text(
        messages(desk.store, "request.receipt")[-1], at(3, 9)
    )
