"""The profiles and area files that come with the program."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from copbot.program.profile import DEFAULT_PROFILE, Profile, load, shipped
from copbot.program.schema.vocabulary import OPTIONS
from tests.databases import ROOT

SECOND = "adult_reading_mo.yaml"
BOTH = [DEFAULT_PROFILE, SECOND]
TEXTS = ROOT / "copbot" / "about" / "texts"


@pytest.fixture(params=BOTH)
def profile(request: pytest.FixtureRequest) -> Profile:
    return load(shipped() / request.param)


def test_the_default_is_the_shipped_one() -> None:
    profile = load()
    assert (profile.id, profile.display_name) == ("harm_reduction_wi", "TA Center")
    assert profile.commands.all() == ("/ta", "/community", "/resources", "/digest")


def test_every_shipped_profile_is_one_of_these_two() -> None:
    assert sorted(file.name for file in shipped().iterdir() if file.is_file()) == sorted(BOTH)


def test_the_default_has_the_topics_in_their_groups() -> None:
    groups = {group.id: [topic.id for topic in group.topics] for group in load().topics}
    assert groups == {
        "overdose": ["naloxone", "drug_checking", "supply_alert", "stimulants"],
        "services": ["ssp_start", "ssp_ops", "safer_use", "delivery"],
        "health": ["wound_care", "hiv_hcv_sti", "moud_linkage", "perinatal_youth"],
        "people_place": ["pwud_lead", "equity", "tribal", "housing"],
        "systems": ["justice_safety", "law_policy", "stigma_comms", "workforce", "org_money", "data_eval"],
    }
    assert sum(map(len, groups.values())) == 22


def test_the_default_has_the_kinds_reasons_and_agencies_of_the_trade() -> None:
    profile = load()
    kinds = ["unsure", "answer", "consult", "training", "review", "peer", "tool", "visit", "coaching"]
    assert [kind.id for kind in profile.kinds] == kinds
    assert [reason.id for reason in profile.close_reasons] == [
        "completed",
        "referred",
        "ineligible",
        "out_of_scope",
        "no_capacity",
        "withdrawn",
        "no_response",
        "duplicate",
    ]
    declines = [reason.id for reason in profile.close_reasons if reason.declined]
    assert declines == ["ineligible", "out_of_scope", "no_capacity"]
    assert [option.id for option in profile.by_when] == ["urgent", "two_weeks", "month", "flexible", "date"]
    assert len(profile.agency_kinds) == 12


def test_the_default_clocks_are_those_of_the_trade() -> None:
    clocks = load().clocks
    assert str(clocks.first_reply.urgent) == "4 business hours"
    assert str(clocks.first_reply.usual) == "1 business day"
    assert str(clocks.triage) == "2 business days"


def test_the_default_names_its_three_reporting_years() -> None:
    starts = {year.id: (year.starts.month, year.starts.day) for year in load().calendars}
    assert starts == {"calendar_year": (1, 1), "state_fiscal_year": (7, 1), "award_year": (9, 1)}


def test_requesters_read_four_words() -> None:
    words = load().words.requester_words
    four = (words.received, words.working, words.need_you, words.done)
    assert four == ("Received", "Someone is on it", "Waiting for your answer", "Done")


def test_wisconsin_has_72_counties_in_5_regions_and_11_nations() -> None:
    areas = load().areas
    assert Counter(area.kind for area in areas) == {
        "county": 72,
        "nation": 11,
        "region": 5,
        "statewide": 1,
        "outside": 1,
    }
    fips = [area.fips for area in areas if area.kind == "county"]
    # The state's numbers are odd from 1 to 141, but for Menominee, which was founded later: 78.
    assert sorted(map(str, fips)) == [f"55{n:03}" for n in sorted([*range(1, 142, 2), 78])]
    assert all(area.cities for area in areas if area.kind in ("county", "nation"))


def test_missouri_has_115_counties_in_groups_slack_can_show() -> None:
    profile = load(shipped() / SECOND)
    counties = [area for area in profile.areas if area.kind == "county"]
    assert len(counties) == 115
    assert len({area.fips for area in counties}) == 115
    assert {area.region for area in counties} == {area.id for area in profile.areas if area.kind == "region"}
    sizes = {heading: len(areas) for heading, areas in profile.areas_in_groups()}
    assert max(sizes.values()) == 25


@pytest.mark.parametrize(
    ("city", "counties"),
    [
        ("Kansas City", {"mo-jackson", "mo-clay", "mo-platte", "mo-cass"}),
        ("St. Louis", {"mo-st-louis-city"}),
        ("Columbia", {"mo-boone"}),
        ("Springfield", {"mo-greene"}),
        ("Jefferson City", {"mo-cole", "mo-callaway"}),
        ("Lee's Summit", {"mo-jackson", "mo-cass"}),
        ("Hannibal", {"mo-marion", "mo-ralls"}),
        ("Sikeston", {"mo-scott", "mo-new-madrid"}),
    ],
)
def test_the_guide_cities_lie_in_their_counties(city: str, counties: set[str]) -> None:
    areas = load(shipped() / SECOND).areas
    assert {area.id for area in areas if city in area.cities} == counties


@pytest.mark.parametrize(
    ("city", "counties"),
    [
        ("Whitewater", "walworth jefferson"),
        ("Wisconsin Dells", "columbia sauk adams juneau"),
        ("Eau Claire", "eau-claire chippewa"),
        ("New London", "waupaca outagamie"),
        ("Marshfield", "wood marathon"),
        ("Columbus", "columbia dodge"),
        ("Hartford", "washington dodge"),
        ("Burlington", "racine walworth"),
        ("Berlin", "green-lake waushara"),
        ("Brodhead", "green rock"),
        ("Kaukauna", "outagamie calumet"),
        ("Menasha", "winnebago calumet"),
    ],
)
def test_a_town_is_found_under_each_of_its_counties(city: str, counties: str) -> None:
    assert {area.id for area in load().areas if city in area.cities} == {
        f"wi-{each}" for each in counties.split()
    }


@pytest.mark.parametrize(
    ("city", "county", "region"),
    [
        ("Milwaukee", "wi-milwaukee", "wi-region-southeastern"),
        ("Madison", "wi-dane", "wi-region-southern"),
        ("Green Bay", "wi-brown", "wi-region-northeastern"),
        ("La Crosse", "wi-la-crosse", "wi-region-western"),
        ("Wausau", "wi-marathon", "wi-region-northern"),
        ("Superior", "wi-douglas", "wi-region-western"),
        ("Keshena", "wi-menominee", "wi-region-northeastern"),
    ],
)
def test_cities_counties_and_regions_fit_together(city: str, county: str, region: str) -> None:
    profile = load()
    area = profile.area(county)
    assert area is not None
    assert city in area.cities
    assert profile.region_of(county) == region


def test_ids_are_short_and_nothing_is_used_twice(profile: Profile) -> None:
    ids = [area.id for area in profile.areas]
    assert len(ids) == len(set(ids))
    assert max(map(len, ids)) <= 40


def test_slack_can_show_every_list(profile: Profile) -> None:
    labels = [group.label for group in profile.topics]
    labels += [topic.label for group in profile.topics for topic in group.topics]
    labels += [kind.label for kind in profile.kinds] + [area.option_text for area in profile.areas]
    assert all(1 <= len(label) <= 75 for label in labels)
    for groups in (profile.topics_in_groups(), profile.areas_in_groups()):
        assert 1 <= len(groups) <= OPTIONS
        assert all(1 <= len(heading) <= 75 and 1 <= len(entries) <= OPTIONS for heading, entries in groups)


def test_no_hotline_is_shipped_as_verified(profile: Profile) -> None:
    assert profile.hotlines
    assert all(hotline.last_verified is None and hotline.source for hotline in profile.hotlines)


def test_care_and_crisis_lines_are_there_with_both_circulating_numbers() -> None:
    lines = {hotline.id: hotline for hotline in load().hotlines}
    assert lines["crisis_988"].number == "988"
    assert lines["samhsa_helpline"].number == "800-662-4357"
    assert lines["never_use_alone"].number == "800-484-3731"
    assert "877-696-1996" in (lines["never_use_alone"].note or "")
    assert lines["wi_recovery_helpline"].number == "833-944-4673"
    assert "211" in (lines["wi_recovery_helpline"].text or "")


@pytest.mark.parametrize("name", BOTH)
def test_numbers_in_what_we_ship_have_no_one_in_front_at_which_they_could_break(name: str) -> None:
    texts = [(shipped() / name).read_text(), *(each.read_text() for each in TEXTS.iterdir())]
    assert [text for text in texts if re.search(r"\b1[-. (]+\d{3}", text)] == []


def test_what_the_program_has_to_check_is_marked_where_it_is_promised() -> None:
    lines = (shipped() / DEFAULT_PROFILE).read_text().splitlines()
    promises = ("  eligibility:", "business_hours:", "holidays:", "hotlines:", "fund_sources:")
    for promise in promises:
        at = lines.index(promise) if promise in lines else lines.index(f"{promise} >-")
        assert "PLEASE CHECK" in "\n".join(lines[at - 6 : at]), promise
    about = (TEXTS / "harm_reduction_wi.yaml").read_text()
    assert about.count("PLEASE CHECK") >= 2


def test_nations_have_their_full_names_and_the_file_says_to_ask_them() -> None:
    assert {area.label for area in load().areas if area.kind == "nation"} == {
        "Bad River Band of the Lake Superior Tribe of Chippewa Indians",
        "Forest County Potawatomi Community",
        "Ho-Chunk Nation",
        "Lac Courte Oreilles Band of Lake Superior Chippewa Indians of Wisconsin",
        "Lac du Flambeau Band of Lake Superior Chippewa Indians",
        "Menominee Indian Tribe of Wisconsin",
        "Oneida Nation",
        "Red Cliff Band of Lake Superior Chippewa Indians",
        "Sokaogon Chippewa Community (Mole Lake Band of Lake Superior Chippewa)",
        "St. Croix Chippewa Indians of Wisconsin",
        "Stockbridge-Munsee Community Band of Mohican Indians",
    }
    assert "Ask the nation" in (shipped() / "areas" / "wisconsin.yaml").read_text()


def test_other_words_for_topics_name_one_topic_only(profile: Profile) -> None:
    for group in profile.topics:
        for topic in group.topics:
            for word in (topic.label, *topic.also):
                assert profile.find_topic(word) == topic, word


def test_a_profile_beside_its_own_area_file_uses_that(tmp_path: Path) -> None:
    text = (shipped() / SECOND).read_text(encoding="utf-8")
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "ours.yaml").area_label("mo-boone") == "Boone County"
    (tmp_path / "areas").mkdir()
    own = (
        (shipped() / "areas" / "missouri.yaml")
        .read_text(encoding="utf-8")
        .replace("Boone County", "Our Boone")
    )
    (tmp_path / "areas" / "missouri.yaml").write_text(own, encoding="utf-8")
    assert load(tmp_path / "ours.yaml").area_label("mo-boone") == "Our Boone"


def test_profiles_load_from_any_kind_of_package(tmp_path: Path) -> None:
    """An installed program may lie in an archive."""
    archive = tmp_path / "copbot.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("ours.yaml", (shipped() / SECOND).read_text(encoding="utf-8"))
    place = zipfile.Path(archive, "ours.yaml")
    assert load(place).id == "adult_reading_mo"  # type: ignore[arg-type]
