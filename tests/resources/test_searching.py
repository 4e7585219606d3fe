"""Searching as a person does it: by command, in the open view, on any words at all."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copbot.resources.index.rules import fold, for_fts5, forms, words_of
from copbot.resources.library import readers, tables
from copbot.resources.search import places, rules, service
from copbot.resources.search.screens import search_view
from copbot.sandbox.views import check_view
from copbot.slack.answers import Open, Options
from copbot.store import Store
from tests.resources.given import (
    MEMBER,
    NOW,
    PROFILE,
    STAFF,
    add,
    filled_in,
    knows_people,
    text_in,
    titles,
    uses,
    values_in,
)


@pytest.fixture
def filled(store: Store) -> Store:
    """A handful of resources in places near and far, and people who know each other."""
    knows_people(store)
    with store.writing() as session:
        for title, areas in (
            ("Test strips by mail", ()),
            ("Test strips across the state", ("statewide",)),
            ("Test strips in the region", ("wi-region-southern",)),
            ("Test strips in Portage", ("wi-columbia",)),
            ("Test strips in Milwaukee", ("wi-milwaukee",)),
        ):
            add(session, title, kind="service", areas=areas, phones=("608-555-0100",))
        add(session, "Naloxone basics", summary="Also known as Narcan", topics=("naloxone",))
        add(session, "Wound care", summary="Carry naloxone, too")
    return store


def test_test_strips_near_a_county_come_in_one_command_the_nearest_first_and_say_why(filled: Store) -> None:
    shown = uses(filled, "command", "resources", text="test strips columbia")
    assert isinstance(shown, Open)
    assert titles(shown) == [
        "Test strips in Portage",
        "Test strips in the region",
        "Test strips across the state",
        "Test strips by mail",
    ]
    for why in ("Columbia County", "Southern region", "Statewide", "National", "608-555-0100"):
        assert why in text_in(shown)


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["narcan", "nalxone", "NALOXONE!!", 'naloxone -"', "naloxone"])
def test_naloxone_comes_first_in_every_spelling(filled: Store, typed: str) -> None:
    assert titles(uses(filled, "command", "resources", text=typed))[0] == "Naloxone basics"


def test_what_was_searched_for_instead_is_said(filled: Store) -> None:
    assert "Showing results for naloxone" in text_in(uses(filled, "command", "resources", text="nalxone"))
    assert "Showing results" not in text_in(uses(filled, "command", "resources", text="naloxone"))
    misspelt = uses(filled, "command", "resources", text="test strips milwakee")
    assert titles(misspelt)[0] == "Test strips in Milwaukee"


@pytest.mark.both_databases
def test_words_that_nothing_has_together_are_given_up_the_commonest_first(filled: Store) -> None:
    shown = uses(filled, "command", "resources", text="wound care strips")
    assert titles(shown) == ["Wound care"]
    assert "Left out: strips" in text_in(shown)


def test_what_is_only_elsewhere_is_shown_as_that(filled: Store) -> None:
    with filled.writing() as session:
        add(session, "Food pantry", kind="service", areas=("wi-milwaukee",))
    shown = uses(filled, "command", "resources", text="food pantry columbia")
    assert titles(shown) == ["Food pantry"]
    assert "Nothing found for Columbia County" in text_in(shown)


def test_the_view_searches_again_narrowed_down_and_pages_on(filled: Store) -> None:
    with filled.writing() as session:
        for number in range(25):
            add(session, f"Handout {number}", kind="document")
    typed = filled_in(words="handout", kind="document")
    first = uses(filled, "view", "resources.search", form=typed)
    assert len(titles(first)) == 10
    assert values_in(first, "resources.page") == ["10"]
    last = uses(filled, "action", "resources.page", form=typed, value="20", in_modal=True)
    assert (len(titles(last)), values_in(last, "resources.page")) == (5, ["10"])
    assert (
        titles(uses(filled, "view", "resources.search", form=filled_in(words="handout", kind="service")))
        == []
    )
    there = uses(filled, "view", "resources.search", form=filled_in(words="strips", area="wi-milwaukee"))
    assert titles(there)[0] == "Test strips in Milwaukee"


def test_near_me_is_the_persons_own_area(filled: Store) -> None:
    from copbot.people.profiles import service as profiles

    with filled.writing() as session:
        profiles.describe(session, MEMBER, profile=PROFILE, now=NOW, areas=["wi-milwaukee"])
    assert (
        titles(uses(filled, "command", "resources", text="test strips near me"))[0]
        == "Test strips in Milwaukee"
    )


def test_somebody_who_may_need_care_reads_the_care_lines_first(filled: Store) -> None:
    shown = text_in(uses(filled, "command", "resources", text="someone is overdosing"))
    assert shown.index("Need help right now?") < shown.index('"words"')
    assert PROFILE.hotlines[0].number in shown
    assert "Need help right now?" not in text_in(
        uses(filled, "command", "resources", text="overdose training")
    )


def test_an_empty_library_says_so_and_keeps_nothing(store: Store) -> None:
    knows_people(store)
    shown = uses(store, "command", "resources", text="naloxone columbia")
    assert "still empty" in text_in(shown)
    assert values_in(shown, "resources.gap") == []


def test_what_is_missing_is_told_as_topic_and_area_and_never_as_typed(filled: Store) -> None:
    shown = uses(filled, "command", "resources", text="syringe disposal columbia")
    [value] = values_in(shown, "resources.gap")
    assert value == "ssp_ops|wi-columbia"
    for in_modal in (True, False):
        uses(filled, "action", "resources.gap", value=value, in_modal=in_modal)
    with filled.reading() as session:
        month = readers.month_of(PROFILE, NOW)
        assert tables.gap_count(session, month, "ssp_ops", "wi-columbia") == 2


def test_areas_are_found_by_county_and_by_town() -> None:
    from copbot.resources.search.screens import area_options

    for typed in ("colum", "Portage"):
        assert "wi-columbia" in [each["value"] for each in area_options(typed, PROFILE)]
    assert 0 < len(area_options("", PROFILE)) <= 100


def test_the_area_field_asks_while_one_types(filled: Store) -> None:
    assert isinstance(uses(filled, "options", "resources.area", text="dane"), Options)


@pytest.mark.parametrize(
    ("typed", "areas"),
    [
        ("naloxone columbia", ("wi-columbia",)),
        ("columbia county naloxone", ("wi-columbia",)),
        ("naloxone in Baraboo", ("wi-sauk",)),
        ("naloxone in Portage", ("wi-portage", "wi-columbia")),
        ("shelter appleton", ("wi-calumet", "wi-outagamie", "wi-winnebago")),
        ("grant writing", ()),
        ("training near grant", ("wi-grant",)),
        ("statewide law", ("statewide",)),
        ("st. croix county", ("wi-st-croix",)),
        ("naloxone Saint Croix County", ("wi-st-croix",)),
        ("naloxone in ft atkinson", ("wi-jefferson",)),
        ("naloxone LaCrosse", ("wi-la-crosse",)),
        ("rock", ("wi-rock",)),
    ],
)
def test_places_are_heard_in_a_search(typed: str, areas: tuple[str, ...]) -> None:
    everyday = frozenset(rules.lexicon_of(PROFILE).topics)
    assert places.named_in(words_of(typed), PROFILE, everyday).areas == areas


def test_a_region_holds_its_counties_and_the_state_its_regions() -> None:
    here, region, state, wide = rules.tiers(("wi-region-southern",), PROFILE)
    assert "wi-columbia" in here
    assert (region, state, wide) == ((), ("statewide",), ("national",))
    assert "wi-region-southern" in rules.tiers(("statewide",), PROFILE)[0]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  St. Louis,  MO ", "st louis mo"),
        ("Señor Núñez", "senor nunez"),
        ("24/7", "24 7"),
        ("people's", "peoples"),
        ("NEAR(a:b)", "near a b"),
        ("naïve ﬁle ½", "naive file 1 2"),
        ("\x00\ud800🩹", ""),
    ],
)
def test_text_is_folded_to_plain_words(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("word", "other"),
    [("strips", "strip"), ("policy", "policies"), ("class", "classes"), ("box", "boxes"), ("24", "")],
)
def test_singular_and_plural_find_each_other(word: str, other: str) -> None:
    assert set(forms(word)) == {word, *([other] if other else [])}


HOSTILE = [
    'naloxone -"',
    '"',
    "st. louis",
    "NEAR(",
    "a:b",
    "24/7",
    "*",
    "OR",
    "not",
    "title:x",
    "'); DROP TABLE",
    "\x00",
]


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", HOSTILE)
def test_no_words_are_an_operator(filled: Store, typed: str) -> None:
    with filled.reading() as session:
        service.search(session, typed, profile=PROFILE)


@pytest.mark.both_databases
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.one_of(
        st.text(max_size=200),
        st.sampled_from(HOSTILE).flatmap(lambda each: st.text(max_size=9).map(each.__add__)),
    )
)
def test_whatever_is_typed_is_answered_with_a_view_that_slack_takes(filled: Store, typed: str) -> None:
    with filled.reading() as session:
        found = service.search(session, typed, profile=PROFILE, person=STAFF)
    assert check_view(search_view(typed, found, PROFILE), kind="modal") is None
    assert '"' not in fold(typed)
    assert for_fts5([rules.area_term(("wi-dane",))]) == '(marks : ("areawi0dane"))'
