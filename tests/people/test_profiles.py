"""What people say of themselves and agreed to, and finding people by it; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from copbot.errors import InvalidInput, NotAllowed
from copbot.people import rules
from copbot.people import service as people
from copbot.people.profiles import service as profiles
from copbot.people.tables import PersonAreaRow, PersonTopicRow
from copbot.people.values import PersonProfile
from copbot.program.profile import load
from copbot.slack.person import Person
from copbot.store import Session, Store
from copbot.store.journal import JournalRow
from tests.people.given import NOW, again, person

WI = load()


def says(session: Session, who: Person, **what: Any) -> PersonProfile:
    return profiles.describe(session, who, profile=WI, now=NOW, **what)


def listed(session: Session, who: Person) -> tuple[set[str], set[str]]:
    """The person's topics and areas as they are searched."""
    topics = select(PersonTopicRow.topic).where(PersonTopicRow.person_id == who.id)
    areas = select(PersonAreaRow.area).where(PersonAreaRow.person_id == who.id)
    return set(session.scalars(topics)), set(session.scalars(areas))


def audience(store: Store, **wanted: Any) -> list[int]:
    with store.reading() as session:
        return list(profiles.audience(session, profile=WI, **wanted))


def test_somebody_new_has_said_nothing_yet(store: Store) -> None:
    with store.writing() as session:
        found = profiles.profile_of(session, person(session, "U0KIM", "Kim", tz="Europe/Paris").id)
    assert found == PersonProfile(
        found.id, "U0KIM", "Kim", "Europe/Paris", None, False, (), "", (), "", False, False
    )
    assert found.missing == ("agency", "areas", "role", "topics")


