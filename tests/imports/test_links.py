"""Links: who is asked about a dead one, and how much it takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from copbot.delivery import service as delivery
from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.imports import plugs
from copbot.imports.links import jobs, rules, service, tables
from copbot.imports.links.rules import LinkState, after, is_dead, result_of
from copbot.people import service as people
from copbot.slack.answers import Message, Nothing
from copbot.store import Store
from tests.fetch.site import page, site
from tests.imports.test_sources import At, work
from tests.resources.given import PROFILE, add, knows_people

NOW = datetime(2030, 3, 4, 15, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "result"),
    [(200, "ok"), (301, "ok"), (404, "missing"), (410, "missing")]
    + [(status, "not_checked") for status in (400, 401, 403, 405, 429, 500, 503)],
)
def test_only_an_answer_that_nothing_is_there_counts_against_a_link(status: int, result: str) -> None:
    assert result_of(status) == result


def test_a_name_that_nobody_has_counts_and_other_refusals_say_nothing() -> None:
    assert result_of(code="no_such_name") == "missing"
    for code in ("private", "too_slow", "unreachable", "certificate", "compressed"):
        assert result_of(code=code) == "not_checked"


def test_a_link_is_dead_when_it_was_missing_three_times_over_a_week() -> None:
    state, now, looks = LinkState(), NOW, 0
    while not is_dead(state, now):
        state, then = after(state, "missing", now)
        looks, now = looks + 1, (then if not is_dead(state, now) else now)
    assert looks == 3
    assert now - NOW == 7 * DAY
    assert after(state, "ok", now)[0] == LinkState("ok")
    assert after(LinkState("missing", 2, NOW), "not_checked", now)[0].misses == 2


def test_a_dead_links_owner_is_asked_once_and_a_living_ones_never(store: Store) -> None:
    with site({"/good": page(b"x"), "/busy": page(status="403 Forbidden")}) as local:
        knows_people(store)
        with store.writing() as session:
            people.set_staff(session, ["USAM"], NOW)
            for name in ("good", "gone", "busy"):
                add(session, name, url=f"{local.url}/{name}")
        clock = At()
        for _ in range(60):
            jobs.check(work(store, clock))
            jobs.ask(work(store, clock))
            clock.time += DAY
        with store.reading() as session:
            said = session.query(MessageRow).all()
            assert [(row.kind, row.destination) for row in said] == [(service.DEAD_LINK, "USAM")]
    assert all(line.startswith("GET ") for line in local.asked)


@pytest.mark.both_databases
def test_a_question_that_did_not_fit_the_quota_comes_on_a_later_morning_unless_it_is_settled(
    store: Store,
) -> None:
    with store.writing() as session:
        found = add(session, "gone", url="https://example.org/gone")
        service.enlist(session, now=NOW)
        [row] = session.query(tables.LinkCheckRow)
        row.misses, row.missed_since = rules.MISSES, NOW - rules.DEAD_AFTER
        about = f"resource:{found.uid}"
        delivery.say(session, service.DEAD_LINK, about, to="USAM", key="asked", now=NOW, unasked=True)
        row.asked_at = NOW
        session.query(MessageRow).update({"state": "nothing", "reason": "quota"})
    jobs.ask(work(store, At()))
    with store.reading() as session:
        [message] = session.query(MessageRow)
        assert message.state == "due"
        draw = plugs.NOTICES[message.kind]
        assert isinstance(draw(session, Subject(about), Look(PROFILE, NOW, "u")), Message)
    with store.writing() as session:
        session.query(tables.LinkCheckRow).update({"misses": 0})
    with store.reading() as session:
        assert isinstance(draw(session, Subject(about), Look(PROFILE, NOW, "u")), Nothing)


def test_an_owner_of_several_dead_links_is_asked_about_one_at_a_time_and_all_fit_the_quota(
    sqlite_store: Store,
) -> None:
    knows_people(sqlite_store)
    first = NOW - rules.DEAD_AFTER
    with sqlite_store.writing() as session:
        people.set_staff(session, ["USAM"], NOW)
        for number in range(4):
            add(session, f"gone {number}", url=f"https://example.org/{number}")
        service.enlist(session, now=first)
        for row in session.query(tables.LinkCheckRow):
            row.misses, row.missed_since = rules.MISSES, first
    days = []
    for day in range(14):
        with sqlite_store.writing() as session:
            days += [day] * service.ask_owners(session, now=NOW + DAY * day)
    assert days == [0, 3, 6, 9]
    with sqlite_store.reading() as session:
        assert [row.unasked for row in session.query(MessageRow)] == [True] * 4
