"""Persons, staff, agencies and what a form remembers, on both databases."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from copbot.errors import InvalidInput, NotAllowed, NotFound
from copbot.people import service as people
from copbot.people.tables import AgencyRow, PersonRow
from copbot.people.values import Remembered, StaffChange
from copbot.program.settings.service import choice, choose
from copbot.store import Store
from tests.people.given import HOME, NOW, again, person, slack_user, staffed


def test_a_stranger_to_the_database_is_nobody_until_slack_tells(store: Store) -> None:
    with store.reading() as session:
        assert people.identify(session, "U0KIM") is None
    with store.writing() as session:
        made = people.identify(session, "U0KIM", slack_user("U0KIM", "Kim"), HOME, now=NOW)
    with store.reading() as session:
        found = people.identify(session, "U0KIM")
    assert found == made
    assert found is not None
    assert (found.name, found.tz, found.is_staff, found.refused) == ("Kim", "America/Chicago", False, None)


def test_what_slack_tells_later_replaces_what_it_told_before(store: Store) -> None:
    with store.writing() as session:
        first = person(session, "U0KIM", "Kim", is_admin=True)
        later = person(session, "U0KIM", "Kimberly", tz="Europe/Paris")
    assert (first.id, first.is_admin) == (later.id, True)
    assert (later.name, later.tz, later.is_admin) == ("Kimberly", "Europe/Paris", False)


def test_another_persons_user_object_is_not_taken_for_this_one(store: Store) -> None:
    with store.writing() as session:
        assert people.identify(session, "U0KIM", slack_user("U0OLLY"), HOME, now=NOW) is None
        assert people.identify(session, "U0OLLY") is None


@pytest.mark.parametrize(
    "mark", [{"deleted": True}, {"is_bot": True}, {"is_stranger": True}, {"team_id": "T0OTHER"}]
)
def test_people_who_may_use_nothing_here_carry_the_sentence_why_inv7(
    sqlite_store: Store, mark: dict[str, object]
) -> None:
    with sqlite_store.writing() as session:
        found = person(session, "U0KIM", **mark)
    assert found.refused is not None
    assert found.refused.endswith(".")


def test_the_named_administrators_replace_the_workspaces(store: Store) -> None:
    with store.writing() as session:
        person(session, "U0ADA", is_admin=True)
        person(session, "U0OWN", is_owner=True)
        person(session, "U0OLD", is_admin=True, deleted=True)
        person(session, "U0KIM")
        assert people.admins(session, ()) == ("U0ADA", "U0OWN")
        assert people.admins(session, ("U0KIM",)) == ("U0KIM",)
        ada = people.identify(session, "U0ADA", named=("U0KIM",))
    assert ada is not None
    assert not ada.is_admin


@pytest.mark.both_databases
def test_one_person_learned_from_two_threads_at_once_is_one_row(store: Store) -> None:
    start, found = threading.Barrier(2), []

    def learn() -> None:
        start.wait(5)
        with store.writing() as session:
            found.append(person(session, "U0KIM", "Kim"))

    threads = [threading.Thread(target=learn) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({each.id for each in found}) == 1


def test_a_reread_keeps_only_people_who_came_near_and_administrators(store: Store) -> None:
    with store.writing() as session:
        person(session, "U0KIM", "Kim")
        told = [slack_user("U0KIM", "Kimberly"), slack_user("U0NEW"), slack_user("U0ADA", is_admin=True), {}]
        assert people.learn(session, told, home_team=HOME, now=NOW, only_known=True) == 2
        assert people.learn(session, told, home_team=HOME, now=NOW, only_known=True) == 0
    with store.reading() as session:
        assert {row.name for row in session.scalars(select(PersonRow))} == {"Kimberly", "Ada"}


# Staff


def test_staff_are_listed_by_name_with_the_leads_marked(store: Store) -> None:
    staffed(store, "U0SAM", "U0PAT", "U0LEE", leads=("U0LEE",))
    with store.reading() as session:
        found = people.staff_list(session)
    assert [(each.name, each.is_lead) for each in found] == [("Lee", True), ("Pat", False), ("Sam", False)]


def test_entering_and_leaving_the_channel_changes_who_is_staff(store: Store) -> None:
    sam, pat = staffed(store, "U0SAM", "U0PAT")
    with store.writing() as session:
        person(session, "U0LEE")
        change = people.set_staff(session, ["U0PAT", "U0LEE"], NOW)
        assert change == StaffChange(joined=("U0LEE",), left=("U0SAM",))
        assert (again(session, sam).is_staff, again(session, pat).is_staff) == (False, True)
        assert people.set_staff(session, ["U0SAM", "U0PAT", "U0LEE"], NOW).joined == ("U0SAM",)
        assert again(session, sam).is_staff


def test_the_first_reading_says_so(store: Store) -> None:
    with store.writing() as session:
        person(session, "U0SAM")
        assert people.set_staff(session, ["U0SAM"], NOW).first
        assert not people.set_staff(session, ["U0SAM"], NOW).first


@pytest.mark.parametrize(
    "mark", [{"is_restricted": True}, {"is_bot": True}, {"deleted": True}, {"team_id": "T0OTHER"}]
)
def test_guests_bots_and_foreign_people_are_never_staff_inv7(
    sqlite_store: Store, mark: dict[str, object]
) -> None:
    staffed(sqlite_store, "U0SAM")
    with sqlite_store.writing() as session:
        odd = person(session, "U0ODD", **mark)
        people.set_staff(session, ["U0SAM", "U0ODD"], NOW)
        assert not again(session, odd).is_staff
        assert [each.user for each in people.staff_list(session)] == ["U0SAM"]


def test_staff_who_become_guests_lose_it_at_once_inv7(store: Store) -> None:
    (sam,) = staffed(store, "U0SAM", leads=("U0SAM",))
    assert sam.is_lead
    with store.writing() as session:
        sam = person(session, "U0SAM", is_restricted=True)
    assert not sam.is_staff
    assert not sam.is_lead
    with store.reading() as session:
        assert people.staff_list(session) == ()


@pytest.mark.parametrize("members", [[], ["U0GIL"], ["U0NOBODY"]])
def test_a_list_without_a_full_member_leaves_the_old_one_inv7(
    sqlite_store: Store, members: list[str]
) -> None:
    (sam,) = staffed(sqlite_store, "U0SAM")
    with sqlite_store.writing() as session:
        person(session, "U0GIL", is_restricted=True)
        assert people.set_staff(session, members, NOW).refused_reason == "empty"
        assert again(session, sam).is_staff


def test_a_lead_who_comes_back_is_a_lead_again(store: Store) -> None:
    sam, _ = staffed(store, "U0SAM", "U0PAT", leads=("U0SAM",))
    with store.writing() as session:
        people.set_staff(session, ["U0PAT"], NOW)
        assert not again(session, sam).is_lead
        people.set_staff(session, ["U0PAT", "U0SAM"], NOW)
        assert again(session, sam).is_lead


def test_only_administrators_name_leads_and_only_staff_become_one(store: Store) -> None:
    (sam,) = staffed(store, "U0SAM")
    with store.writing() as session:
        ada, kim = person(session, "U0ADA", is_admin=True), person(session, "U0KIM")
        with pytest.raises(NotAllowed):
            people.name_leads(session, ["U0SAM"], by=sam, now=NOW)
        leads = people.name_leads(session, ["U0SAM", "U0KIM"], by=ada, now=NOW)
        assert [each.user for each in leads] == ["U0SAM"]
        assert not again(session, kim).is_lead
        assert people.name_leads(session, [], by=ada, now=NOW) == ()


def test_a_lead_excludes_somebody_for_good(store: Store) -> None:
    sam, lee = staffed(store, "U0SAM", "U0LEE", leads=("U0LEE",))
    with store.writing() as session:
        with pytest.raises(NotAllowed):
            people.exclude(session, "U0LEE", by=sam, now=NOW)
        assert people.exclude(session, "U0SAM", by=lee, now=NOW)
        assert not people.exclude(session, "U0SAM", by=lee, now=NOW)
        with pytest.raises(NotFound):
            people.exclude(session, "<!channel>", by=lee, now=NOW)
        people.set_staff(session, ["U0SAM", "U0LEE"], NOW)
        assert not again(session, sam).is_staff


def test_only_somebody_of_the_staff_can_be_chosen(store: Store) -> None:
    (sam,) = staffed(store, "U0SAM")
    with store.writing() as session:
        kim = person(session, "U0KIM")
        assert people.staff_member(session, str(sam.id)) == sam.id
        assert people.staff_member(session, sam.user) == sam.id, "Slack's own list of people gives user ids"
        for chosen in (str(kim.id), kim.user, "", "x", "999"):
            with pytest.raises(InvalidInput) as refused:
                people.staff_member(session, chosen)
            assert set(refused.value.fields) == {"to"}


def test_requests_are_held_until_the_chosen_channel_has_been_read(store: Store) -> None:
    with store.writing() as session:
        ada, kim = person(session, "U0ADA", is_admin=True), person(session, "U0KIM")
        assert people.staff_channel(session).problem == "missing"
        with pytest.raises(NotAllowed):
            people.choose_staff_channel(session, "C0STAFF", by=kim, now=NOW)
        people.choose_staff_channel(session, "C0STAFF", by=ada, now=NOW)
        assert people.staff_channel(session).problem == "unchecked"
        assert people.notice_channel(session) is None
        people.set_staff_channel(session, "C0STAFF", "", now=NOW)
        assert people.notice_channel(session) == "C0STAFF"
        people.set_staff_channel(session, "C0STAFF", "guests", now=NOW)
        assert people.notice_channel(session) is None


# Agencies


def test_one_agency_whatever_its_spelling(store: Store) -> None:
    with store.writing() as session:
        first = people.agency_named(session, "  Dane   Drop-in ")
        assert first.name == "Dane Drop-in"
        assert people.agency_named(session, "DANE DROP IN") == first
        assert people.agency_found(session, "dane drop-in") == first
        assert people.agency_found(session, "Dane") is None
        assert people.agency_known(session, first.id) == first
        assert people.agency_known(session, 10**30) is None, "no form of ours holds such a number"
        assert session.scalar(select(func.count(AgencyRow.id))) == 1


@pytest.mark.both_databases
def test_an_agency_added_by_two_at_once_is_one(store: Store) -> None:
    start, found = threading.Barrier(2), []

    def add(name: str) -> None:
        start.wait(5)
        with store.writing() as session:
            found.append(people.agency_named(session, name))

    threads = [threading.Thread(target=add, args=(name,)) for name in ("Dane Drop-in", "dane drop in")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({each.id for each in found}) == 1


@pytest.mark.parametrize("name", ["", "🙂", "x" * 121])
def test_an_agency_needs_a_name_that_fits(sqlite_store: Store, name: str) -> None:
    with sqlite_store.writing() as session, pytest.raises(InvalidInput) as refused:
        people.agency_named(session, name)
    assert set(refused.value.fields) == {"agency"}


@pytest.mark.both_databases
def test_agencies_are_found_by_words_beginnings_and_near_spellings(store: Store) -> None:
    with store.writing() as session:
        for name in ("Hope House", "House of Hope", "New Hope Clinic", "Vivent Health", "100% Café"):
            people.agency_named(session, name)
    with store.reading() as session:

        def found(words: str) -> list[str]:
            return [agency.name for agency in people.agencies_like(session, words)]

        assert found("hope")[:3] == ["Hope House", "House of Hope", "New Hope Clinic"]
        assert set(found("house hope")[:2]) == {"Hope House", "House of Hope"}
        assert found("vivant helth") == ["Vivent Health"]
        assert found("cafe") == ["100% Café"]
        assert found("%") == found("")
        assert found("zzzzzz") == []


def test_without_words_the_most_used_agencies_come_first(store: Store) -> None:
    with store.writing() as session:
        rare, common = people.agency_named(session, "Rare"), people.agency_named(session, "Common")
        unused = people.agency_named(session, "Abc unused")
        for user, agency in (("U0A", common), ("U0B", common), ("U0C", rare)):
            who = person(session, user)
            people.remember(session, who.id, agency_id=agency.id, not_agency=False, areas=())
        session.flush()
        assert people.agencies_like(session, " ") == (common, rare, unused)


def test_never_more_than_25_are_offered(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        for number in range(40):
            people.agency_named(session, f"Hope {number:02d}")
        assert len(people.agencies_like(session, "hope")) == 25
        assert len(people.agencies_like(session, "")) == 25


def test_what_a_form_told_is_there_for_the_next_one(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        assert people.remembered(session, kim.id) == Remembered()
        agency = people.agency_named(session, "Dane Drop-in")
        people.remember(session, kim.id, agency_id=agency.id, not_agency=False, areas=("a", "b"))
    with store.writing() as session:
        person(session, "U0KIM", "Renamed")
    with store.reading() as session:
        assert people.remembered(session, kim.id) == Remembered(agency, False, ("a", "b"))


def test_asking_once_for_another_agency_moves_nobody(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        own, other = people.agency_named(session, "Own"), people.agency_named(session, "Other")
        people.remember(session, kim.id, agency_id=own.id, not_agency=False, areas=["wi-dane"])
        people.remember(session, kim.id, agency_id=other.id, not_agency=False, areas=["wi-rock"])
        people.remember(session, kim.id, agency_id=None, not_agency=True, areas=[])
        assert people.remembered(session, kim.id) == Remembered(own, False, ("wi-dane",))
        lee = person(session, "U0LEE")
        people.remember(session, lee.id, agency_id=None, not_agency=True, areas=[])
        people.remember(session, lee.id, agency_id=other.id, not_agency=False, areas=["wi-rock"])
        assert people.remembered(session, lee.id) == Remembered(None, True, ("wi-rock",))


# Choices


def test_a_choice_is_kept_with_who_and_when_and_changes_only_when_it_does(store: Store) -> None:
    with store.writing() as session:
        assert choice(session, "leads") is None
        assert choice(session, "leads", ["x"]) == ["x"]
        assert choose(session, "leads", ["U1"], by="U0ADA", now=NOW)
        assert not choose(session, "leads", ["U1"], by="U0SAM", now=NOW)
    with store.writing() as session:
        assert choice(session, "leads") == ["U1"]
        assert choose(session, "leads", [], by="U0SAM", now=NOW)
    with store.reading() as session:
        assert choice(session, "leads", ["x"]) == []
