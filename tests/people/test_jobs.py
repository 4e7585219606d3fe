"""Re-reading the staff channel and the people, against a strict Slack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.jobs import service as all_jobs
from copbot.jobs.tables import JobRow
from copbot.people import jobs
from copbot.people import service as people
from copbot.people.notices import NOTICES
from copbot.program.settings.service import choose
from copbot.slack.answers import Message, Nothing
from copbot.slack.errors import SlackError
from copbot.store import Store
from tests.people.given import NOW, again, person, slack_user
from tests.people.office import STAFF, Office, open_office


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    """On both databases."""
    with open_office(store) as opened:
        yield opened


@pytest.fixture
def desk(sqlite_store: Store) -> Iterator[Office]:
    """On SQLite: what Slack answers does not depend on the database."""
    with open_office(sqlite_store) as opened:
        yield opened


def test_staff_are_the_members_of_the_channel_that_is_named(office: Office) -> None:
    assert office.read_staff() == {"problem": "", "joined": 4, "left": 0}
    assert office.staff() == STAFF
    with office.store.reading() as session:
        assert people.notice_channel(session) == office.ws.channel("ta-staff").id
    assert office.told("people.staff_joined") == []  # the first reading is no news


@pytest.mark.parametrize("setting", ["#ta-staff", " ta-staff ", "id"])
def test_the_channel_is_named_in_any_way(desk: Office, setting: str) -> None:
    desk.setting = desk.ws.channel("ta-staff").id if setting == "id" else setting
    assert desk.read_staff()["problem"] == ""


def test_a_renamed_channel_stays_the_staff_channel_inv7(desk: Office) -> None:
    desk.read_staff()
    ident = desk.ws.channel("ta-staff").id
    desk.ws.admin.rename("ta-staff", "helpers")
    desk.ws.admin.add_channel("ta-staff", private=True, members=("kim", "bot"))
    desk.read_staff()
    with desk.store.reading() as session:
        assert people.notice_channel(session) == ident
    assert desk.staff() == STAFF


def test_joining_and_leaving_the_channel_is_noticed_and_leads_are_told(office: Office) -> None:
    office.read_staff()
    with office.store.writing() as session:
        boss = person(session, "U0BOSS", is_admin=True)
        ada = office.ws.person("ada").id
        people.name_leads(session, [ada], by=boss, now=NOW)
    office.ws.admin.invite("noor", "ta-staff")
    office.ws.admin.remove("ravi", "ta-staff")
    assert office.read_staff() == {"problem": "", "joined": 1, "left": 1}
    assert office.staff() == STAFF - {"ravi"} | {"noor"}
    assert [row.destination for row in office.told("people.staff_joined")] == [ada]


def test_many_who_join_the_staff_at_once_are_told_together(office: Office) -> None:
    office.read_staff()
    with office.store.writing() as session:
        ada = office.ws.person("ada").id
        people.name_leads(session, [ada], by=person(session, "U0BOSS", is_admin=True), now=NOW)
    for n in range(8):
        office.ws.admin.add_person(f"new{n}", f"New {n}")
        office.ws.admin.invite(f"new{n}", "ta-staff")
    assert office.read_staff()["joined"] == 8
    told = office.told("people.staff_joined")
    assert [row.destination for row in told] == [ada, ada]
    look = Look(office.profile, NOW, "uid")
    with office.store.reading() as session:
        drawn = [NOTICES["people.staff_joined"](session, Subject(row.subject), look) for row in told]
    shown = str(drawn)
    assert all(f"New {n}" in shown for n in range(8))
    assert shown.count("'people.exclude'") == 8


def test_whoever_is_made_a_lead_hears_of_it_once_and_an_administrator_not_of_themselves(
    office: Office,
) -> None:
    office.read_staff()
    ada, mei, ravi = (office.ws.person(handle).id for handle in ("ada", "mei", "ravi"))
    with office.store.writing() as session:
        boss = person(session, ravi, is_admin=True)
        people.name_leads(session, [ada, ravi], by=boss, now=NOW)
        people.name_leads(session, [ada, mei, ravi], by=boss, now=NOW + timedelta(hours=1))
    assert sorted(row.destination for row in office.told("people.named_lead")) == sorted([ada, mei])


def test_who_is_no_lead_any_more_is_not_told_that_they_are(desk: Office) -> None:
    desk.read_staff()
    ada = desk.ws.person("ada").id
    with desk.store.writing() as session:
        boss = person(session, "U0BOSS", is_admin=True)
        people.name_leads(session, [ada], by=boss, now=NOW)
    look = Look(desk.profile, NOW, "")
    with desk.store.writing() as session:
        drawn = NOTICES["people.named_lead"](session, Subject(f"user:{ada}"), look)
        assert isinstance(drawn, Message)
        assert "made you a lead" in drawn.text
        people.name_leads(session, [], by=boss, now=NOW)
        assert isinstance(NOTICES["people.named_lead"](session, Subject(f"user:{ada}"), look), Nothing)


def test_without_leads_administrators_hear_who_joined(desk: Office) -> None:
    desk.run(jobs.people_reread)
    desk.read_staff()
    desk.ws.admin.invite("noor", "ta-staff")
    desk.read_staff()
    desk.read_staff()
    assert len(desk.told("people.staff_joined")) == 2  # two administrators, each once


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda ws: ws.admin.make_public("ta-staff"), "public"),
        (lambda ws: ws.admin.invite("gus", "ta-staff"), "guests"),
        (lambda ws: ws.admin.invite("zed", "ta-staff"), "shared"),
        (lambda ws: ws.admin.archive("ta-staff"), "archived"),
        (lambda ws: ws.admin.remove("bot", "ta-staff"), "not_found"),
        (lambda ws: ws.admin.delete_channel("ta-staff"), "not_found"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unfit_channel_holds_requests_and_administrators_hear_why_once(
    desk: Office, spoil: Any, problem: str
) -> None:
    desk.run(jobs.people_reread)
    desk.read_staff()
    spoil(desk.ws)
    for _ in range(2):
        assert desk.read_staff()["problem"] == problem
    with desk.store.reading() as session:
        assert people.notice_channel(session) is None
    assert [row.subject for row in desk.told("people.staff_channel")] == [f"staff_channel:{problem}"] * 2
    assert desk.staff() == STAFF  # the old list stands


def test_nobody_becomes_staff_while_others_can_read_the_channel_but_who_left_is_gone_inv7(
    desk: Office,
) -> None:
    desk.read_staff()
    desk.ws.admin.make_public("ta-staff")
    desk.ws.admin.invite("noor", "ta-staff")
    desk.ws.admin.remove("mei", "ta-staff")
    desk.read_staff()
    assert desk.staff() == STAFF - {"mei"}


def test_when_a_problem_is_over_the_message_about_it_says_so(desk: Office) -> None:
    desk.run(jobs.people_reread)
    desk.ws.admin.invite("gus", "ta-staff")
    desk.read_staff()
    desk.ws.admin.remove("gus", "ta-staff")
    assert desk.read_staff()["problem"] == ""
    assert [row.version for row in desk.told("people.staff_channel")] == [2, 2]
    assert desk.staff() == STAFF


def test_no_channel_at_all_is_told_as_soon_as_there_is_somebody_to_tell(desk: Office) -> None:
    desk.setting = ""
    assert desk.read_staff()["problem"] == "missing"
    assert desk.told("people.staff_channel") == []  # no administrator is known yet
    desk.run(jobs.people_reread)
    desk.read_staff()
    assert len(desk.told("people.staff_channel")) == 2


def test_a_channel_chosen_in_home_is_read_when_the_environment_names_none(desk: Office) -> None:
    desk.setting = ""
    with desk.store.writing() as session:
        boss = person(session, "U0BOSS", is_admin=True)
        people.choose_staff_channel(session, desk.ws.channel("ta-staff").id, by=boss, now=NOW)
    assert desk.problem() == "unchecked"
    assert desk.read_staff()["problem"] == ""
    assert desk.staff() == STAFF


def test_the_environment_beats_what_was_chosen(desk: Office) -> None:
    with desk.store.writing() as session:
        choose(session, "staff_channel", "C0OTHER", by="U0BOSS", now=NOW)
    desk.read_staff()
    with desk.store.reading() as session:
        assert people.notice_channel(session) == desk.ws.channel("ta-staff").id


@pytest.mark.parametrize(
    "method", ["conversations.list", "conversations.info", "conversations.members", "users.info"]
)
def test_a_reading_that_fails_anywhere_changes_nothing_and_is_told_inv7(desk: Office, method: str) -> None:
    desk.run(jobs.people_reread)
    if method in ("conversations.info", "conversations.members"):
        desk.read_staff()
    before = desk.staff()
    desk.ws.admin.remove("mei", "ta-staff")
    desk.ws.faults.add(method, "http_500")
    with pytest.raises(SlackError):
        desk.read_staff()
    assert desk.staff() == before
    assert [row.subject for row in desk.told("people.staff_unread")] == ["slack:http_500"] * 2
    assert desk.read_staff()["problem"] == ""
    assert desk.staff() == STAFF - {"mei"}


def test_a_failed_later_page_keeps_the_whole_old_list_inv7(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PAGE", 2)
    desk.read_staff()
    assert desk.staff() == STAFF  # put together from three pages
    desk.ws.admin.invite("noor", "ta-staff")
    desk.ws.faults.add("conversations.members", "http_500", match={"contains": "cursor"})
    with pytest.raises(SlackError):
        desk.read_staff()
    assert desk.staff() == STAFF
    desk.read_staff()
    assert desk.staff() == STAFF | {"noor"}


def test_being_told_to_slow_down_is_obeyed_and_not_a_failure(desk: Office) -> None:
    desk.ws.faults.add("conversations.members", "rate_limited", retry_after=1)
    assert desk.read_staff()["problem"] == ""
    assert desk.staff() == STAFF
    assert len(desk.ws.calls("conversations.members")) == 2


def test_a_missing_scope_is_told_by_its_name(desk: Office) -> None:
    desk.run(jobs.people_reread)
    desk.ws.faults.add("conversations.info", "refuse", error="missing_scope")
    with pytest.raises(SlackError):
        desk.read_staff()
    assert {row.subject for row in desk.told("people.staff_unread")} == {"slack:missing_scope"}


def test_flags_of_members_are_read_again_after_a_day(desk: Office) -> None:
    desk.read_staff()
    desk.ws.admin.deactivate("mei")
    desk.clock.at += timedelta(days=1)
    desk.read_staff()
    assert desk.staff() == STAFF - {"mei"}


def test_a_reread_learns_names_and_roles_of_known_people_and_of_administrators_only(office: Office) -> None:
    with office.store.writing() as session:
        person(session, office.ws.person("kim").id, "Old name")
    result = office.run(jobs.people_reread)
    assert result["looked_at"] > 10
    with office.store.reading() as session:
        kim = people.identify(session, office.ws.person("kim").id)
        assert kim is not None
        assert kim.name != "Old name"
        assert people.identify(session, office.ws.person("juno").id) is None
        assert len(people.admins(session, ())) == 2


def test_what_was_read_before_a_failed_page_is_kept(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "WHOLE_PAGE", 2)
    with desk.store.writing() as session:
        person(session, desk.ws.person("kim").id, "Old name")
    desk.ws.faults.add("users.list", "http_500", match={"contains": "cursor"})
    with pytest.raises(SlackError):
        desk.run(jobs.people_reread)
    with desk.store.reading() as session:
        kim = people.identify(session, desk.ws.person("kim").id)
    assert kim is not None
    assert kim.name != "Old name"


# --- what Slack does not say ------------------------------------------------------------------------------------


def answers(
    desk: Office, monkeypatch: pytest.MonkeyPatch, method: str, change: Any, *, only: str = ""
) -> None:
    """Slack's answers to a method are changed on their way; `only` those about this user."""
    call = desk.gateway.call

    def changed(name: str, /, **args: Any) -> dict[str, Any]:
        answer = call(name, **args)
        is_meant = name == method and (not only or args.get("user") == only)
        return change(answer) if is_meant else answer

    monkeypatch.setattr(desk.gateway, "call", changed)


