"""What Home's lists hold, in which order, and how much of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from copbot.assistance import rules, sections
from copbot.assistance.tables import RequestRow, RequestTopicRow
from copbot.assistance.views import lists as views_lists
from copbot.assistance.views.listeners import workload
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.slack.answers import Open
from copbot.slack.text import weekday
from copbot.store import Store
from tests.home.given import call, everybody, profile, requests
from tests.people.given import HOME, NOW, slack_user, staffed


def states(found: views_lists.Lines) -> set[str]:
    return {line.state for line in found.lines}


def test_what_waits_for_the_requester_stands_first_and_only_there(store: Store) -> None:
    who = everybody(store)
    requests(store, who, 120)
    with store.reading() as session:
        found = views_lists.own(session, who["member"], NOW)
    assert states(found["needed"]) == {rules.WAITING_REQUESTER}
    assert rules.WAITING_REQUESTER not in states(found["mine"])
    assert found["needed"].total + found["mine"].total == 60
    ids = [line.id for line in found["mine"].lines]
    assert ids == sorted(ids, reverse=True)


def test_a_late_request_stands_once_in_the_queue_unless_it_is_ones_own(store: Store) -> None:
    who = everybody(store)
    requests(store, who, 36)
    with store.reading() as session:
        found = views_lists.queue(session, who["staff"], NOW)
        assert all(line.is_late for line in found["late"].lines)
        assert not any(line.is_late for line in found["unassigned"].lines)
        assert {line.owner.id for line in found["owned"].lines if line.owner} == {who["staff"].id}
        late = {line.id for line in found["late"].lines}
        assert not late & {line.id for line in found["unassigned"].lines}


def test_a_list_says_how_many_there_are(store: Store) -> None:
    who = everybody(store)
    requests(store, who, 120)
    with store.reading() as session:
        found = views_lists.own(session, who["member"], NOW)["mine"]
    assert len(found.lines) == 5
    assert found.total > 5


def test_a_short_list_goes_nowhere(store: Store) -> None:
    who = everybody(store)
    requests(store, who, 3)
    with store.reading() as session:
        found = views_lists.own(session, who["member"], NOW)["mine"]
    assert found.total == len(found.lines)


def test_topics_come_in_the_order_in_which_they_were_named(store: Store) -> None:
    who = everybody(store)
    requests(store, who, 2)
    with store.writing() as session:
        ident = views_lists.own(session, who["member"], NOW)["mine"].lines[0].id
        session.execute(
            update(RequestTopicRow).where(RequestTopicRow.request_id == ident).values(topic="law_policy")
        )
        for place, topic in ((10, "wound_care"), (2, "housing")):
            session.add(RequestTopicRow(request_id=ident, place=place, topic=topic))
        session.flush()
        line = views_lists.own(session, who["member"], NOW)["mine"].lines[0]
    assert line.topics == ("law_policy", "housing", "wound_care")


def test_load_counts_open_late_and_waiting_and_says_who_is_full_or_away(store: Store) -> None:
    who = everybody(store)
    requests(store, who, 48)
    today = NOW.date()
    with store.writing() as session:
        staffing.describe_staff(
            session,
            who["staff"].id,
            profile=profile(),
            by=who["staff"],
            now=NOW,
            seen=1,
            topics=(),
            areas=(),
            capacity=3,
        )
        staffing.go_away(
            session,
            who["lead"].id,
            first=today,
            last=today + timedelta(days=4),
            profile=profile(),
            by=who["lead"],
            now=NOW,
        )
        session.execute(
            update(RequestRow)
            .where(RequestRow.state == "assigned")
            .values(owner_id=who["staff"].id, first_reply_due=NOW - timedelta(hours=1))
        )
        session.flush()
        loads = {each.name: each for each in views_lists.candidates(session, profile(), NOW)}
        words = str(sections.load(call(session, who["lead"])))
    sam, lee = loads["Sam"], loads["Lee"]
    assert sam.open + lee.open == 24
    assert sam.capacity == 3
    assert lee.away_until == today + timedelta(days=4)
    assert sam.waiting + lee.waiting == 8
    assert (sam.late, lee.late) == (8, 0)  # what waits for an answer is not late
    assert "full" in words
    assert f"away until {weekday(today + timedelta(days=4))}" in words


def test_load_is_of_those_who_are_staff_today_and_away_means_today(sqlite_store: Store) -> None:
    sam, _pat, _lee, _gus = staffed(sqlite_store, "U0SAM", "U0PAT", "U0LEE", "U0GUS")
    today = NOW.date()
    with sqlite_store.writing() as session:
        first, last = today + timedelta(days=1), today + timedelta(days=4)
        staffing.go_away(session, sam.id, first=first, last=last, profile=profile(), by=sam, now=NOW)
        people.set_staff(session, ["U0SAM", "U0PAT", "U0GUS"], NOW)
        people.learn(session, [slack_user("U0GUS", is_restricted=True)], home_team=HOME, now=NOW)
        now = {each.name: each.away_until for each in views_lists.candidates(session, profile(), NOW)}
        tomorrow = views_lists.candidates(session, profile(), NOW + timedelta(days=1))
    assert now == {"Pat": None, "Sam": None}
    assert {each.name: each.away_until for each in tomorrow} == {"Pat": None, "Sam": last}


def test_nothing_is_listed_twice_though_staff_ask_for_themselves(store: Store) -> None:
    who = everybody(store)
    requests(store, who, 96)
    for role in ("staff", "lead"):
        with store.reading() as session:
            lists = {**views_lists.own(session, who[role], NOW), **views_lists.queue(session, who[role], NOW)}
        ids = [line.id for found in lists.values() for line in found.lines]
        assert len(ids) == len(set(ids)), role
        assert lists["late"].lines
        assert lists["mine"].lines or role == "lead"


def test_a_lead_opens_the_requests_behind_a_number(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    requests(sqlite_store, who, 24)
    with sqlite_store.reading() as session:
        load = {each.id: each for each in views_lists.candidates(session, profile(), NOW)}[who["staff"].id]
        answer = workload(replace(call(session, who["lead"]), value=str(load.id)))
    assert isinstance(answer, Open)
    assert str(answer.view).count("*TA-") == load.open
