"""A faulty profile is refused with file, line, field, what is wrong and what would be right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from copbot.errors import Misconfigured
from copbot.program.profile import Profile, ProfileFault, load, shipped
from copbot.program.schema.faults import ProfileFaultLine
from tests.rows import for_each

GOOD = (shipped() / "adult_reading_mo.yaml").read_text(encoding="utf-8")
AREAS = (shipped() / "areas" / "missouri.yaml").read_text(encoding="utf-8")

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "ours.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def faults_of(path: Path) -> tuple[ProfileFaultLine, ...]:
    with pytest.raises(ProfileFault) as refused:
        load(path)
    return refused.value.faults


def faults_or_none(path: Path) -> tuple[ProfileFaultLine, ...]:
    try:
        load(path)
    except ProfileFault as refused:
        return refused.faults
    return ()


def only_fault(path: Path) -> ProfileFaultLine:
    faults = faults_of(path)
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


# What stands in the good file; what stands there instead, with «» around what the line number points at;
# field, what is wrong, what would be right.
EDITS = [
    ("id: adult_reading_mo", "«id»: Adult Reading", "id", "not an id", "small letters"),
    ("name: Missouri Adult Reading Coaches\n", "", "name", "missing", "`name: Our Technical"),
    ("display_name: Reading Coach Desk", "«displayname»: Desk", "displayname", "not a setting", "“display_name”"),
    ("Reading Coach Desk", "«" + "D" * 36 + "»", "display_name", "too long", "35 characters"),
    ("Reading Coach Desk", '«"Reading\\nDesk"»', "display_name", "line break", "one line"),
    ("phone: 573-555-0142", "«phone»: call us", "contact.phone", "not a phone number", "608-555-0100"),
    ("email: coaches@example.org", "«email»: coaches", "contact.email", "not an email", "help@example.org"),
    ("America/Chicago", "«America/Chigaco»", "time_zone", "not a time zone", "“America/Chicago”"),
    ("America/Chicago", "«CDT»", "time_zone", "not a time zone", "such as America/Chicago"),
    ("ta: /coach", "«ta»: coach", "commands.ta", "not a command", "such as /ta"),
    ("ta: /coach", "«ta»: /Coach Me", "commands.ta", "not a command", "small letters"),
    ("ta: /coach", "«ta»: /" + "c" * 32, "commands.ta", "too long", "32 characters"),
    ("resources: /shelf", "«resources»: /circle", "commands.resources", "same as `community`", "another"),
    ("    working: A coach is on it\n", "", "words.requester_words.working", "missing", "Someone is on it"),
    ("triaged: Sorted", "«triage»: Sorted", "words.state_words.triage", "not a setting", "“triaged”"),
    ("staff_word: coach", "«staff_word»: [coach]", "words.staff_word", "not a text", "one line"),
    ("friday: 10:00-13:00, 14:00-18:00", "«friday»: 9-17", "business_hours.friday", "“9-17”", "08:00-17:00"),
    ("saturday: 09:00-12:00", "«saturday»: 9.00-12.00", "business_hours.saturday", "“9.00", "08:00-17:00"),
    ("saturday: 09:00-12:00", "«saturday»: 12:00-09:00", "business_hours.saturday", "before it opens", "08:00-17:00"),
    ("saturday: 09:00-12:00", "«saturday»: 09:00-24:30", "business_hours.saturday", "midnight", "24:00"),
    ("14:00-18:00", "«12:00-18:00»", "business_hours.friday", "overlap", "in order"),
    ("saturday: 09:00-12:00", "«saterday»: 09:00-12:00", "business_hours.saterday", "not a setting", "“saturday”"),
    ("country: US", "«country»: U.S.", "holidays.country", "no holidays", "such as US"),
    ("subdivision: MO", "«subdivision»: Missouri", "holidays.subdivision", "no holidays", "it can be"),
    ("  country: US\n  subdivision: MO", "  «subdivision»: MO", "holidays.subdivision", "no country", "`country: US`"),
    ("- Truman Day", "- «Trueman Day»", "holidays.removed.entry 2", "“Trueman Day”", "“Truman Day”"),
    ("- {day: 12-24,", "- {«day»: Dec 24,", "holidays.extra.entry 1.day", "not a day", "11-27"),
    ("- {day: 12-24,", "- {«day»: 2026-02-30,", "holidays.extra.entry 1.day", "not a day", "2026-11-27"),
    ("triage: 3 business days", "«triage»: 3 days", "clocks.triage", "not a length of time", "1 business day"),
    ("triage: 3 business days", "«triage»: 0 business days", "clocks.triage", "no length", "more than 0"),
    ("triage: 3 business days", "«triage»: 1.5 business days", "clocks.triage", "part of", "whole days"),
    ("starts: 08-01", "«starts»: August", "calendars.school_year.starts", "not a day of the year", "07-01"),
    ("starts: 08-01", "starts: 08-01, «named_by»: middle", "calendars.school_year.named_by", "choices", "'start'"),
    ("{id: fluency, label: Reading with ease", "{id: «sounds», label: Ease", "topics.teaching.topics.sounds.id",
     "already stands in the group “teaching”", "one group"),
    ("{id: dyslexia,", "{id: «writing»,", "topics.learners.topics.writing.id", "group “teaching”", "another id"),
    ("- id: learners", "- id: «teaching»", "topics.teaching.id", "already used", "its own"),
    ("label: Dyslexia,", "«lable»: Dyslexia,", "topics.learners.topics.dyslexia.lable", "not a setting", "“label”"),
    ("label: Dyslexia,", "«label»: " + "D" * 76 + ",", "topics.learners.topics.dyslexia.label", "too long", "75"),
    ("    label: Learners\n", "    «label»: " + "L" * 76 + "\n", "topics.learners.label", "too long", "75"),
    ("  - {id: unsure, label: Not sure}\n", "", "kinds", "lacks unsure", "add an entry"),
    ("{id: workshop,", "{id: «observe»,", "kinds.observe.id", "already used in", "its own"),
    (", urgent: true", "", "by_when", "exactly one urgent", "`urgent: true`"),
    ("days: 90", "«days»: ninety", "by_when.term.days", "not a whole number", "digits"),
    ("days: 90", "«days»: -1", "by_when.term.days", "too small", "0 or more"),
    ("{id: flexible, label: No hurry}", "{id: flexible, label: No hurry, «asks_date»: maybe}",
     "by_when.flexible.asks_date", "not yes or no", "true or false"),
    ("label: No coach for this, declined: true, needs_referral: true", "label: No coach, declined: true",
     "close_reasons.no_capacity", "without a referral", "needs_referral"),
    ("  - {id: no_response, label: No answer}\n", "", "close_reasons", "lacks no_response", "add an entry"),
    ("{id: other, label: Other}", "{id: «library», label: Other}", "agency_kinds.library.id", "already used", "own"),
    ("areas/missouri.yaml", "«areas/misouri.yaml»", "area_files.entry 1", "no file", "“areas/missouri.yaml”"),
    ("number: 988", "«number»: nine", "hotlines.crisis_988.number", "not a phone number", "608"),
    ("    number: 988\n", "    number: 988\n    «last_verified»: yesterday\n", "hotlines.crisis_988.last_verified",
     "not a date", "2026-07-01"),
    ("funding: Paid for by the donors", "«funding»: " + "Paid " * 250, "notices.funding", "too long", "1000"),
    ("  funding: Paid for by the donors of the Missouri Adult Reading Coaches.\n", "  «funding»:\n",
     "notices.funding", "missing", "add `funding:`"),
    ("time_zone: America/Chicago", "time_zone: America/Chicago\n«time_zone»: UTC", "time_zone",
     "is listed twice, first on line", "keep one"),
    ("  ta: /coach", "  ta: /coach\n  «ta»: /ask", "commands.ta", "is listed twice", "keep one"),
    ("  staff_word: coach", "  «staff_word»: !!python/object:os.system coach", "the whole file", "YAML tag", "remove"),
    ("name: Missouri Adult Reading Coaches", "«name»: &n Coaches", "the whole file", "anchor", "write the value"),
    ("commands:\n  ta: /coach\n  community: /circle\n  resources: /shelf\n  digest: /digest", "«commands»: /coach",
     "commands", "not a group", "below it"),
    ("area_files:\n  - areas/missouri.yaml", "«area_files»: areas/missouri.yaml", "area_files", "not a list", "`- `"),
    ("area_files:\n  - areas/missouri.yaml", "«area_files»: []", "area_files", "no entries", "at least one"),
    ("contact:", "«contact»: [", "the whole file", "not YAML", "the one above"),
    ("contact:\n", "contact:\n\t«phone»: 1\n", "the whole file", "not YAML", "spaces"),
    ("    label: Learners\n", "    label: Learners\n    «label»: Readers\n", "topics.learners.label", "twice", "one"),
    ("  staff_word: coach", "  staff_word: coach\n  «? [odd]»\n  : coach", "words", "without a name", "`name: value`"),
    ("  staff_word: coach", "  staff_word: coach\n  «<<»: {member_word: x}", "words", "without a name", "`name:"),
]  # fmt: skip


@for_each(("old", "new", "field", "wrong", "right"), EDITS)
def test_each_fault_gives_its_line(
    write: Write, old: str, new: str, field: str, wrong: str, right: str
) -> None:
    assert old in GOOD
    marked = GOOD.replace(old, new, 1)
    path = write(marked.replace("«", "").replace("»", ""))
    if "[" in new and "not YAML" in wrong:
        assert wrong in faults_of(path)[0].wrong
        return
    fault = only_fault(path)
    assert fault.file == str(path)
    assert fault.field == field
    assert wrong in fault.wrong
    assert right in fault.right
    if "«" in new:
        assert fault.line == line_of(marked, "«")


def test_a_missing_setting_points_at_its_group(write: Write) -> None:
    text = GOOD.replace("  phone: 573-555-0142\n", "")
    fault = only_fault(write(text))
    assert (fault.line, fault.field) == (line_of(text, "contact:"), "contact.phone")
    text = GOOD.replace("  - {id: term, label: Some time this term, days: 90}", "  - {id: term, days: 90}")
    fault = only_fault(write(text))
    assert (fault.line, fault.field) == (line_of(text, "{id: term"), "by_when.term.label")


def test_all_faults_are_told_at_once_from_top_to_bottom(write: Write, tmp_path: Path) -> None:
    (tmp_path / "places.yaml").write_text(AREAS.replace("region: mo-region-central", "region: middle", 1))
    text = GOOD.replace("America/Chicago", "Chicago").replace("14:00-18:00", "2-6pm")
    text = text.replace("{id: writing,", "{id: sounds,").replace("- Truman Day", "- Trooman Day")
    faults = faults_of(write(text.replace("areas/missouri.yaml", "places.yaml")))
    assert [fault.field for fault in faults] == [
        "time_zone",
        "business_hours.friday",
        "holidays.removed.entry 2",
        "topics.teaching.topics.sounds.id",
        "counties.mo-boone.region",
    ]
    assert [Path(fault.file).name for fault in faults] == ["ours.yaml"] * 4 + ["places.yaml"]


def test_a_fault_reads_as_one_line_that_an_editor_can_follow(write: Write) -> None:
    path = write(GOOD.replace("14:00-18:00", "2-6pm"))
    with pytest.raises(Misconfigured) as refused:
        load(path)
    line = line_of(GOOD, "14:00-18:00")
    assert str(refused.value).startswith(
        f"{path}:{line}: business_hours.friday: “2-6pm” can't be read as hours; write"
    )
    assert refused.value.words == str(refused.value)


@for_each(
    ("text", "wrong"),
    [
        ("", "is empty"),
        ("# only a note\n", "is empty"),
        ("---\n", "not a list of settings"),
        ("just words\n", "not a list of settings"),
        ("- one\n- two\n", "not a list of settings"),
        ("a: 1\n---\nb: 2\n", "not YAML"),
        ("name: 'unfinished\n", "not YAML"),
        ("name: \x00\n", "not YAML"),
        ("[" * 3000, "nested too deep"),
        ("a: " + "[" * 100_000 + "]" * 100_000, "nested too deep"),
    ],
)
def test_a_file_that_is_no_profile_is_said_so(write: Write, text: str, wrong: str) -> None:
    fault = faults_of(write(text))[0]
    assert wrong in fault.wrong
    assert fault.line == text.count("\n", 0, text.find("---\nb")) + 1 if "---\nb" in text else fault.line >= 1


def test_a_missing_file_a_folder_and_other_bytes_are_said_so(tmp_path: Path) -> None:
    assert "does not exist" in only_fault(tmp_path / "nowhere.yaml").wrong
    assert "cannot be read" in only_fault(tmp_path).wrong
    picture = tmp_path / "picture.yaml"
    picture.write_bytes(b"\x89PNG\xff\xfe")
    assert "not text in UTF-8" in only_fault(picture).wrong


def test_week_without_opening_is_refused(write: Write) -> None:
    start, end = GOOD.index("business_hours:"), GOOD.index("holidays:")
    fault = only_fault(write(GOOD[:start] + "business_hours: {monday: closed}\n" + GOOD[end:]))
    assert (fault.field, fault.line) == ("business_hours", line_of(GOOD, "business_hours:"))
    assert "no hours at all" in fault.wrong


def test_blank_optional_settings_are_absent(write: Write) -> None:
    text = GOOD.replace("    number: 988\n", "    number: 988\n    last_verified:\n    note:\n")
    hotline = load(write(text)).hotline("crisis_988")
    assert hotline is not None
    assert (hotline.last_verified, hotline.note) == (None, None)


@for_each(
    ("old", "new", "told"),
    [
        ("display_name: Reading Coach Desk", "display_name: No", lambda p: p.display_name == "No"),
        ("staff_word: coach", "staff_word: on", lambda p: p.words.staff_word == "on"),
        ("staff_word: coach", "staff_word: 12:30", lambda p: p.words.staff_word == "12:30"),
        ("staff_word: coach", "staff_word: 007", lambda p: p.words.staff_word == "007"),
        ("label: No hurry", "label: 2026-01-01", lambda p: p.by_when_label("flexible") == "2026-01-01"),
        ("display_name: Reading Coach Desk\n", "", lambda p: p.display_name == "TA Center"),
        ("name: Missouri", "\ufeffname: Missouri", None),
    ],
)
def test_text_means_what_was_typed(
    write: Write, old: str, new: str, told: Callable[[Profile], bool] | None
) -> None:
    """YAML's own ideas of yes, times, octals and dates do not reach the profile."""
    if told is None:
        assert load(write("\ufeff" + GOOD)).name == load(write(GOOD)).name
        return
    assert told(load(write(GOOD.replace(old, new))))