def bare(_answer: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True}


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("conversations.info", bare),
        ("conversations.info", lambda told: {**told, "channel": {"id": told["channel"]["id"]}}),
        ("conversations.members", bare),
        ("conversations.members", lambda told: {**told, "members": None}),
        ("conversations.members", lambda told: {**told, "members": [*told["members"][:1], None]}),
        ("conversations.members", lambda told: {**told, "members": told["members"][:1], "has_more": True}),
        ("conversations.members", lambda told: {**told, "response_metadata": {"next_cursor": 5}}),
    ],
)
def test_an_answer_that_is_not_whole_changes_nothing_and_is_told_inv7(
    desk: Office, monkeypatch: pytest.MonkeyPatch, method: str, change: Any
) -> None:
    desk.run(jobs.people_reread)
    desk.read_staff()
    answers(desk, monkeypatch, method, change)
    with pytest.raises(SlackError):
        desk.read_staff()
    assert (desk.staff(), desk.problem()) == (STAFF, "")
    assert {row.subject for row in desk.told("people.staff_unread")} == {"slack:not_whole"}


@pytest.mark.parametrize("code", ["user_not_found", "user_not_visible"])
def test_one_member_whom_slack_does_not_know_holds_up_nobody_inv7(desk: Office, code: str) -> None:
    desk.read_staff()
    desk.ws.admin.invite("noor", "ta-staff")
    desk.ws.admin.invite("kim", "ta-staff")
    desk.ws.admin.remove("ravi", "ta-staff")
    desk.ws.faults.add("users.info", "refuse", error=code, match={"contains": desk.ws.person("noor").id})
    assert desk.read_staff() == {"problem": "", "joined": 1, "left": 1}
    assert desk.staff() == STAFF - {"ravi"} | {"kim"}
    assert desk.told("people.staff_unread") == []


