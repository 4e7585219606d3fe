"""Re-reading everybody: ten thousand people, cut off half way, without permission; and what is told daily."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.jobs import service as all_jobs
from copbot.jobs.runner import Runner
from copbot.jobs.work import CutOff
from copbot.people import jobs, notices
from copbot.people import service as people
from copbot.people.agencies import service as agencies
from copbot.people.tables import PersonRow
from copbot.people.upkeep import jobs as upkeep
from copbot.program.settings import edits, hotlines
from copbot.program.settings.service import choice, choose
from copbot.slack.answers import Message, Nothing
from copbot.slack.entrances import Wiring
from copbot.slack.errors import Refused, SlackError
from copbot.store import Store
from tests.days import month_day_year
from tests.people.given import NOW, person, slack_user
from tests.people.office import Office, open_office


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    with open_office(store) as opened:
        yield opened


@pytest.fixture
def desk(sqlite_store: Store) -> Iterator[Office]:
    with open_office(sqlite_store) as opened:
        yield opened


def calls(desk: Office, method: str = "users.list") -> list[dict[str, Any]]:
    return [call for call in desk.ws.calls(method) if call["status"] == 200]


def known(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(PersonRow.id)).all())


def shown(desk: Office, kind: str) -> list[str]:
    """What each message of this kind says now."""
    texts = []
    with desk.store.reading() as session:
        for row in desk.told(kind):
            drawn = notices.NOTICES[kind](
                session, Subject(row.subject), Look(desk.profile, desk.clock.now(), row.uid)
            )
            texts.append(f"{drawn.text} {drawn.blocks}" if isinstance(drawn, Message) else drawn.reason)
    return texts


# --- many --------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_ten_thousand_people_take_the_fewest_pages_and_those_who_came_near_are_brought_up_to_date(
    office: Office,
) -> None:
    ids = office.ws.admin.add_people(10_000)
    with office.store.writing() as session:
        people.learn(
            session, [slack_user(ids[n], "Old name") for n in (0, 4_321, 9_999)], home_team="", now=NOW
        )
    found = office.run(jobs.people_reread)
    everybody = 10_000 + 14  # the workspace's own people and the app
    assert (found["looked_at"], len(calls(office))) == (everybody, -(-everybody // jobs.WHOLE_PAGE))
    assert found["changed"] == 3 + 2  # and two administrators nobody knew
    assert known(office.store) == 5
    assert office.steps == [(n, n + (n < 11)) for n in range(1, 12)]


def test_the_next_reading_knows_how_far_it_has_to_go_and_writes_nothing(desk: Office) -> None:
    desk.ws.admin.add_people(3_000)
    desk.run(jobs.people_reread)
    desk.steps.clear()
    assert desk.run(jobs.people_reread)["changed"] == 0
    assert desk.steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_many_who_are_known_are_marked_as_seen_at_once(desk: Office) -> None:
    ids = desk.ws.admin.add_people(1_000)
    with desk.store.writing() as session:
        people.learn(session, [slack_user(user) for user in ids], home_team="", now=NOW)
    desk.clock.at = NOW + timedelta(days=3)
    desk.run(jobs.people_reread)
    with desk.store.reading() as session:
        assert people.not_seen_since(session, ids, NOW + timedelta(days=3)) == ()


# --- half way ------------------------------------------------------------------------------------------------


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "WHOLE_PAGE", 6)
    monkeypatch.setattr(jobs, "PAGE", 3)


def test_a_reading_that_failed_half_way_goes_on_there_with_smaller_pages(
    desk: Office, small_pages: None
) -> None:
    desk.ws.faults.add("users.list", "http_500", match={"contains": "next:12"})
    with pytest.raises(SlackError):
        desk.run(jobs.people_reread)
    assert len(calls(desk)) == 2
    found = desk.run(jobs.people_reread)
    cursors = [call["args"].get("cursor", "") for call in calls(desk)]
    assert cursors == ["", "next:6", "next:12"]
    assert [int(call["args"]["limit"]) for call in calls(desk)] == [6, 6, 3]
    assert found["looked_at"] == 14
    desk.run(jobs.people_reread)
    assert int(calls(desk)[-1]["args"]["limit"]) == 6  # a good end forgets the failure


def test_a_reading_stopped_with_the_process_goes_on_there(desk: Office, small_pages: None) -> None:
    def stop(_n: int, _of: int) -> None:
        raise CutOff

    from dataclasses import replace

    with pytest.raises(CutOff):
        desk.run(lambda work: jobs.people_reread(replace(work, progress=stop)))
    assert desk.run(jobs.people_reread)["looked_at"] == 14
    assert [call["args"].get("cursor", "") for call in calls(desk)] == ["", "next:6", "next:12"]


def test_an_old_place_is_not_gone_on_from(desk: Office, small_pages: None) -> None:
    desk.ws.faults.add("users.list", "http_500", match={"contains": "next:6"})
    with pytest.raises(SlackError):
        desk.run(jobs.people_reread)
    desk.clock.at += timedelta(hours=1)
    assert desk.run(jobs.people_reread)["looked_at"] == 14
    assert "cursor" not in calls(desk)[1]["args"]


def test_a_place_slack_has_forgotten_is_given_up(desk: Office, small_pages: None) -> None:
    desk.ws.faults.add("users.list", "http_500", match={"contains": "next:6"})
    with pytest.raises(SlackError):
        desk.run(jobs.people_reread)
    desk.ws.faults.add("users.list", "refuse", error="invalid_cursor")
    with pytest.raises(Refused):
        desk.run(jobs.people_reread)
    assert desk.run(jobs.people_reread)["looked_at"] == 14
    assert desk.told("people.unread") == []


def test_being_told_to_slow_down_is_waited_for(desk: Office, small_pages: None) -> None:
    desk.ws.faults.add("users.list", "rate_limited", retry_after=1, match={"contains": "next:6"})
    began = time.monotonic()
    assert desk.run(jobs.people_reread)["looked_at"] == 14
    assert len(calls(desk)) == 3
    assert time.monotonic() - began >= 2.0  # and the page after it comes no faster


# --- told ----------------------------------------------------------------------------------------------------


def test_a_lost_permission_is_told_once_a_day_by_its_name_and_nobody_is_forgotten(desk: Office) -> None:
    desk.run(jobs.people_reread)
    desk.read_staff()
    before = known(desk.store)
    for _ in range(3):
        desk.ws.faults.add("users.list", "refuse", error="missing_scope")
        with pytest.raises(Refused):
            desk.run(jobs.people_reread)
    assert len(desk.told("people.unread")) == 2  # two administrators
    assert "The app has lost" in shown(desk, "people.unread")[0]
    assert known(desk.store) == before
    desk.clock.at += timedelta(days=1)
    desk.ws.faults.add("users.list", "refuse", error="missing_scope")
    with pytest.raises(Refused):
        desk.run(jobs.people_reread)
    assert len(desk.told("people.unread")) == 4


def test_the_permission_that_is_missing_is_named() -> None:
    from copbot.people import screens

    assert "`users:read`" in str(screens.people_unread("missing_scope", "users:read").blocks)
    assert "bot.py manifest" in str(screens.staff_unread("missing_scope").blocks)
    assert "`http_500`" in str(screens.people_unread("http_500").blocks)


def test_a_passing_failure_is_told_only_when_it_does_not_pass(desk: Office) -> None:
    desk.run(jobs.people_reread)
    for told in (0, 0, 2):
        desk.ws.faults.add("users.list", "http_500")
        with pytest.raises(SlackError):
            desk.run(jobs.people_reread)
        assert len(desk.told("people.unread")) == told


def test_administrators_hear_daily_that_no_lead_is_left_until_there_is_one(office: Office) -> None:
    office.run(jobs.people_reread)
    office.read_staff()
    ada, mei = office.ws.person("ada").id, office.ws.person("mei").id
    with office.store.writing() as session:
        boss = person(session, "U0BOSS", is_admin=True)
        people.name_leads(session, [ada], by=boss, now=NOW)
    assert office.run(upkeep.watch)["no_lead"] is False
    office.ws.admin.remove("ada", "ta-staff")
    office.read_staff()
    office.read_staff()
    first = len(office.told("people.no_lead"))
    assert first == 3  # each administrator once that day
    office.clock.at += timedelta(days=1)
    assert office.run(upkeep.watch)["no_lead"] is True
    assert office.run(upkeep.watch)["no_lead"] is True
    assert len(office.told("people.no_lead")) == 2 * first
    assert "There is no lead anymore" in shown(office, "people.no_lead")[0]
    with office.store.writing() as session:
        people.name_leads(session, [mei], by=boss, now=office.clock.now())
    assert {row.version for row in office.told("people.no_lead")} == {2}
    assert "There is a lead again" in shown(office, "people.no_lead")[0]
    office.clock.at += timedelta(days=1)
    assert office.run(upkeep.watch)["no_lead"] is False


def test_leads_are_asked_to_confirm_lines_after_two_weeks_and_again_after_six_months(office: Office) -> None:
    office.run(jobs.people_reread)
    office.read_staff()
    ada = office.ws.person("ada").id
    with office.store.writing() as session:
        boss = person(session, "U0BOSS", is_admin=True)
        people.name_leads(session, [ada], by=boss, now=NOW)
        edits.seed(session, office.profile, NOW)
        lead = people.identify(session, ada)
    assert lead is not None
    assert office.run(upkeep.watch)["due"] == 0
    office.clock.at = NOW + timedelta(days=14)
    assert office.run(upkeep.watch)["due"] == 5
    office.run(upkeep.watch)
    assert [row.destination for row in office.told("people.hotlines_due")] == [ada]
    assert (
        "988 Suicide &amp; Crisis Lifeline: 988 (not yet confirmed)"
        in shown(office, "people.hotlines_due")[0]
    )
    with office.store.writing() as session:
        for line in hotlines.hotlines_due(session, office.profile, office.clock.now()):
            seen = edits.current(session, office.profile, f"hotline.{line.id}").version
            hotlines.confirm_hotline(
                session, office.profile, line.id, seen=seen, by=lead, now=office.clock.now()
            )
    assert shown(office, "people.hotlines_due") == ["every line is confirmed"]
    office.clock.at += timedelta(days=150)
    assert office.run(upkeep.watch)["due"] == 0
    office.clock.at += timedelta(days=35)
    assert office.run(upkeep.watch)["due"] == 5
    assert len(office.told("people.hotlines_due")) == 2
    assert f"confirmed on {month_day_year(14)}" in shown(office, "people.hotlines_due")[1]


def test_without_leads_administrators_are_asked_to_confirm_lines(desk: Office) -> None:
    desk.run(jobs.people_reread)
    with desk.store.writing() as session:
        edits.seed(session, desk.profile, NOW)
    desk.clock.at = NOW + timedelta(days=20)
    desk.run(upkeep.watch)
    assert len(desk.told("people.hotlines_due")) == 2


def test_the_daily_round_gathers_what_was_saved_for_merged_agencies(desk: Office) -> None:
    desk.read_staff()
    with desk.store.writing() as session:
        ada = people.identify(session, desk.ws.person("ada").id)
        assert ada is not None
        one, other = (people.agency_named(session, name) for name in ("One", "Other"))
        agencies.merge(session, one.id, into=other.id, by=ada, now=NOW)
        people.remember(session, ada.id, agency_id=one.id, not_agency=False, areas=[])
    assert desk.run(upkeep.gather_strays) == {"strays": 1}
    assert desk.run(upkeep.compare_agencies) == {"compared": 1, "pairs": 0}
    assert desk.run(upkeep.compare_agencies) == {"compared": 0}
    with desk.store.reading() as session:
        assert people.remembered(session, ada.id).agency == other


def test_a_place_kept_by_another_release_does_not_stop_the_reading(desk: Office) -> None:
    with desk.store.writing() as session:
        choose(
            session, "people_reread_place", {"cursor": "", "something": "else"}, by="people re-read", now=NOW
        )
    assert desk.run(jobs.people_reread)["looked_at"] == 14
    with desk.store.reading() as session:
        assert choice(session, "people_reread_place")["total"] == 14


def test_nothing_is_said_when_there_is_nothing(desk: Office) -> None:
    assert desk.run(upkeep.watch) == {"no_lead": False, "due": 0}
    with desk.store.reading() as session:
        drawn = notices.hotlines_due(session, Subject("hotlines"), Look(desk.profile, NOW, ""))
    assert not isinstance(drawn, Nothing)  # until they are loaded, the file's lines are due, too


def test_administrators_who_were_not_known_when_the_channel_was_read_hear_of_its_problem_at_once(
    desk: Office,
) -> None:
    """At a first start the channel is read in a moment, and a long list of people takes minutes."""
    desk.setting = ""
    assert desk.read_staff()["problem"] == "missing"
    assert desk.told("people.staff_channel") == []
    wiring = Wiring(staff_channel="")
    running = Runner(desk.store, jobs.JOBS, desk.gateway, desk.clock, desk.profile, wiring=wiring)
    with desk.store.writing() as session:
        all_jobs.enqueue(session, jobs.PEOPLE_REREAD, key="first", now=desk.clock.now())
    while running.turn():
        pass
    told = {row.destination for row in desk.told("people.staff_channel")}
    assert told == {desk.ws.person(handle).id for handle in ("lou", "ines")}