AREA_EDITS = [
    ("region: mo-region-central, fips: \"29007\"", "«region»: mo-region-centrale, fips: \"29007\"",
     "counties.mo-audrain.region", "no region “mo-region-centrale”", "“mo-region-central”"),
    ("{id: mo-barry,", "{id: «mo-adair»,", "counties.mo-adair.id", "already used in", "its own"),
    ("{id: mo-barry,", "{id: «statewide»,", "counties.statewide.id", "already used", "must not come back"),
    ("fips: \"29009\"", "«fips»: 9", "counties.mo-barry.fips", "not a county's number", "five digits"),
    ("label: Barry County,", "", "counties.mo-barry.label", "missing", "add `label:`"),
    ("outside: {id: outside, label: Outside Missouri}\n", "", "outside", "missing", "add `outside:`"),
    ("state: Missouri", "«stat»: Missouri", None, "not a setting", "“state”"),
]  # fmt: skip


@for_each(("old", "new", "field", "wrong", "right"), AREA_EDITS)
def test_faults_of_area_files_give_their_own_lines(
    write: Write, tmp_path: Path, old: str, new: str, field: str | None, wrong: str, right: str
) -> None:
    audrain_in_central = AREAS.replace(
        'region: mo-region-northeast, fips: "29007"', 'region: mo-region-central, fips: "29007"'
    )
    assert old in audrain_in_central
    marked = audrain_in_central.replace(old, new, 1)
    places = tmp_path / "places.yaml"
    places.write_text(marked.replace("«", "").replace("»", ""), encoding="utf-8")
    faults = faults_of(write(GOOD.replace("areas/missouri.yaml", "places.yaml")))
    fault = next(each for each in faults if wrong in each.wrong)
    assert fault.file == str(places)
    assert field in (None, fault.field)
    assert right in fault.right
    if "«" in new:
        assert fault.line == line_of(marked, "«")


