"""Whatever stands in choices, profiles and agencies, Slack takes the screens that show it."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from copbot.home.settings import screens as choices_screen
from copbot.home.settings import staff_screens as channel_screens
from copbot.home.settings.listeners import FILE_EDITS
from copbot.home.settings.screens import ShownLine
from copbot.home.settings.staff_screens import StaffChannelStatus
from copbot.home.setup import screens as set_up_screen
from copbot.home.setup.screens import FailedJob, Health
from copbot.people.agencies import screens as agency_screens
from copbot.people.profiles import screens as profile_screens
from copbot.people.staff import screens as staff_screens
from copbot.people.values import Agency, AgencyFacts, Away, PersonProfile, StaffChannel, StaffFacts
from copbot.program.settings import editable, edits
from copbot.program.settings.edits import Edited
from copbot.sandbox.views import check_view
from copbot.slack.blocks import home, section
from tests.home.given import profile
from tests.people.given import NOW

HOSTILE = ("<!channel> & <@U1|x> *_~`", "\u202eabc", "\u0000\u200b", "👩‍👩‍👧" * 400, "w" * 3001, " ", "")
WORDS = st.sampled_from(HOSTILE) | st.text(max_size=200)
TOPICS = [topic.id for _, topics in profile().topics_in_groups() for topic in topics]
AREAS = [area.id for _, areas in profile().areas_in_groups() for area in areas]
PARTS = list(editable.editables(profile()).values())


def modal(view: dict[str, Any]) -> None:
    assert check_view(view, kind="modal") is None


def in_home(blocks: Any) -> None:
    assert check_view(home(list(blocks)), kind="home") is None


def called(user: str) -> str:
    return f"{user} {HOSTILE[0]}"


@st.composite
def edited(draw: st.DrawFn) -> Edited:
    part = draw(st.sampled_from(PARTS))
    value = draw(st.none() | st.fixed_dictionaries({each.name: WORDS for each in part.fields}))
    by = draw(st.sampled_from(("profile", "U1")))
    fixed = draw(st.booleans()) and value is not None
    return Edited(
        part.name,
        draw(WORDS),
        value,
        value or {},
        {},
        by,
        NOW,
        3,
        group=part.group,
        fields=part.fields,
        fixed_by_environment=fixed,
    )


@given(st.lists(edited(), max_size=60), st.integers(0, 3), WORDS)
def test_lists_of_choices_fit_inv12(parts: list[Edited], page: int, note: str) -> None:
    modal(choices_screen.group_view("Notices", parts, page=page, called=called, zone="UTC", note=note))
    lines = [ShownLine(part, True, date(2026, 1, 1), "U2", from_file=True) for part in parts]
    modal(choices_screen.lines_view(lines, page=page, called=called, note=note))


@given(edited(), WORDS, WORDS)
def test_the_form_of_a_choice_fits_also_after_a_conflict_inv12(part: Edited, typed: str, note: str) -> None:
    texts = {each.name: typed for each in part.fields}
    view = choices_screen.edit_form(
        part,
        texts=texts,
        seen=3,
        group=part.group,
        page=0,
        called=called,
        zone="UTC",
        note=note,
        instead=texts,
    )
    modal(view)


@given(st.lists(edited(), max_size=40), WORDS)
def test_what_differs_from_the_file_fits_inv12(parts: list[Edited], note: str) -> None:
    found = [choices_screen.difference(each, edits.PARTS.mark(each)) for each in parts]
    modal(FILE_EDITS.view(found, note))


@given(WORDS, st.lists(WORDS, max_size=30), st.integers(0, 40))
def test_set_up_and_health_fit_inv12(words: str, names: list[str], count: int) -> None:
    channel = StaffChannelStatus("C0STAFF99", words, False, count)
    steps = [
        set_up_screen.channel_step(channel),
        set_up_screen.leads_step(names),
        set_up_screen.zone_step(profile(), NOW, confirmed=False),
        set_up_screen.lines_step(count, count),
    ]
    in_home(set_up_screen.checklist(steps, profile()) or [section("Done.")])
    modal(channel_screens.channel_form(channel, may_change=True))
    place = StaffChannel("C0LEADS99", words)
    modal(channel_screens.leads_form(["U0KIM"], names, 1, channel=place, may_change=True))
    broken = tuple(FailedJob(number, words, "ABCDEF") for number in range(5))
    health = Health("SQLite", True, NOW, words, NOW, count, broken)
    in_home(set_up_screen.health(health, NOW, "UTC"))


@st.composite
def person(draw: st.DrawFn) -> PersonProfile:
    agency = draw(st.none() | st.builds(Agency, st.just(1), WORDS.filter(str.strip)))
    return PersonProfile(
        id=1,
        user="U0KIM",
        name=draw(WORDS),
        tz="America/Chicago",
        agency=agency,
        not_agency=draw(st.booleans()),
        areas=tuple(draw(st.lists(st.sampled_from(AREAS), max_size=20, unique=True))),
        role=draw(WORDS),
        topics=tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=20, unique=True))),
        language=draw(st.sampled_from(("", "es", "xx-XX"))),
        may_be_found=draw(st.booleans()),
        may_share=draw(st.booleans()),
    )


@given(person(), st.booleans())
def test_a_profile_fits_inv12(found: PersonProfile, guest: bool) -> None:
    in_home(profile_screens.about_you(found, profile()))
    modal(profile_screens.profile_form(found, profile(), is_guest=guest))


@st.composite
def staff(draw: st.DrawFn) -> StaffFacts:
    away = tuple(Away(each, NOW.date(), NOW.date(), draw(WORDS)) for each in range(draw(st.integers(0, 30))))
    return StaffFacts(
        id=1,
        user="U0SAM",
        name=draw(WORDS),
        tz="UTC",
        since=NOW,
        is_lead=draw(st.booleans()),
        lead_by="U1",
        lead_at=NOW,
        topics=tuple(draw(st.lists(st.sampled_from(TOPICS), unique=True))),
        areas=tuple(draw(st.lists(st.sampled_from(AREAS), max_size=20, unique=True))),
        languages=("es", "xx"),
        capacity=draw(st.none() | st.integers(0, 999)),
        backup=draw(st.none() | st.integers(2, 120)),
        away=away,
        away_now=bool(away),
        version=1,
    )


@given(staff(), WORDS, st.integers(1, 50), st.integers(0, 2))
def test_staffs_work_fits_inv12(found: StaffFacts, note: str, many: int, page: int) -> None:
    in_home(staff_screens.your_work(found, profile()))
    modal(staff_screens.staff_form(found, profile(), [(each, note) for each in range(2, 121)], own=False))
    modal(staff_screens.away_form(found, own=False, note=note))
    modal(staff_screens.all_staff([found] * many, profile(), page))


@given(WORDS.filter(str.strip), WORDS, st.lists(WORDS, max_size=30), st.none() | st.booleans())
def test_agencies_fit_inv12(name: str, note: str, also: list[str], eligible: bool | None) -> None:
    found = AgencyFacts(1, name, "no-such-kind", "no-such-area", eligible, 3, tuple(also))
    alike = [(Agency(1, name), Agency(2, name))] * 10
    modal(agency_screens.all_agencies([found] * 10, alike, profile(), next_=9, note=note))
    modal(agency_screens.agency_form(found, profile()))
    modal(agency_screens.merge_form(found, Agency(2, name), profile()))