def test_what_is_said_is_kept_and_what_is_not_is_left(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        agency = people.agency_named(session, "Lakeside Exchange")
        says(session, kim, agency_id=agency.id, areas=["wi-dane", "wi-dane"], role="  Peer \n worker\0 ")
        said = says(session, kim, topics=["naloxone", "housing"], language="es")
    assert (said.agency, said.areas, said.role) == (agency, ("wi-dane",), "Peer worker")
    assert (said.topics, said.language, said.missing) == (("naloxone", "housing"), "es", ())


def test_each_can_be_taken_back(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        agency = people.agency_named(session, "Lakeside Exchange")
        says(
            session,
            kim,
            agency_id=agency.id,
            areas=["wi-dane"],
            role="Peer",
            topics=["naloxone"],
            language="es",
        )
        said = says(session, kim, not_agency=True, areas=[], role="", topics=[], language="")
        assert (said.agency, said.not_agency, said.areas) == (None, True, ())
        assert (said.role, said.topics, said.language) == ("", (), "")
        assert listed(session, kim) == (set(), set())
        back = says(session, kim, agency_id=agency.id)
    assert (back.agency, back.not_agency) == (agency, False)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"areas": ["nowhere"]}, "areas"),
        ({"areas": [area.id for area in WI.areas[:21]]}, "areas"),
        ({"topics": ["none"]}, "topics"),
        ({"role": "x" * 121}, "role"),
        ({"language": "English!"}, "language"),
        ({"agency_id": 4711}, "agency"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_changes_nothing(
    sqlite_store: Store, what: dict[str, Any], field: str
) -> None:
    with sqlite_store.writing() as session:
        kim = person(session, "U0KIM")
        before = says(session, kim, role="Peer", areas=["wi-dane"])
        with pytest.raises(InvalidInput) as refused:
            says(session, kim, **{"role": "Nurse", "topics": ["naloxone"], **what})
        assert field in refused.value.fields
        assert profiles.profile_of(session, kim.id) == before


def test_the_form_and_the_profile_remember_the_same(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        people.remember(session, kim.id, agency_id=None, not_agency=True, areas=["wi-dane", "wi-rock"])
        assert profiles.profile_of(session, kim.id).areas == ("wi-dane", "wi-rock")
        assert listed(session, kim)[1] == {"wi-dane", "wi-rock"}
        says(session, kim, areas=["wi-door"])
        assert people.remembered(session, kim.id).areas == ("wi-door",)
        assert listed(session, kim)[1] == {"wi-door"}


def test_changes_stand_in_the_journal_without_their_words_inv8(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        says(session, kim, role="A very private role")
        profiles.consent(session, kim, "found", given=True, now=NOW)
        rows = [(row.actor, row.subject, row.why) for row in session.scalars(select(JournalRow))]
    assert rows == [("U0KIM", f"person:{kim.id}", "described"), ("U0KIM", f"person:{kim.id}", "found given")]


# --- consent ----------------------------------------------------------------------------------------------


def test_consent_is_never_there_unasked_and_is_taken_back_at_once(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        assert profiles.consent(session, kim, "shares", given=False, now=NOW) is False
        assert profiles.consent(session, kim, "shares", given=True, now=NOW) is True
        assert profiles.consent(session, kim, "shares", given=True, now=NOW) is False
        said = profiles.profile_of(session, kim.id)
        assert (said.may_share, said.may_be_found) == (True, False)
    assert audience(store, agreed="shares") == [kim.id]
    assert audience(store, agreed="found") == []
    with store.writing() as session:
        profiles.consent(session, kim, "shares", given=False, now=NOW)
    assert audience(store, agreed="shares") == []


def test_guests_may_share_but_not_be_found(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        gus = person(session, "U0GUS", is_restricted=True)
        with pytest.raises(NotAllowed):
            profiles.consent(session, gus, "found", given=True, now=NOW)
        assert profiles.consent(session, gus, "shares", given=True, now=NOW)


# --- audience ---------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(store: Store) -> dict[str, int]:
    """Five people who differ in topic, area and the kind of their agency."""
    with store.writing() as session:
        ssp, clinic = (people.agency_named(session, name) for name in ("Lakeside Exchange", "North Clinic"))
        for agency, kind in ((ssp, "ssp"), (clinic, "clinic")):
            set_kind(session, agency.id, kind)
        said: dict[str, dict[str, Any]] = {
            "U0KIM": {"topics": ["naloxone", "housing"], "areas": ["wi-dane"], "agency_id": ssp.id},
            "U0JUNO": {"topics": ["naloxone"], "areas": ["wi-door"], "agency_id": clinic.id},
            "U0NOOR": {"topics": ["housing"], "areas": ["wi-dane", "wi-door"], "agency_id": ssp.id},
            "U0WIDE": {"topics": ["naloxone"], "areas": [STATE], "not_agency": True},
            "U0MUTE": {},
        }
        found = {}
        for user, what in said.items():
            who = person(session, user)
            says(session, who, **what)
            found[user] = who.id
        return found


STATE = next(area.id for area in WI.areas if area.kind == "statewide")
OUTSIDE = next(area.id for area in WI.areas if area.kind == "outside")
DANES_REGION = WI.region_of("wi-dane")


def set_kind(session: Session, agency_id: int, kind: str) -> None:
    from copbot.people.tables import AgencyRow

    session.get_one(AgencyRow, agency_id).kind = kind
    session.flush()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["U0KIM", "U0JUNO", "U0NOOR", "U0WIDE", "U0MUTE"]),
        ({"topics": ["naloxone"]}, ["U0KIM", "U0JUNO", "U0WIDE"]),
        ({"topics": ["naloxone", "housing"]}, ["U0KIM", "U0JUNO", "U0NOOR", "U0WIDE"]),
        ({"topics": ["none"]}, []),
        ({"areas": ["wi-dane"]}, ["U0KIM", "U0NOOR", "U0WIDE"]),
        ({"areas": [DANES_REGION]}, ["U0KIM", "U0NOOR", "U0WIDE"]),
        ({"areas": [STATE]}, ["U0KIM", "U0JUNO", "U0NOOR", "U0WIDE"]),
        ({"areas": [OUTSIDE]}, []),
        ({"areas": ["nowhere"]}, []),
        ({"kinds": ["ssp"]}, ["U0KIM", "U0NOOR"]),
        ({"kinds": ["ssp", "clinic"]}, ["U0KIM", "U0JUNO", "U0NOOR"]),
        ({"topics": ["naloxone"], "areas": ["wi-dane"]}, ["U0KIM", "U0WIDE"]),
        ({"topics": ["naloxone"], "areas": ["wi-dane"], "kinds": ["ssp"]}, ["U0KIM"]),
        ({"topics": ["housing"], "areas": ["wi-door"], "kinds": ["clinic"]}, []),
    ],
)
def test_an_audience_is_any_topic_and_any_area_and_any_kind(
    store: Store, crowd: dict[str, int], wanted: dict[str, Any], found: list[str]
) -> None:
    assert audience(store, **wanted) == [crowd[user] for user in found]


@pytest.mark.parametrize(
    "mark",
    [
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True},
        {"team_id": "T0OTHER"},
        {"deleted": True},
        {"is_bot": True},
    ],
)
def test_guests_strangers_and_the_deactivated_are_in_no_audience_inv7(
    store: Store, crowd: dict[str, int], mark: dict[str, Any]
) -> None:
    with store.writing() as session:
        profiles.consent(session, person(session, "U0KIM"), "found", given=True, now=NOW)
        person(session, "U0KIM", **mark)
    for wanted in (
        {},
        {"topics": ["naloxone"]},
        {"areas": ["wi-dane"]},
        {"kinds": ["ssp"]},
        {"agreed": "found"},
    ):
        assert crowd["U0KIM"] not in audience(store, **wanted)
    with store.writing() as session:
        back = person(session, "U0KIM")  # active again: everything they said is still there
        assert profiles.profile_of(session, back.id).topics == ("naloxone", "housing")
    assert crowd["U0KIM"] in audience(
        store, topics=["housing"], areas=["wi-dane"], kinds=["ssp"], agreed="found"
    )


def test_areas_reach_those_who_work_in_them_and_around_them() -> None:
    region = str(DANES_REGION)
    assert rules.areas_reached(WI, ["wi-dane"]) == {"wi-dane", region, STATE}
    assert rules.areas_reached(WI, [OUTSIDE]) == {OUTSIDE}
    assert rules.areas_reached(WI, [STATE]) == {area.id for area in WI.areas} - {OUTSIDE}
    counties = {area.id for area in WI.areas if area.region == region}
    assert rules.areas_reached(WI, [region]) == {region, STATE, *counties}
    nation = next(area.id for area in WI.areas if area.kind == "nation")
    assert rules.areas_reached(WI, [nation]) == {nation, STATE}
    assert rules.areas_reached(WI, ["nowhere"]) == rules.areas_reached(WI, []) == set()


# --- who comes and goes -------------------------------------------------------------------------------------


def test_a_new_name_keeps_the_person_and_what_they_said(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM", "Kim")
        says(session, kim, role="Peer")
        renamed = person(session, "U0KIM", "Kimberly")
        assert renamed.id == kim.id
        assert profiles.profile_of(session, kim.id).role == "Peer"
        assert again(session, kim).name == "Kimberly"
