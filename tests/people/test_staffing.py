"""What staff take and when they are away; leads named by whom; people who come and go. On both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.people.values import StaffFacts
from copbot.program.profile import load
from copbot.program.settings.service import chosen
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.days import DAY
from tests.people.given import NOW, again, person, staffed

WI = load()


def facts(session: Session, who: Person, now: datetime = NOW) -> StaffFacts:
    return staffing.staff_facts(session, who.id, profile=WI, now=now)


def takes(session: Session, who: Person, by: Person, *, seen: int = 1, **what: Any) -> StaffFacts:
    told = {"topics": ["naloxone"], "areas": ["wi-dane"], **what}
    return staffing.describe_staff(session, who.id, profile=WI, by=by, now=NOW, seen=seen, **told)


def away(
    session: Session, who: Person, first: date, last: date, *, by: Person | None = None, note: str = ""
) -> int:
    made = staffing.go_away(
        session, who.id, first=first, last=last, note=note, profile=WI, by=by or who, now=NOW
    )
    return made.id


def test_new_staff_take_everything_and_are_here(store: Store) -> None:
    mei, _ravi = staffed(store, "U0MEI", "U0RAVI")
    with store.reading() as session:
        found = facts(session, mei)
        assert [each.user for each in staffing.everyone(session, profile=WI, now=NOW)] == ["U0MEI", "U0RAVI"]
    assert (found.topics, found.areas, found.languages, found.capacity) == ((), (), (), None)
    assert (found.away, found.away_now, found.is_lead, found.since) == ((), False, False, NOW)


def test_staff_say_what_they_take_and_leads_say_it_for_them(store: Store) -> None:
    mei, ada = staffed(store, "U0MEI", "U0ADA", leads=("U0ADA",))
    with store.writing() as session:
        said = takes(session, mei, mei, topics=["naloxone", "naloxone"], languages=["es"], capacity=5)
        assert (said.topics, said.languages, said.capacity, said.version) == (("naloxone",), ("es",), 5, 2)
        changed = takes(session, mei, ada, seen=2, topics=[], areas=[], capacity=0)
    assert (changed.topics, changed.capacity) == ((), 0)


def test_nobody_else_says_it_inv7(store: Store) -> None:
    mei, ravi = staffed(store, "U0MEI", "U0RAVI")
    with store.writing() as session:
        kim = person(session, "U0KIM")
        for other in (ravi, kim):
            with pytest.raises(NotAllowed):
                takes(session, mei, other)
            with pytest.raises(NotAllowed):
                away(session, mei, DAY, DAY, by=other)
        with pytest.raises(NotFound):
            facts(session, kim)


@pytest.mark.both_databases
def test_who_saves_second_is_told(store: Store) -> None:
    mei, ada = staffed(store, "U0MEI", "U0ADA", leads=("U0ADA",))
    with store.writing() as session:
        takes(session, mei, mei)
        with pytest.raises(Conflict):
            takes(session, mei, ada, seen=1, topics=["housing"])
        assert facts(session, mei).topics == ("naloxone",)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"topics": ["none"]}, "topics"),
        ({"areas": ["nowhere"]}, "areas"),
        ({"languages": ["??"]}, "languages"),
        ({"capacity": -1}, "capacity"),
        ({"capacity": 1000}, "capacity"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_field(
    sqlite_store: Store, what: dict[str, Any], field: str
) -> None:
    (mei,) = staffed(sqlite_store, "U0MEI")
    with sqlite_store.writing() as session, pytest.raises(InvalidInput) as refused:
        takes(session, mei, mei, **what)
    assert list(refused.value.fields) == [field]


# --- away -----------------------------------------------------------------------------------------------------


def test_days_away_count_from_the_first_to_the_last(store: Store) -> None:
    mei, ravi = staffed(store, "U0MEI", "U0RAVI")
    with store.writing() as session:
        away(
            session, mei, DAY + timedelta(days=1), DAY + timedelta(days=3), note="  Conference \n in Madison "
        )
    seen = []
    with store.reading() as session:
        for day in range(6):
            now = NOW + timedelta(days=day)
            seen.append(
                (facts(session, mei, now).away_now, mei.id in staffing.away_now(session, profile=WI, now=now))
            )
            assert ravi.id not in staffing.away_now(session, profile=WI, now=now)
        assert facts(session, mei).away[0].note == "Conference in Madison"
        assert facts(session, mei, NOW + timedelta(days=4)).away == ()
    assert seen == [(each, each) for each in (False, True, True, True, False, False)]


def test_a_day_is_the_programmes_day(sqlite_store: Store) -> None:
    (mei,) = staffed(sqlite_store, "U0MEI")
    with sqlite_store.writing() as session:
        away(session, mei, DAY, DAY)
        late_evening = NOW + timedelta(hours=13.5)  # half past ten or eleven at night in Wisconsin
        assert staffing.away_now(session, profile=WI, now=late_evening) == {mei.id}
        after_midnight = late_evening + timedelta(hours=2)
        assert staffing.away_now(session, profile=WI, now=after_midnight) == frozenset()


@pytest.mark.parametrize(
    ("first", "last", "note", "field"),
    [
        (5, 4, "", "last"),
        (-3, -1, "", "last"),
        (0, 400, "", "last"),
        (11, 12, "", "first"),
        (9, 10, "", "first"),
        (0, 30, "", "first"),
        (0, 1, "x" * 201, "note"),
    ],
)
def test_days_that_cannot_be_are_refused_by_field(
    sqlite_store: Store, first: int, last: int, note: str, field: str
) -> None:
    (mei,) = staffed(sqlite_store, "U0MEI")
    with sqlite_store.writing() as session:
        away(session, mei, DAY + timedelta(days=10), DAY + timedelta(days=11))
        with pytest.raises(InvalidInput) as refused:
            away(session, mei, DAY + timedelta(days=first), DAY + timedelta(days=last), note=note)
        assert list(refused.value.fields) == [field]
        assert len(facts(session, mei).away) == 1


def test_coming_back_early_is_one_press_and_a_second_press_changes_nothing_inv3(store: Store) -> None:
    mei, ravi = staffed(store, "U0MEI", "U0RAVI")
    with store.writing() as session:
        ident = away(session, mei, DAY, DAY + timedelta(days=9))
        with pytest.raises(NotAllowed):
            staffing.come_back(session, ident, by=ravi, now=NOW)
        assert staffing.come_back(session, ident, by=mei, now=NOW) is True
        assert staffing.come_back(session, ident, by=mei, now=NOW) is False
        assert not facts(session, mei).away_now


# --- leads ----------------------------------------------------------------------------------------------------


def test_a_lead_knows_who_named_them_and_when(store: Store) -> None:
    ada, mei = staffed(store, "U0ADA", "U0MEI", leads=("U0ADA",))
    later = NOW + timedelta(days=1)
    with store.writing() as session:
        other = person(session, "U0BOSS", is_admin=True)
        people.name_leads(session, ["U0ADA", "U0MEI"], by=other, now=later)
        assert (facts(session, ada).lead_by, facts(session, ada).lead_at) == ("U0ADMIN", NOW)
        assert (facts(session, mei).lead_by, facts(session, mei).lead_at) == ("U0BOSS", later)
        people.name_leads(session, ["U0MEI"], by=other, now=later)
        assert (facts(session, ada).is_lead, facts(session, ada).lead_by) == (False, "")
        assert [lead.user for lead in people.leads(session)] == ["U0MEI"]


@pytest.mark.both_databases
def test_two_administrators_naming_leads_at_once(store: Store) -> None:
    staffed(store, "U0ADA", "U0MEI", leads=("U0ADA",))
    with store.writing() as session:
        boss = person(session, "U0BOSS", is_admin=True)
        seen = chosen(session, "leads")
        assert seen is not None
        people.name_leads(session, ["U0MEI"], by=boss, now=NOW, seen=seen.version)
        with pytest.raises(Conflict):
            people.name_leads(session, ["U0ADA"], by=boss, now=NOW, seen=seen.version)
        assert [lead.user for lead in people.leads(session)] == ["U0MEI"]


def test_the_last_lead_is_missed_however_they_went(store: Store) -> None:
    staffed(store, "U0ADA", "U0MEI")
    with store.writing() as session:
        assert not staffing.last_lead_left(session)  # nobody was ever named
    staffed(store, "U0ADA", "U0MEI", leads=("U0ADA",))
    with store.writing() as session:
        assert not staffing.last_lead_left(session)
        person(session, "U0ADA", deleted=True)
        assert staffing.last_lead_left(session)
        person(session, "U0ADA")
        assert not staffing.last_lead_left(session)
        people.set_staff(session, ["U0MEI"], NOW)
        assert staffing.last_lead_left(session)


def test_the_environments_channel_cannot_be_chosen_over(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        boss = person(session, "U0BOSS", is_admin=True)
        with pytest.raises(Conflict):
            people.choose_staff_channel(session, "C0NEW", by=boss, now=NOW, fixed="#ta-staff")
        assert people.staff_channel(session).id == ""


def test_whoever_did_something_has_a_name_for_a_sentence(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        person(session, "U0KIM", "Kim")
        named = [people.name_of(session, user) for user in ("U0KIM", "profile", "U0NOBODY")]
    assert named == ["Kim", "the program's file", "somebody else"]


# --- who comes and goes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [{"deleted": True}, {"is_restricted": True}, {"team_id": "T0OTHER"}])
def test_staff_who_go_lose_access_at_the_click_and_find_everything_again_inv7(
    store: Store, mark: dict[str, Any]
) -> None:
    (mei,) = staffed(store, "U0MEI", leads=("U0MEI",))
    with store.writing() as session:
        takes(session, mei, mei, capacity=3)
        away(session, mei, DAY, DAY)
        gone = person(session, "U0MEI", **mark)
        assert (gone.is_staff, gone.is_lead) == (False, False)
        assert staffing.everyone(session, profile=WI, now=NOW) == ()
        with pytest.raises(NotFound):
            takes(session, mei, mei, seen=2)
        with pytest.raises(NotAllowed):
            takes(session, mei, gone, seen=2)
    with store.writing() as session:
        back = person(session, "U0MEI", "Mei the second")
        found = facts(session, back)
    assert (back.id, back.is_staff, back.is_lead) == (mei.id, True, True)
    assert (found.name, found.topics, found.capacity, found.away_now) == (
        "Mei the second",
        ("naloxone",),
        3,
        True,
    )


def test_who_left_the_channel_and_came_back_takes_what_they_took(store: Store) -> None:
    mei, _ravi = staffed(store, "U0MEI", "U0RAVI")
    with store.writing() as session:
        takes(session, mei, mei, capacity=3)
        people.set_staff(session, ["U0RAVI"], NOW)
        assert not again(session, mei).is_staff
        people.set_staff(session, ["U0MEI", "U0RAVI"], NOW + timedelta(days=9))
        assert (facts(session, mei).capacity, facts(session, mei).topics) == (3, ("naloxone",))


def test_there_is_a_lead_as_long_as_one_of_them_is_a_full_member_inv7(store: Store) -> None:
    with store.writing() as session:
        assert not people.has_lead(session)
    staffed(store, "U0RAVI", "U0MEI", leads=("U0MEI",))
    for flag in (
        {},
        {"is_bot": True},
        {"is_restricted": True},
        {"deleted": True},
        {"team_id": "T0OTHER"},
        {},
    ):
        with store.writing() as session:
            person(session, "U0MEI", **flag)
            session.flush()
            assert people.has_lead(session) is bool(people.leads(session)) is (not flag)