@pytest.mark.parametrize("fault", ["http_500", "bare"])
def test_who_left_is_off_the_list_although_somebody_cannot_be_checked_inv7(
    desk: Office, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    desk.run(jobs.people_reread)
    desk.read_staff()
    desk.ws.admin.invite("noor", "ta-staff")
    desk.ws.admin.remove("ravi", "ta-staff")
    if fault == "bare":
        answers(desk, monkeypatch, "users.info", bare)
    else:
        desk.ws.faults.add("users.info", fault)
    with pytest.raises(SlackError):
        desk.read_staff()
    assert desk.staff() == STAFF - {"ravi"}
    assert len(desk.told("people.staff_unread")) == 2
    monkeypatch.undo()
    desk.read_staff()
    assert desk.staff() == STAFF - {"ravi"} | {"noor"}


def test_a_change_of_which_only_the_id_is_told_changes_nothing_inv7(desk: Office) -> None:
    gus = desk.ws.person("gus").id
    with desk.store.writing() as session:
        for user in (gus, "U0GONE"):
            person(session, user, is_restricted=user == gus, deleted=user != gus)
        for told in ({"id": gus}, {"id": "U0GONE"}, {"id": "U0NEW"}, {}, {"id": 5}):
            assert people.learn(session, [told], home_team="T0HOME", now=NOW) == 0
        assert again(session, person(session, gus, is_restricted=True)).is_guest
        found = people.identify(session, "U0GONE")
        assert found is not None
        assert found.refused
        assert people.identify(session, "U0NEW") is None
        assert people.identify(session, "U0NEW", {"id": "U0NEW"}, "T0HOME", now=NOW) is None


def test_a_new_name_is_drawn_again_where_the_old_one_stands(office: Office) -> None:
    with office.store.writing() as session:
        kim = person(session, "U0KIM", "Old name")
        people.learn(session, [slack_user("U0KIM", "Old name")], home_team="T0HOME", now=NOW)
        assert all_jobs.status(session, name=people.RENAMED) == ()
        people.learn(session, [slack_user("U0KIM", "New name")], home_team="T0HOME", now=NOW)
        [asked] = all_jobs.status(session, name=people.RENAMED)
        row = session.get_one(JobRow, asked.id)
        assert row.args == {"person": kim.id}
