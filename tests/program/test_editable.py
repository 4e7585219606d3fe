"""Parts of a profile as texts: taken out and put back the same, and refused in words a lead understands."""

from __future__ import annotations

from datetime import date

import pytest

from copbot.errors import InvalidInput
from copbot.program.profile import Profile, load, shipped
from copbot.program.settings import editable

BOTH = ["harm_reduction_wi.yaml", "adult_reading_mo.yaml"]


@pytest.fixture(params=BOTH)
def profile(request: pytest.FixtureRequest) -> Profile:
    return load(shipped() / request.param)


def put(name: str, /, **texts: str) -> Profile:
    profile = load()
    part = editable.find(profile, name)
    assert part is not None
    return editable.validate_and_apply(part, profile, {**part.read(profile), **texts})


def faults(name: str, /, **texts: str) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        put(name, **texts)
    assert refused.value.words in refused.value.fields.values()
    return refused.value.fields


def test_every_part_put_back_as_it_was_changes_nothing(profile: Profile) -> None:
    for part in editable.editables(profile).values():
        assert editable.validate_and_apply(part, profile, part.read(profile)) == profile, part.name


def test_every_part_is_found_by_its_name_with_fields_for_its_texts(profile: Profile) -> None:
    for name, part in editable.editables(profile).items():
        found = editable.find(profile, name)
        assert found is not None
        assert (found.name, found.group, found.label) == (name, part.group, part.label)
        assert {field.name for field in part.fields} <= part.read(profile).keys()
        assert all(field.label for field in part.fields)


def test_what_the_trade_calls_choices_is_all_there() -> None:
    names = editable.editables(load()).keys()
    single = {"contact", "time_zone", "business_hours", "holidays", "clocks"}
    notices = {f"notice.{name}" for name in ("client_data", "not_an_emergency", "eligibility", "funding")}
    assert single | notices <= names
    assert sum(name.startswith("hotline.") for name in names) == 5
    assert sum(name.startswith("topic.") for name in names) == 22
    assert sum(name.startswith("kind.") for name in names) == 9


@pytest.mark.parametrize("name", ["", "id", "topic.none", "kind.none", "hotline.", "commands", "topics"])
def test_what_is_no_part_is_not_found(name: str) -> None:
    assert editable.find(load(), name) is None


def test_texts_become_what_the_file_would_have_made_of_them() -> None:
    assert put("contact", phone=" 608-555-0199 ").contact.phone == "608-555-0199"
    assert put("time_zone", time_zone="America/Denver").hours.time_zone == "America/Denver"
    assert put("clocks", urgent="2 business hours").clocks.first_reply.urgent.amount == 2
    assert put("notice.funding", funding="Ours.\nAnd yours.").notices.funding == "Ours.\nAnd yours."
    assert put("topic.naloxone", label="Narcan").topic_label("naloxone") == "Narcan"
    assert put("kind.answer", label="An answer").kind_label("answer") == "An answer"
    line = put("hotline.crisis_988", name="Lifeline", note="").hotline("crisis_988")
    assert line is not None
    assert (line.name, line.note) == ("Lifeline", None)


def test_what_was_worked_out_from_old_values_goes_with_them() -> None:
    profile = load()
    assert "Naloxone and overdose response" in str(profile.topic_choices)
    part = editable.find(profile, "topic.naloxone")
    assert part is not None
    made = editable.validate_and_apply(part, profile, {"label": "Narcan"})
    assert ("Narcan", "naloxone") in made.topic_choices[0][1]
    assert made.find_topic("narcan for us") == made.topic("naloxone")
    assert [topic.id for group in made.topics for topic in group.topics] == [
        topic.id for group in profile.topics for topic in group.topics
    ]


def test_a_blank_day_is_closed_and_several_spans_are_kept() -> None:
    week = put("business_hours", monday="08:00-12:00,13:00-16:30", tuesday="").business_hours
    assert (week.monday, week.tuesday) == (((480, 720), (780, 990)), ())


def test_what_a_phone_or_word_processor_writes_is_read_like_plain_signs() -> None:
    assert put("contact", phone="608\u2011555\u20130199").contact.phone == "608-555-0199"
    assert put("business_hours", monday="8am\u201112pm").business_hours.monday == ((480, 720),)
    made = put("holidays", extra="2026\u201311\u201327 Eve", removed="New Year\u2019s Day").holidays
    assert str(made.extra[0].day) == "2026-11-27"
    assert made.closed_days().name_on(date(2027, 1, 1)) is None


def test_closed_days_are_lines() -> None:
    made = put(
        "holidays", extra="2026-11-27 Day after Thanksgiving\n\n 12-24  Eve", removed="Christmas day"
    ).holidays
    assert [(str(day.day), day.name) for day in made.extra] == [
        ("2026-11-27", "Day after Thanksgiving"),
        ("12-24", "Eve"),
    ]
    assert made.removed == ("Christmas day",)
    assert (made.country, made.subdivision) == ("US", "WI")


@pytest.mark.parametrize(
    ("name", "texts", "words"),
    [
        ("contact", {"phone": "call us"}, {"phone": "“call us” is not a phone number: write one such as 608-555-0100."}),
        ("contact", {"phone": "", "email": ""}, {"phone": "Please fill this in.", "email": "Please fill this in."}),
        ("time_zone", {"time_zone": "America/Chicgo"}, {"time_zone": "“America/Chicgo” is not a time zone: did you mean “America/Chicago”?"}),
        ("clocks", {"usual": "soon"}, {"usual": "This is not a length of time: write it as 4 business hours or 1 business day."}),
        ("notice.funding", {"funding": "x" * 1001}, {"funding": "This is too long: Slack takes at most 1000 characters here; shorten it."}),
        ("topic.naloxone", {"label": "a\nb"}, {"label": "This has a line break in it: write it on one line."}),
        ("kind.answer", {"label": ""}, {"label": "Please fill this in."}),
        ("hotline.new", {"name": "A"}, {"number": "Please fill this in.", "text": "Please fill this in.", "source": "Please fill this in."}),
        ("holidays", {"extra": "11-27"}, {"extra": "“11-27” has no name: write the date and then its name."}),
        ("holidays", {"extra": "11-27 A\n13-01 B"}, {"extra": "Line 2 is not a day: write 2026-11-27 for one date, or 11-27 for that date in every year."}),
        ("holidays", {"removed": "Thanksgivin"}, {"removed": "No holiday is called “Thanksgivin”: did you mean “Thanksgiving Day”?"}),
    ],
)  # fmt: skip
def test_faults_are_told_by_field_in_plain_words(
    name: str, texts: dict[str, str], words: dict[str, str]
) -> None:
    assert faults(name, **texts) == words


def test_a_week_without_any_opening_is_refused() -> None:
    closed = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "closed")
    assert faults("business_hours", **closed) == {"monday": "This has no hours at all."}


def test_hours_that_run_backwards_name_their_day() -> None:
    assert list(faults("business_hours", wednesday="16:00-08:00", friday="9-5")) == ["wednesday", "friday"]


def test_a_programme_without_a_country_knows_no_holidays_to_work_on() -> None:
    profile = load()
    bare = profile.model_copy(
        update={"holidays": profile.holidays.model_copy(update={"country": None, "subdivision": None})}
    )
    part = editable.find(bare, "holidays")
    assert part is not None
    with pytest.raises(InvalidInput):
        editable.validate_and_apply(part, bare, {"extra": "", "removed": "Christmas Day"})
    assert editable.validate_and_apply(part, bare, {"extra": "", "removed": "12-25"}).holidays.removed == (
        "12-25",
    )