def test_more_than_a_hundred_options_in_a_group_are_refused(write: Write, tmp_path: Path) -> None:
    topics = "".join(f"      - {{id: extra{n}, label: Extra {n}}}\n" for n in range(97))
    text = GOOD.replace("  - id: learners\n", topics + "  - id: learners\n")
    fault = only_fault(write(text))
    assert (fault.field, fault.wrong) == ("topics.teaching.topics", "has 101 entries")
    assert "at most 100" in fault.right
    one_region = AREAS.replace("mo-region-northwest", "mo-region-southeast").replace(
        "-southwest", "-southeast"
    )
    counties = "".join(
        f"  - {{id: new-{n}, label: New {n}, region: mo-region-southeast}}\n" for n in range(60)
    )
    (tmp_path / "places.yaml").write_text(one_region + counties, encoding="utf-8")
    faults = faults_of(write(GOOD.replace("areas/missouri.yaml", "places.yaml")))
    assert any(fault.wrong == "holds 126 counties" and "two regions" in fault.right for fault in faults)


def test_two_area_files_may_not_use_one_id_twice(write: Write) -> None:
    text = GOOD.replace("  - areas/missouri.yaml", "  - areas/missouri.yaml\n  - areas/wisconsin.yaml")
    faults = faults_of(write(text))
    assert {fault.field for fault in faults} == {"statewide.id", "outside.id"}
    assert all(Path(fault.file).name == "wisconsin.yaml" for fault in faults)
    assert all("missouri.yaml on line" in fault.wrong for fault in faults)


def test_no_edit_of_one_line_ends_in_anything_but_a_profile_or_faults(write: Write) -> None:
    """Each line of the shipped file in turn left out, emptied and garbled."""
    lines = GOOD.splitlines(keepends=True)
    for at, line in enumerate(lines):
        for instead in ("", line.split(":")[0] + ":\n", "  ?? [\n", line.replace(": ", ": - ")):
            path = write("".join([*lines[:at], instead, *lines[at + 1 :]]))
            faults = faults_or_none(path)
            assert all(fault.line >= 1 and fault.wrong and fault.right for fault in faults)
