"""What is just allowed and just not: days away, numbers, names; and whom lists of people leave out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.errors import NotFound
from copbot.people import rules, service, tables
from copbot.people.rules import LONGEST_AWAY, LONGEST_NOTE, LONGEST_ROLE, MOST_CAPACITY, MOST_NAMED
from copbot.people.staff import service as staffing
from copbot.program.profile import load
from copbot.store import Store
from tests.days import DAY as TODAY
from tests.people.given import HOME, NOW, person, slack_user, staffed

WI = load()
DAY = timedelta(days=1)
STANDING = [(TODAY + 10 * DAY, TODAY + 12 * DAY)]


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        (TODAY, TODAY, []),
        (TODAY - 9 * DAY, TODAY, []),
        (TODAY - 9 * DAY, TODAY - DAY, ["last"]),
        (TODAY + DAY, TODAY, ["last"]),
        (TODAY + 13 * DAY, TODAY + 13 * DAY + LONGEST_AWAY, []),
        (TODAY + 13 * DAY, TODAY + 14 * DAY + LONGEST_AWAY, ["last"]),
        (TODAY + 8 * DAY, TODAY + 9 * DAY, []),
        (TODAY + 8 * DAY, TODAY + 10 * DAY, ["first"]),
        (TODAY + 12 * DAY, TODAY + 15 * DAY, ["first"]),
        (TODAY + 13 * DAY, TODAY + 15 * DAY, []),
        (TODAY + 11 * DAY, TODAY + 11 * DAY, ["first"]),
        (TODAY + 1 * DAY, TODAY + 20 * DAY, ["first"]),
    ],
)
def test_days_away_may_touch_others_and_not_overlap_them(first: date, last: date, fields: list[str]) -> None:
    assert list(rules.away_faults(first, last, "", STANDING, TODAY)) == fields


@given(st.integers(0, 40), st.integers(0, 10), st.integers(0, 40), st.integers(0, 10))
def test_days_away_are_refused_exactly_when_a_day_is_in_both(
    one: int, long: int, two: int, wide: int
) -> None:
    mine = {one + day for day in range(long + 1)}
    theirs = {two + day for day in range(wide + 1)}
    known = [(TODAY + two * DAY, TODAY + (two + wide) * DAY)]
    faults = rules.away_faults(TODAY + one * DAY, TODAY + (one + long) * DAY, "", known, TODAY)
    assert bool(faults) is bool(mine & theirs)


@pytest.mark.parametrize(("over", "fields"), [(0, []), (1, ["note"])])
def test_a_note_is_as_long_as_its_column(over: int, fields: list[str]) -> None:
    assert list(rules.away_faults(TODAY, TODAY, "x" * (LONGEST_NOTE + over), [], TODAY)) == fields


AREAS = [area.id for area in WI.areas]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"areas": AREAS[:MOST_NAMED]}, []),
        ({"areas": AREAS[: MOST_NAMED + 1]}, ["areas"]),
        ({"areas": AREAS[:1] * (MOST_NAMED + 1)}, []),
        ({"role": "x" * LONGEST_ROLE}, []),
        ({"role": "x" * (LONGEST_ROLE + 1)}, ["role"]),
        ({"role": "🩹" * (LONGEST_ROLE // 2)}, []),
        ({"role": "🩹" * (LONGEST_ROLE // 2 + 1)}, ["role"]),
        ({"language": "es"}, []),
        ({"language": ""}, []),
        ({"language": "pt-BR"}, []),
        ({"language": "es "}, ["language"]),
        ({"role": "", "areas": [], "topics": []}, []),
    ],
)
def test_what_a_person_says_of_themselves_just_fits_or_just_does_not(
    said: dict[str, Any], fields: list[str]
) -> None:
    given_ = {"areas": None, "topics": None, "role": None, "language": None} | said
    assert list(rules.profile_faults(WI, **given_)) == fields


@pytest.mark.parametrize(
    ("capacity", "fields"),
    [(None, []), (0, []), (MOST_CAPACITY, []), (-1, ["capacity"]), (MOST_CAPACITY + 1, ["capacity"])],
)
def test_staff_may_take_nothing_and_at_most_so_much(capacity: int | None, fields: list[str]) -> None:
    faults = rules.staff_faults(WI, topics=(), areas=(), languages=("en",), capacity=capacity)
    assert list(faults) == fields


KEYS = st.lists(st.text("abc ", min_size=1, max_size=8), max_size=8)


@given(st.text("abc ", max_size=6).map(str.strip), KEYS, st.integers(1, 5))
def test_what_is_offered_is_known_once_and_no_more_than_fits(words: str, keys: list[str], limit: int) -> None:
    names = list(enumerate(keys))
    found = rules.closest(words, names, limit)
    assert len(found) == len(set(found)) <= limit
    assert set(found) <= {ident for ident, _ in names}
    holding = [ident for ident, key in names if all(word in key for word in words.split())]
    assert set(holding) <= set(found) or len(found) == limit


@given(KEYS)
def test_pairs_that_are_alike_name_the_newer_first_and_each_pair_once(keys: list[str]) -> None:
    found = rules.alike(enumerate(keys))
    same = [sorted(key.split()) for key in keys]  # each is compared with the five nearest
    assert all(newer > older for newer, older in found)
    assert len(set(found)) == len(found)
    assert all((late, early) in found for late in range(len(keys)) for early in range(late)
               if keys[late] == keys[early] and same.count(same[late]) <= 4 and keys[late].strip())  # fmt: skip


# -- whom lists leave out


def learned(store: Store, *people: dict[str, Any]) -> None:
    with store.writing() as session:
        service.learn(session, people, home_team=HOME, now=NOW)


def test_administrators_who_have_left_or_are_no_people_are_told_nothing_inv7(sqlite_store: Store) -> None:
    flags: list[dict[str, Any]] = [
        {"is_admin": True}, {"is_owner": True}, {}, {"is_admin": True, "deleted": True},
        {"is_admin": True, "is_bot": True}, {"is_admin": True, "team_id": "T0OTHER"},
        {"is_owner": True, "is_stranger": True},
    ]  # fmt: skip
    learned(sqlite_store, *(slack_user(f"U{number}", **more) for number, more in enumerate(flags)))
    with sqlite_store.reading() as session:
        assert service.admins(session, ()) == ("U0", "U1")
        assert service.admins(session, ["U2"]) == ("U2",)


@pytest.mark.parametrize(
    ("more", "unfit"),
    [
        ({}, ""),
        ({"is_restricted": True}, "guests"),
        ({"is_restricted": True, "deleted": True}, ""),
        ({"team_id": "T0OTHER"}, "shared"),
        ({"team_id": "T0OTHER", "is_restricted": True}, "shared"),
        ({"is_stranger": True, "deleted": True}, ""),
        ({"is_bot": True}, ""),
    ],
)
def test_only_somebody_who_is_still_there_makes_a_channel_unfit_inv7(
    sqlite_store: Store, more: dict[str, Any], unfit: str
) -> None:
    learned(sqlite_store, slack_user("U0SAM"), slack_user("U1", **more))
    with sqlite_store.reading() as session:
        assert service.outsiders(session, ["U0SAM", "U1"]) == unfit


def test_who_comes_back_to_the_staff_is_on_it_since_then(sqlite_store: Store) -> None:
    staffed(sqlite_store, "U0SAM", "U0PAT")
    with sqlite_store.writing() as session:
        service.set_staff(session, ["U0PAT"], NOW + DAY)
        change = service.set_staff(session, ["U0PAT", "U0SAM"], NOW + 2 * DAY)
        assert (change.joined, change.left, change.first) == (("U0SAM",), (), False)
        found = {row.user: staff for row, staff in tables.active_staff(session)}
    assert (found["U0SAM"].since, found["U0SAM"].left_at) == (NOW + 2 * DAY, None)
    assert found["U0PAT"].since == NOW


def test_a_channel_newly_chosen_is_trusted_only_when_it_has_been_read_inv7(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        boss = person(session, "U0BOSS", is_admin=True)
        service.set_staff_channel(session, "C0OLD", "", now=NOW)
        assert service.notice_channel(session) == "C0OLD"
        service.choose_staff_channel(session, "C0NEW", by=boss, now=NOW)
        assert service.notice_channel(session) is None
        service.set_staff_channel(session, "C0NEW", "", now=NOW)
        assert service.notice_channel(session) == "C0NEW"


def test_who_has_left_the_staff_has_no_work_to_describe_inv7(sqlite_store: Store) -> None:
    (sam, _pat, lee) = staffed(sqlite_store, "U0SAM", "U0PAT", "U0LEE", leads=("U0LEE",))
    with sqlite_store.writing() as session:
        service.set_staff(session, ["U0PAT", "U0LEE"], NOW)
        for by in (lee, sam):
            with pytest.raises(NotFound):
                staffing.describe_staff(
                    session, sam.id, profile=WI, by=by, now=NOW, seen=1, topics=(), areas=()
                )
        with pytest.raises(NotFound):
            staffing.staff_facts(session, sam.id, profile=WI, now=NOW)
