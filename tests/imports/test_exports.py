"""What leaves the library, and comes back from a spreadsheet program as it left."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.errors import NotAllowed
from copbot.imports.exports import service as exports
from copbot.imports.exports.rules import HEADINGS, row_of
from copbot.imports.files import columns, jobs
from copbot.imports.files.rules import read_row
from copbot.imports.notices import NOTICES
from copbot.imports.readers import calendars, spreadsheets
from copbot.imports.readers.spreadsheets import as_written, inert
from copbot.people import service as people
from copbot.resources.library import service as library
from copbot.resources.library.rules import checked
from copbot.resources.library.values import Resource, ResourceFields
from copbot.slack.answers import FileMessage, Message, Nothing, Say
from copbot.store import Store
from tests.resources.given import MEMBER, PROFILE, STAFF, add, fields, knows_people, uses

NOW = datetime(2030, 3, 4, 15, tzinfo=UTC)
ZONE = ZoneInfo(PROFILE.time_zone)


def exported(store: Store, *, everything: bool = False) -> str:
    with store.reading() as session:
        return exports.spreadsheet(session, PROFILE, everything=everything)[0].decode("utf-8-sig")


def taken(store: Store, text: str, **more: bool) -> jobs.FileImport:
    file = io.BytesIO(text.encode())
    options = jobs.ImportOptions(store, "list.csv", "import", PROFILE, lambda: NOW, **more)
    return jobs.take_spreadsheet(options, file)


def published(store: Store) -> dict[str, Resource]:
    with store.reading() as session:
        return {one.uid: one for one in library.published(session).items}


def test_an_export_edited_in_a_spreadsheet_changes_its_rows_by_their_id(store: Store) -> None:
    with store.writing() as session:
        one = add(session, "Naloxone basics", topics=("naloxone",))
        other = add(session, "Test strips", summary="Where to get them")
    text = exported(store)
    assert taken(store, text).report.unchanged == 2
    done = taken(store, text.replace("Naloxone basics", "Naloxone in six steps"))
    assert (done.report.updated, done.report.unchanged, done.report.created) == (1, 1, 0)
    found = published(store)
    assert (found[one.uid].title, found[one.uid].topics) == ("Naloxone in six steps", ("naloxone",))
    assert found[other.uid].version == other.version


def test_what_is_private_is_in_no_export_and_drafts_only_in_staffs(store: Store) -> None:
    taken(store, "Title,URL,Summary\nDraft,https://a.example/d,Text\n")
    with store.writing() as session:
        add(session, "Public")
        hidden = fields("Hidden", private=True)
        library.add(session, hidden, person=STAFF, profile=PROFILE, now=NOW)
    rows = {
        text: list(csv.DictReader(io.StringIO(exported(store, everything=text)))) for text in (False, True)
    }
    assert [row["Title"] for row in rows[False]] == ["Public"]
    assert [(row["Title"], row["Publication"]) for row in rows[True]] == [
        ("Public", "published"),
        ("Draft", "draft"),
    ]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1 414 555-0100", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1", "'=1", "''-x"]
)
def test_cells_that_could_run_are_inert_and_read_as_before(cell: str) -> None:
    assert inert(cell) == f"'{cell}"
    assert as_written(inert(cell)) == cell


@pytest.mark.parametrize("cell", ["-5", "-0.25", "12", "it's", "'quoted'", "", "a=b"])
def test_numbers_and_plain_words_stay_as_they_are(cell: str) -> None:
    assert inert(cell) == as_written(cell) == cell


@given(st.text())
def test_any_cell_comes_back_as_it_left(cell: str) -> None:
    assert as_written(inert(cell)) == cell


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf")), max_size=60)
lines = texts.map(lambda text: f"x{text}".strip())
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@st.composite
def said(draw: st.DrawFn, kinds: tuple[str, ...] = ("link", "service", "event", "answer")) -> ResourceFields:
    """Anything that the library could hold."""
    kind = draw(st.sampled_from(kinds))
    starts = draw(moments) if kind == "event" else None
    whole = draw(st.booleans()) and starts is not None
    if whole and starts is not None:
        starts = starts.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    return ResourceFields(
        kind=kind,
        title=draw(texts.map(lambda text: f"{text}x")),
        summary=draw(texts.map(lambda text: f"{text}\n{text}x")),
        url="https://example.org/a,b;c" if kind == "link" else "",
        topics=tuple(draw(st.lists(st.sampled_from([t.id for _, g in PROFILE.topics_in_groups() for t in g]), max_size=4, unique=True))),
        areas=tuple(draw(st.lists(st.sampled_from([area.id for area in PROFILE.areas]), max_size=4, unique=True))),
        audience=draw(texts),
        reviewed_on=draw(st.none() | st.dates(date(2000, 1, 1), date(2040, 1, 1))),
        service_kind=draw(texts),
        address=draw(texts),
        phones=tuple(draw(st.lists(lines, max_size=3))),
        hours=draw(texts),
        languages=tuple(draw(st.lists(lines, max_size=3))),
        starts_at=starts,
        ends_at=starts + timedelta(days=2) if starts and draw(st.booleans()) and not whole else None,
        all_day=whole,
    )  # fmt: skip


def resource(columns_: dict[str, Any]) -> Resource:
    made = library.new_row(columns_, origin="staff", state="published", by="USAM", now=NOW)
    made.id = 1
    return library.value_of(made)


@given(said())
def test_a_row_comes_back_as_it_left_whatever_is_in_it(told: ResourceFields) -> None:
    before = resource(checked(told, PROFILE))
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADINGS, row_of(before, PROFILE)])
    sheet = spreadsheets.read(io.BytesIO(out.getvalue().encode("utf-8-sig")))
    mapping = columns.guess(sheet.headings)
    assert mapping.left == ()
    [row] = sheet.rows
    reading = read_row(row, mapping, PROFILE)
    assert (reading.fault, reading.withheld, reading.notes) == ("", "", ())
    assert reading.incoming is not None
    assert reading.incoming.uid == before.uid
    after = checked(reading.incoming.fields, PROFILE)
    changed = {name: (getattr(before, name), value) for name, value in after.items() if hasattr(before, name)}
    assert {
        name: pair
        for name, pair in changed.items()
        if pair[0] != (tuple(pair[1]) if isinstance(pair[1], list) else pair[1])
    } == {}


@pytest.mark.parametrize("title", ["Confidential HIV testing", "Confidential-services hub"])
def test_a_service_that_is_itself_confidential_is_no_secret(store: Store, title: str) -> None:
    assert taken(store, f"Title,Address\n{title},1 Main St\n", publish=True).report.created == 1


@pytest.mark.parametrize(
    "title",
    [
        "CONFIDENTIAL - Shelter",
        "(Confidential) Shelter",
        "Confidential address",
        "DO NOT USE Shelter",
        "Confidential: x",
    ],
)
def test_titles_that_keep_a_row_back_do(store: Store, title: str) -> None:
    assert taken(store, f"Title,Address\n{title},1 Main St\n", publish=True).report.created == 0


def test_published_events_are_a_calendar_that_other_programs_read(store: Store) -> None:
    starts = NOW + timedelta(days=3)
    whole = datetime(2030, 3, 20, tzinfo=ZONE).astimezone(UTC)
    with store.writing() as session:
        add(session, "Call; for, peers", kind="event", starts_at=starts, ends_at=starts + timedelta(hours=1))
        add(
            session,
            "Two days",
            kind="event",
            starts_at=whole,
            ends_at=whole + timedelta(days=1),
            all_day=True,
        )
        add(session, "A link")
    with store.reading() as session:
        body = exports.calendar(session, profile=PROFILE)
    read = calendars.parse(body, now=NOW, zone=PROFILE.time_zone)
    assert (len(read.happenings), read.problems) == (2, ())
    call, days = read.happenings
    assert (call.title, call.starts) == ("Call; for, peers", starts)
    assert (days.starts, days.ends) == (date(2030, 3, 20), date(2030, 3, 21))


def test_a_row_that_says_retired_is_retired_and_undone_is_back(store: Store) -> None:
    with store.writing() as session:
        one = add(session, "Naloxone basics")
        add(session, "Test strips")
    text = exported(store)
    done = taken(store, text.replace('"published","link","Naloxone', '"retired","link","Naloxone'))
    assert (done.report.updated, done.report.unchanged) == (1, 1)
    assert [each.title for each in published(store).values()] == ["Test strips"]
    with store.reading() as session:
        found = library.find(session, one.uid)
    assert found is not None
    assert (found.state, found.state_why) == ("retired", "retired in an imported list")
    assert taken(store, exported(store, everything=True)).report.unchanged == 2
    jobs.undo(store, done.id, profile=PROFILE, now=lambda: NOW)
    assert one.uid in published(store)


def test_every_state_of_an_export_comes_back_into_an_empty_library(store: Store) -> None:
    text = "Title,URL,Publication\nA,https://a.example/1,published\nB,https://a.example/2,draft\nC,https://a.example/3,Retired\n"
    assert taken(store, text).report.created == 3
    with store.reading() as session:
        states = [len(library.in_state(session, state).items) for state in ("published", "draft", "retired")]
    assert states == [1, 1, 1]


def sent(store: Store, **who: bool) -> Message | Nothing:
    """What staff get who ask for the library in Home."""
    with store.writing() as session:
        people.set_staff(session, [STAFF.user], NOW)
    answer = uses(store, "action", "imports.send_library", STAFF)
    assert isinstance(answer, Say)
    with store.writing() as session:
        if who.get("has_left"):
            people.set_staff(session, [MEMBER.user], NOW)
    with store.reading() as session:
        row = session.query(MessageRow).filter_by(kind=exports.FILE).one()
        assert row.destination == STAFF.user
        return NOTICES[row.kind](session, Subject(row.subject), Look(PROFILE, NOW, row.uid))


def test_staff_get_the_published_library_as_a_file_that_comes_back_as_it_left(store: Store) -> None:
    knows_people(store)
    with store.writing() as session:
        add(session, "Naloxone basics", phones=("608-555-0100",))
        add(session, "Not yet", MEMBER)
    file = sent(store)
    assert isinstance(file, FileMessage)
    assert (file.name, file.text.split(".")[0]) == ("resources-2030-03-04.csv", "1 published resource")
    assert file.content.decode("utf-8-sig") == exported(store)
    done = taken(store, file.content.decode("utf-8-sig"))
    assert (done.report.created, done.report.updated, done.report.unchanged) == (0, 0, 1)


def test_who_has_left_the_staff_gets_no_file(store: Store) -> None:
    knows_people(store)
    assert sent(store, has_left=True) == Nothing("no longer staff")
    with pytest.raises(NotAllowed):
        uses(store, "action", "imports.send_library", MEMBER)
