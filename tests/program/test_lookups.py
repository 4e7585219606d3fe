"""What a profile answers when asked for a topic, an area or a word."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from copbot.program.profile import Profile, State, load, shipped
from copbot.program.schema.areas import Area
from copbot.program.schema.vocabulary import StateWords
from tests.rows import for_each


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load()


def test_labels_are_found_by_id(profile: Profile) -> None:
    assert profile.topic_label("wound_care") == "Wound care"
    assert profile.kind_label("unsure") == "Not sure"
    assert profile.agency_kind_label("hospital") == "Hospital"
    assert profile.close_reason_label("completed") == "Completed"
    assert profile.by_when_label("two_weeks") == "Within 2 weeks"
    assert profile.area_label("wi-dane") == "Dane County"
    assert profile.area_label("nation-ho-chunk") == "Ho-Chunk Nation"
    assert profile.area_label("outside") == "Outside Wisconsin"


def test_an_id_the_profile_no_longer_has_is_shown_as_it_is(profile: Profile) -> None:
    """Rows outlive profiles: an old request must still be readable."""
    for label in (
        profile.topic_label,
        profile.kind_label,
        profile.agency_kind_label,
        profile.close_reason_label,
        profile.by_when_label,
        profile.area_label,
    ):
        assert label("gone_since") == "gone_since"
    for found in (profile.topic, profile.kind, profile.area, profile.close_reason, profile.hotline):
        assert found("gone_since") is None
    assert profile.region_of("gone_since") is None
    assert profile.topic_group("gone_since") is None


@for_each(
    ("area", "region"),
    [
        ("wi-dane", "wi-region-southern"),
        ("wi-region-western", "wi-region-western"),
        ("nation-oneida", None),
        ("statewide", None),
        ("outside", None),
    ],
)
def test_counties_and_regions_have_a_region_nations_and_wider_areas_none(
    profile: Profile, area: str, region: str | None
) -> None:
    assert profile.region_of(area) == region


def test_areas_stand_wide_first_then_nations_then_counties_by_region(profile: Profile) -> None:
    groups = profile.areas_in_groups()
    assert [heading for heading, _ in groups] == [
        "Statewide and regions",
        "Tribal nations",
        "Northeastern region",
        "Northern region",
        "Southeastern region",
        "Southern region",
        "Western region",
    ]
    wide = [area.id for area in groups[0][1]]
    assert (wide[0], wide[-1]) == ("statewide", "outside")
    assert {area.kind for area in groups[1][1]} == {"nation"}
    assert all(area.region == "wi-region-western" for area in groups[6][1])
    assert sum(len(areas) for _, areas in groups) == len(profile.areas)


@for_each(
    ("words", "topic"),
    [
        ("wound_care", "wound_care"),
        ("wound care", "wound_care"),
        ("Narcan for our front desk", "naloxone"),
        ("we need NALOXONE AND OVERDOSE RESPONSE training", "naloxone"),
        ("fentanyl test strips?", "drug_checking"),
        ("starting an SSP in our county", "ssp_start"),  # the longer name wins over "ssp"
        ("our ssp hours", "ssp_ops"),
        ("kitsune", None),  # whole words only
        ("narcan and housing and grants", None),  # not clear
        ("hello", None),
        ("", None),
        ("   ", None),
        ("💊", None),
    ],
)
def test_words_name_a_topic_or_none(profile: Profile, words: str, topic: str | None) -> None:
    found = profile.find_topic(words)
    assert (found.id if found else None) == topic


def test_a_word_that_two_topics_claim_names_neither(profile: Profile) -> None:
    group = profile.topics[0]
    twice = group.model_copy(
        update={"topics": tuple(topic.model_copy(update={"also": ("kits",)}) for topic in group.topics)}
    )
    unclear = profile.model_copy(update={"topics": (twice,)})
    assert unclear.find_topic("kits") is None
    assert unclear.find_topic("naloxone kits") is None
    assert unclear.find_topic("naloxone") == twice.topics[0]


@for_each(
    ("words", "areas"),
    [
        ("a training in Madison", ["wi-dane"]),
        ("dane county", ["wi-dane"]),
        ("APPLETON", ["wi-calumet", "wi-outagamie", "wi-winnebago"]),
        ("Eau Claire County and nothing else", ["wi-eau-claire"]),
        ("Portage County", ["wi-portage"]),
        ("Portage", ["wi-columbia"]),
        ("for the Ho-Chunk Nation", ["nation-ho-chunk"]),
        ("all of wisconsin please", ["statewide"]),
        ("St. Croix Falls", ["wi-polk"]),
        ("Saint Croix Falls", ["wi-polk"]),
        ("st croix falls", ["wi-polk"]),
        ("Prairie Du Chien", ["wi-crawford"]),
        ("prairie-du-chien", ["wi-crawford"]),
        ("LaCrosse", ["wi-la-crosse"]),
        ("supplies for DePere", ["wi-brown"]),
        ("lacrosse county", ["wi-la-crosse"]),
        ("Lac du Flambeau", ["nation-lac-du-flambeau"]),
        ("Ft. Atkinson", ["wi-jefferson"]),
        ("Fond du Lác", ["wi-fond-du-lac"]),
        ("nowhere", []),
        ("", []),
    ],
)
def test_words_name_areas_by_label_or_city(profile: Profile, words: str, areas: list[str]) -> None:
    assert sorted(area.id for area in profile.find_areas(words)) == sorted(areas)


@for_each(
    ("words", "place"),
    [
        ("Milwaukee", "wi-milwaukee"),
        ("a training in madison", "wi-dane"),
        ("supplies for our Madison clinic", "wi-dane"),
        ("dane county", "wi-dane"),
        ("superior training", None),
        ("Superior training", None),
        ("training near superior", "wi-douglas"),
        ("Whitewater", None),
        ("in Eau Claire", None),
        ("Eau Claire County", "wi-eau-claire"),
        ("in LaCrosse", "wi-la-crosse"),
        ("our lacrosse team", None),
        ("nowhere", None),
    ],
)
def test_one_place_is_meant_or_none(profile: Profile, words: str, place: str | None) -> None:
    found = profile.place_in(words)
    assert (found.id if found else None) == place


@for_each(
    ("words", "place"),
    [
        ("Kansas City", None),
        ("Jefferson City", None),
        ("Saint Louis", "mo-st-louis-city"),
        ("tutors in St. Louis", "mo-st-louis-city"),
        ("tutors in Hannibal", None),
        ("tutors in Ste Genevieve County", "mo-ste-genevieve"),
        ("tutors in Saint Genevieve County", "mo-ste-genevieve"),
        ("O\u2019Fallon", "mo-st-charles"),
        ("OFallon", "mo-st-charles"),
        ("tutors in o'fallon", "mo-st-charles"),
        ("tutors in Lees Summit", None),
    ],
)
def test_a_city_in_several_counties_fills_in_none(words: str, place: str | None) -> None:
    found = load(shipped() / "adult_reading_mo.yaml").place_in(words)
    assert (found.id if found else None) == place


@for_each(
    ("typed", "areas"),
    [
        ("Lees Summit", {"mo-jackson", "mo-cass"}),
        ("Lee\u2019s Summit", {"mo-jackson", "mo-cass"}),
        ("LEE'S SUM", {"mo-jackson", "mo-cass"}),
        ("st. genev", {"mo-ste-genevieve"}),
        ("sainte genev", {"mo-ste-genevieve"}),
        ("o fall", set()),
        ("ofall", {"mo-st-charles"}),
        ("jefferson ci", {"mo-cole", "mo-callaway"}),
    ],
)
def test_a_place_is_found_while_it_is_typed(typed: str, areas: set[str]) -> None:
    missouri = load(shipped() / "adult_reading_mo.yaml")
    assert {area.id for area in missouri.areas_like(typed)} == areas


def test_a_list_that_is_searched_shows_all_areas_before_anything_is_typed(profile: Profile) -> None:
    assert profile.areas_like("") == profile.areas
    assert "wi-portage" in {
        area.id for area in profile.areas_like("St")
    }  # Stevens Point, and whatever is St.


def test_an_option_names_towns_so_that_typing_one_finds_its_county(profile: Profile) -> None:
    dane = profile.area("wi-dane")
    assert dane is not None
    assert dane.option_text == "Dane County: Madison, Sun Prairie, Fitchburg, Middleton"
    long = Area(id="x", kind="county", label="L" * 60, group="g", cities=("Ten chars.", "Another one"))
    assert long.option_text == "L" * 60 + ": Ten chars."
    full = Area(id="x", kind="county", label="L" * 75, group="g", cities=("Town",))
    assert full.option_text == "L" * 75


def test_topics_know_their_group(profile: Profile) -> None:
    group = profile.topic_group("housing")
    assert group is not None
    assert (group.id, group.label) == ("people_place", "People and place")
    assert dict(profile.topics_in_groups())["People and place"] == group.topics


@for_each(
    ("state", "requester", "staff"),
    [
        ("new", "Received", "New"),
        ("triaged", "Received", "Looked at"),
        ("assigned", "Someone is on it", "Taken"),
        ("in_progress", "Someone is on it", "In progress"),
        ("waiting_requester", "Waiting for your answer", "Waiting for the requester"),
        ("waiting_partner", "Someone is on it", "Waiting for a partner"),
        ("delivered", "Done", "Done"),
        ("closed", "Done", "Closed"),
    ],
)
def test_each_state_has_a_word_for_each_reader(
    profile: Profile, state: State, requester: str, staff: str
) -> None:
    assert profile.requester_word(state) == requester
    assert profile.state_word(state) == staff


def test_every_state_has_a_word() -> None:
    assert set(StateWords.model_fields) == set(get_args(State))


def test_a_profile_cannot_be_changed(profile: Profile) -> None:
    with pytest.raises(ValidationError):
        profile.display_name = "Other"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        profile.topics[0].label = "Other"  # type: ignore[misc]
    assert isinstance(profile.topics, tuple)
    assert isinstance(profile.areas, tuple)
    assert hash(profile.hours) == hash(load().hours)


def test_a_changed_copy_answers_from_its_own_values(profile: Profile) -> None:
    assert profile.hours.time_zone == "America/Chicago"
    assert profile.area("wi-dane") is not None
    copy = profile.model_copy(update={"time_zone": "UTC", "areas": profile.areas[:1]})
    assert copy.hours.time_zone == "UTC"
    assert copy.area("wi-dane") is None
    assert profile.area("wi-dane") is not None


def test_the_hours_are_made_once(profile: Profile) -> None:
    assert profile.hours is profile.hours
    assert profile.hours.time_zone == "America/Chicago"
    assert [len(day) for day in profile.hours.week] == [1, 1, 1, 1, 1, 0, 0]
