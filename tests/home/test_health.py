"""What an administrator reads of how the app is, and the job that failed tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from copbot.errors import NotAllowed, NotFound
from copbot.home.listeners import run_again, show_part
from copbot.home.parts import view_of
from copbot.home.setup.screens import FailedJob, Health, health
from copbot.home.setup.sections import LIST_TODAY
from copbot.jobs import service as jobs
from copbot.jobs.tables import JobRow
from copbot.people.staff.listeners import open_away, open_staff
from copbot.slack.answers import Open
from copbot.store import Store
from tests.home.given import call, everybody, requests
from tests.people.given import NOW

WELL = Health("PostgreSQL", True, NOW, "", None, 0, ())


def said(found: Health) -> str:
    return str(health(found, NOW, "America/Chicago"))


def test_all_is_well_in_three_lines() -> None:
    words = said(WELL)
    assert "The database works (PostgreSQL)." in words
    assert "Slack works." in words
    assert "No messages waiting." in words
    assert ":warning:" not in words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"staff_read_at": None}, "has not been read yet"),
        ({"staff_read_at": NOW - timedelta(hours=1)}, "Slack has not answered for a while."),
        ({"staff_trouble": "ABC123"}, "could not be read (code ABC123)"),
        ({"waits_since": NOW - timedelta(minutes=5)}, "Messages have waited since"),
        ({"undelivered": 1}, "1 message could not be delivered"),
        ({"undelivered": 12}, "12 messages could not be delivered"),
        ({"broken": (FailedJob(1, "people.reread", "F00D"),)}, "Reading the people of this workspace failed five times"),
        ({"broken": (FailedJob(1, "some.other", "F00D"),)}, "some.other failed five times. The log has the details under code F00D"),
    ],
)  # fmt: skip
def test_each_trouble_is_said_in_words(changes: dict[str, object], words: str) -> None:
    assert words in said(replace(WELL, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["lead", "admin"])
def test_leads_and_administrators_read_why_there_was_no_summary_this_morning(
    sqlite_store: Store, role: str
) -> None:
    who = everybody(sqlite_store)
    with sqlite_store.writing() as session:
        jobs.enqueue(session, LIST_TODAY, key="today", now=NOW)
        session.execute(
            update(JobRow).values(state="done", result={"skipped": "no open requests"}, finished=NOW)
        )
    with sqlite_store.reading() as session:
        home = str(view_of(call(session, who[role])))
        tomorrow = replace(call(session, who[role]), now=NOW + timedelta(days=1))
        assert "No summary in the staff channel this morning: no open requests." in home
        assert "No summary" not in str(view_of(tomorrow))


def test_only_an_administrator_is_offered_to_run_a_job_again() -> None:
    broken = replace(WELL, broken=(FailedJob(1, LIST_TODAY, "F00D"),))
    assert "Try again" in said(broken)
    assert "Try again" not in str(health(broken, NOW, "UTC", may_try=False))


def test_a_message_that_is_only_just_due_is_no_trouble() -> None:
    assert "No messages waiting." in said(replace(WELL, waits_since=NOW - timedelta(seconds=90)))


def test_an_job_that_failed_stands_in_home_and_is_tried_again(store: Store) -> None:
    who = everybody(store)
    with store.writing() as session:
        ident = jobs.enqueue(session, "people.reread", key="one", now=NOW)
        session.execute(update(JobRow).values(state="failed", error_code="F00D", finished=NOW, tries=5))
    with store.reading() as session:
        assert [each.error_code for each in jobs.failing(session)] == ["F00D"]
    with store.writing() as session:
        answer = run_again(replace(call(session, who["admin"]), value=str(ident)))
        assert "F00D" not in str(answer)
        assert jobs.failing(session) == ()


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "1.0", "١"])
def test_a_hand_made_press_is_answered_in_words(sqlite_store: Store, value: str) -> None:
    who = everybody(sqlite_store)
    with sqlite_store.writing() as session, pytest.raises(NotFound):
        run_again(replace(call(session, who["admin"]), value=value))


def test_a_section_behind_a_button_opens_on_its_own_for_those_who_may_see_it(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    requests(sqlite_store, who, 30)
    with sqlite_store.reading() as session:
        answer = show_part(replace(call(session, who["staff"]), value="queue"))
        assert isinstance(answer, Open)
        assert "Assigned to you" in str(answer.view)
        for role, value in (("member", "queue"), ("staff", "health"), ("staff", "nothing-of-ours")):
            with pytest.raises(NotFound):
                show_part(replace(call(session, who[role]), value=value))


def test_staff_see_their_own_work_leads_everybodys_and_others_nobodys(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    with sqlite_store.reading() as session:
        for look in (open_staff, open_away):
            for role, whose in (("staff", "staff"), ("lead", "lead"), ("lead", "staff")):
                assert isinstance(look(replace(call(session, who[role]), value=str(who[whose].id))), Open)
            with pytest.raises(NotAllowed):
                look(replace(call(session, who["staff"]), value=str(who["lead"].id)))
