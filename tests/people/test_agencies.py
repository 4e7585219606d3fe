"""Agencies as staff keep them, and two that turn out to be one; on both databases."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select

from copbot.assistance.tables import RequestRow
from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.people import rules
from copbot.people import service as people
from copbot.people.agencies import service as agencies
from copbot.people.agencies import tables
from copbot.people.tables import AgencyRow
from copbot.people.values import Agency, AgencyFacts
from copbot.program.profile import load
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.people.given import NOW, person, staffed

WI = load()


@pytest.fixture
def ada(store: Store) -> Person:
    return staffed(store, "U0ADA")[0]


def named(store: Store, *names: str) -> list[Agency]:
    with store.writing() as session:
        return [people.agency_named(session, name) for name in names]


def described(store: Store, ada: Person, agency: Agency, **what: Any) -> AgencyFacts:
    with store.writing() as session:
        return agencies.describe_agency(session, agency.id, profile=WI, by=ada, now=NOW, **what)


def merged(store: Store, ada: Person, goes: Agency, stays: Agency) -> AgencyFacts:
    with store.writing() as session:
        return agencies.merge(session, goes.id, into=stays.id, by=ada, now=NOW)


def asked_by(session: Session, who: Person, agency: Agency) -> int:
    row = RequestRow(
        form_key=f"form-{who.user}-{agency.id}",
        requester_id=who.id,
        agency_id=agency.id,
        kind="unsure",
        need="x",
        state="new",
        asked_at=NOW,
        first_reply_due=NOW,
    )
    session.add(row)
    session.flush()
    return row.id


def test_a_new_agency_is_of_no_kind_yet_and_nobody_has_said_whether_it_is_eligible(store: Store) -> None:
    (lake,) = named(store, "Lakeside Exchange")
    with store.reading() as session:
        facts = agencies.agency_facts(session, lake.id)
    assert facts == AgencyFacts(lake.id, "Lakeside Exchange", "other", "", None, 0, ())


def test_staff_say_kind_area_and_eligibility(store: Store, ada: Person) -> None:
    (lake,) = named(store, "Lakeside Exchange")
    described(store, ada, lake, kind="ssp", area="wi-dane")
    facts = described(store, ada, lake, eligible=False)
    assert (facts.kind, facts.area, facts.eligible) == ("ssp", "wi-dane", False)
    assert described(store, ada, lake, area="", eligible=True).area == ""


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"kind": "none"}, "kind"),
        ({"area": "nowhere"}, "area"),
        ({"name": "!!"}, "name"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_what_cannot_be_said_of_an_agency_is_refused_by_field(
    store: Store, ada: Person, what: dict[str, str], field: str
) -> None:
    (lake,) = named(store, "Lakeside Exchange")
    with pytest.raises(InvalidInput) as refused:
        described(store, ada, lake, **what)
    assert list(refused.value.fields) == [field]


def test_who_saves_a_form_that_is_older_than_the_agency_is_told(store: Store, ada: Person) -> None:
    (lake,) = named(store, "Lakeside Exchange")
    with store.reading() as session:
        seen = agencies.agency_facts(session, lake.id).state
    now = described(store, ada, lake, kind="ssp", seen=seen)
    with pytest.raises(Conflict):
        described(store, ada, lake, eligible=True, seen=seen)
    assert described(store, ada, lake, eligible=True, seen=now.state).eligible


def test_only_staff_change_agencies_inv7(store: Store, ada: Person) -> None:
    lake, north = named(store, "Lakeside Exchange", "North Clinic")
    with store.writing() as session:
        kim = person(session, "U0KIM")
    with pytest.raises(NotAllowed):
        described(store, kim, lake, kind="ssp")
    with pytest.raises(NotAllowed):
        merged(store, kim, lake, north)


def test_a_former_name_keeps_finding_the_agency(store: Store, ada: Person) -> None:
    (lake,) = named(store, "Lakeside Exchange")
    facts = described(store, ada, lake, name="Harbour Exchange")
    assert (facts.name, facts.also) == ("Harbour Exchange", ("Lakeside Exchange",))
    with store.writing() as session:
        assert people.agency_found(session, "lakeside exchange") == Agency(lake.id, "Harbour Exchange")
        assert people.agency_named(session, "Lakeside Exchange") == Agency(lake.id, "Harbour Exchange")
        assert people.agencies_like(session, "lakesid") == (Agency(lake.id, "Harbour Exchange"),)
        assert people.agencies_like(session, "exchange") == (Agency(lake.id, "Harbour Exchange"),)
        assert people.agencies_like(session, "") == (Agency(lake.id, "Harbour Exchange"),)


def test_an_agency_can_go_back_to_its_former_name(store: Store, ada: Person) -> None:
    (lake,) = named(store, "Lakeside Exchange")
    for name in ("Harbour Exchange", "Lakeside Exchange", "LAKESIDE exchange"):
        facts = described(store, ada, lake, name=name)
        assert facts.name == name
    assert facts.also == ("Harbour Exchange",)


def test_a_name_another_agency_has_is_refused(store: Store, ada: Person) -> None:
    lake, _north = named(store, "Lakeside Exchange", "North Clinic")
    with pytest.raises(InvalidInput) as refused:
        described(store, ada, lake, name="north  clinic")
    assert "merge them" in refused.value.fields["name"]


@pytest.mark.both_databases
def test_merging_moves_people_and_requests_in_one_go(store: Store, ada: Person) -> None:
    lake, lakes = named(store, "Lakeside Exchange", "Lakeside Exch.")
    with store.writing() as session:
        kim, noor = person(session, "U0KIM"), person(session, "U0NOOR")
        people.remember(session, kim.id, agency_id=lakes.id, not_agency=False, areas=[])
        people.remember(session, noor.id, agency_id=lake.id, not_agency=False, areas=[])
        request = asked_by(session, kim, lakes)
    facts = merged(store, ada, lakes, lake)
    assert (facts.id, facts.name, facts.people, facts.also) == (
        lake.id,
        "Lakeside Exchange",
        2,
        ("Lakeside Exch.",),
    )
    with store.writing() as session:
        assert people.remembered(session, kim.id).agency == lake
        assert session.get_one(RequestRow, request).agency_id == lake.id
        # A form that was open meanwhile still holds the old id, and somebody types the old name.
        assert people.agency_known(session, lakes.id) == lake
        assert people.agency_named(session, "lakeside exch") == lake
        assert people.agencies_like(session, "lakeside") == (lake,)
        assert [each.id for each in agencies.agencies(session).items] == [lake.id]


def test_every_table_that_points_to_agencies_is_moved() -> None:
    """The rooms above add tables; a column without a foreign key would be forgotten."""
    from copbot.store import Base
    from migrations.__main__ import every_table

    every_table()
    named_so = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name == "agency_id" or column.name.endswith("_agency_id")
    }
    pointing = {
        (table.name, key.parent.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "agencies"
    }
    assert named_so <= pointing


def test_what_only_the_one_had_goes_along_and_what_stands_stays(store: Store, ada: Person) -> None:
    lake, lakes = named(store, "Lakeside Exchange", "Lakeside Exch.")
    described(store, ada, lake, area="wi-dane")
    described(store, ada, lakes, kind="ssp", area="wi-rock", eligible=True)
    facts = merged(store, ada, lakes, lake)
    assert (facts.kind, facts.area, facts.eligible) == ("ssp", "wi-dane", True)


def test_merging_what_was_merged_leads_to_the_last_one(store: Store, ada: Person) -> None:
    first, second, third = named(store, "First", "Second", "Third")
    merged(store, ada, first, second)
    facts = merged(store, ada, second, third)
    assert set(facts.also) == {"First", "Second"}
    with store.reading() as session:
        assert {row.merged_into for row in session.scalars(select(AgencyRow)) if row.id != third.id} == {
            third.id
        }
        assert people.agency_known(session, first.id) == third
    (other,) = named(store, "Other")
    assert set(merged(store, ada, first, other).also) == {
        "First",
        "Second",
        "Third",
    }  # the one that stands for it


def test_an_agency_is_not_merged_into_itself_by_any_of_its_names(store: Store, ada: Person) -> None:
    lake, lakes = named(store, "Lakeside Exchange", "Lakeside Exch.")
    with pytest.raises(InvalidInput):
        merged(store, ada, lake, lake)
    merged(store, ada, lakes, lake)
    for goes, stays in ((lakes, lake), (lake, lakes)):
        with pytest.raises(InvalidInput):
            merged(store, ada, goes, stays)
    with pytest.raises(NotFound):
        merged(store, ada, lake, Agency(4711, "none"))


@pytest.mark.both_databases
def test_merging_both_ways_at_once_leaves_one(store: Store, ada: Person) -> None:
    lake, lakes = named(store, "Lakeside Exchange", "Lakeside Exch.")
    start, ends = threading.Barrier(2), []

    def run(goes: Agency, stays: Agency) -> None:
        start.wait(5)
        try:
            ends.append(merged(store, ada, goes, stays).id)
        except InvalidInput:
            ends.append(0)

    threads = [threading.Thread(target=run, args=pair) for pair in ((lake, lakes), (lakes, lake))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(ends)[0] == 0
    with store.reading() as session:
        assert [each.id for each in agencies.agencies(session).items] == [max(ends)]


def test_what_was_saved_for_the_old_one_meanwhile_is_gathered(store: Store, ada: Person) -> None:
    lake, lakes = named(store, "Lakeside Exchange", "Lakeside Exch.")
    merged(store, ada, lakes, lake)
    with store.writing() as session:
        kim = person(session, "U0KIM")
        people.remember(session, kim.id, agency_id=lakes.id, not_agency=False, areas=[])
        asked_by(session, kim, lakes)
    with store.writing() as session:
        assert tables.move_strays(session) == 2
        assert tables.move_strays(session) == 0
        assert people.remembered(session, kim.id).agency == lake


def test_agencies_are_listed_ten_a_page(store: Store, ada: Person) -> None:
    named(store, *(f"Agency {number:02d}" for number in range(23)))
    seen, after = [], None
    with store.reading() as session:
        while True:
            page = agencies.agencies(session, after=after)
            seen.append([each.name for each in page.items])
            after = page.next
            if after is None:
                break
    assert [len(names) for names in seen] == [10, 10, 3]
    assert [name for names in seen for name in names] == [f"Agency {number:02d}" for number in range(23)]


def compare(session: Session) -> None:
    names = agencies.names_to_compare(session)
    assert names
    agencies.keep_pairs(session, names, rules.alike(names), now=NOW)
    assert agencies.names_to_compare(session) == []


def test_what_was_saved_for_an_agency_merged_twice_goes_to_the_last(store: Store, ada: Person) -> None:
    one, two, three = named(store, "One", "Two", "Three")
    merged(store, ada, one, two)
    merged(store, ada, two, three)
    with store.writing() as session:
        kim = person(session, "U0KIM")
        people.remember(session, kim.id, agency_id=one.id, not_agency=False, areas=[])
        asked_by(session, kim, two)
    with store.writing() as session:
        assert tables.move_strays(session) == 2
        assert people.remembered(session, kim.id).agency == three


def test_names_spelt_nearly_the_same_are_offered_for_merging(store: Store, ada: Person) -> None:
    lake, north, lakes = named(store, "Lakeside Exchange", "North Clinic", "Lakeside Exchnge")
    with store.writing() as session:
        assert agencies.probably_the_same(session) == (), "not compared while somebody waits"
        compare(session)
        assert agencies.probably_the_same(session) == ((lakes, lake),)
    merged(store, ada, lakes, lake)
    with store.reading() as session:
        assert agencies.probably_the_same(session) == ()
    assert rules.alike([(north.id, "north clinic"), (lake.id, "lakeside")]) == []
