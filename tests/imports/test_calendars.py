"""Calendars as they are exported: repeating, whole days, daylight saving, and broken ones."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.imports.readers.bounded import read_calendar
from copbot.imports.readers.calendars import MOST_EACH, parse
from copbot.imports.readers.values import EventCalendar, Unreadable

NOW = datetime(2030, 1, 7, 12, tzinfo=UTC)
ZONE = "America/Chicago"


def ics(*events: str, head: str = "") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y", head]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.strip().splitlines(), "END:VEVENT"]
    return "\r\n".join([line for line in lines if line] + ["END:VCALENDAR", ""]).encode()


def read(*events: str, head: str = "") -> EventCalendar:
    return parse(ics(*events, head=head), now=NOW, zone=ZONE)


def test_a_repeating_meeting_keeps_its_wall_clock_hour_across_daylight_saving() -> None:
    got = read("UID:1\nSUMMARY:Call\nDTSTART;TZID=America/Chicago:20300301T090000\nRRULE:FREQ=WEEKLY;COUNT=3")
    assert [one.starts for one in got.happenings] == [
        datetime(2030, 3, 1, 15, tzinfo=UTC),
        datetime(2030, 3, 8, 15, tzinfo=UTC),
        datetime(2030, 3, 15, 14, tzinfo=UTC),
    ]


def test_a_time_without_a_zone_is_the_programs() -> None:
    got = read("UID:1\nSUMMARY:Call\nDTSTART:20300301T090000\nDTEND:20300301T100000")
    assert got.happenings[0].starts == datetime(2030, 3, 1, 15, tzinfo=UTC)
    assert got.happenings[0].ends == datetime(2030, 3, 1, 16, tzinfo=UTC)


def test_a_whole_day_stays_a_day_and_an_exception_takes_it_out() -> None:
    got = read(
        "UID:1\nSUMMARY:Day\nDTSTART;VALUE=DATE:20300301\nDTEND;VALUE=DATE:20300302\n"
        "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20300302"
    )
    assert [(one.starts, one.ends) for one in got.happenings] == [
        (date(2030, 3, 1), None),
        (date(2030, 3, 3), None),
    ]


def test_a_changed_occurrence_takes_the_place_of_the_one_it_changes() -> None:
    got = read(
        "UID:1\nSUMMARY:Call\nDTSTART:20300301T150000Z\nRRULE:FREQ=WEEKLY;COUNT=2",
        "UID:1\nSUMMARY:Call, later\nRECURRENCE-ID:20300308T150000Z\nDTSTART:20300308T170000Z",
    )
    assert [(one.title, one.starts.day) for one in got.happenings] == [("Call", 1), ("Call, later", 8)]


def test_what_repeats_too_often_is_left_out_and_named() -> None:
    for rule in (
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=9",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=1,2;BYMINUTE=1,2,3",
    ):
        got = read(
            f"UID:1\nSUMMARY:Too often\nDTSTART:20300301T150000Z\nRRULE:{rule}",
            "UID:2\nSUMMARY:Good\nDTSTART:20300302T150000Z",
        )
        assert [one.title for one in got.happenings] == ["Good"]
        assert "“Too often” was left out" in got.problems[0]


def test_no_event_fills_the_year_and_nothing_is_further_off_than_a_year() -> None:
    got = read(
        "UID:1\nSUMMARY:Daily\nDTSTART:20300101T150000Z\nRRULE:FREQ=DAILY",
        "UID:2\nSUMMARY:Far\nDTSTART:20320101T150000Z",
    )
    assert len(got.happenings) == MOST_EACH
    assert {one.title for one in got.happenings} == {"Daily"}


def test_what_is_over_or_cancelled_is_not_shown() -> None:
    got = read(
        "UID:1\nSUMMARY:Over\nDTSTART:20200301T150000Z",
        "UID:2\nSUMMARY:Off\nSTATUS:CANCELLED\nDTSTART:20300301T150000Z",
    )
    assert got.happenings == ()


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:soon",
        "DTSTART:20309999T990000Z",
        "SUMMARY:Nothing else",
        "DTSTART;TZID=Nowhere/Atall:20300301T090000\nRRULE:FREQ=SOMETIMES",
    ],
)
def test_a_broken_event_is_named_and_the_good_ones_are_taken(lines: str) -> None:
    got = read(f"UID:1\nSUMMARY:Broken\n{lines}", "UID:2\nSUMMARY:Good\nDTSTART:20300302T150000Z")
    assert "Good" in [one.title for one in got.happenings]
    assert "“" in got.problems[0]


def test_what_is_no_calendar_is_refused_in_words() -> None:
    for body in (b"", b"hello", b"\x00\xff" * 40, b"<html>"):
        with pytest.raises(Unreadable) as refused:
            parse(body, now=NOW, zone=ZONE)
        assert ".ics" in refused.value.words


def test_words_with_commas_and_line_breaks_arrive_as_plain_words() -> None:
    got = read(
        "UID:1\nSUMMARY:Wound care\\, basics\nDESCRIPTION:One\\nTwo <b>three</b>\nLOCATION:Room 1\\; left\nDTSTART:20300301T150000Z"
    )
    one = got.happenings[0]
    assert (one.title, one.summary, one.place) == ("Wound care, basics", "One Two three", "Room 1; left")


def test_a_calendar_read_in_a_process_of_its_own_is_the_same() -> None:
    body = ics("UID:1\nSUMMARY:Call\nDTSTART:20300301T150000Z", head="X-WR-CALNAME:Trainings")
    assert read_calendar(body, now=NOW, zone=ZONE) == parse(body, now=NOW, zone=ZONE)
    assert parse(body, now=NOW, zone=ZONE).title == "Trainings"


@pytest.mark.rounds
def test_a_repetition_of_centuries_that_never_comes_true_ends_within_the_bounds() -> None:
    body = ics(
        "UID:1\nSUMMARY:Ages\nDTSTART:18000101T000000Z\nRRULE:FREQ=DAILY;INTERVAL=1;BYMONTHDAY=31;BYMONTH=2"
    )
    try:
        got = read_calendar(body, now=NOW, zone=ZONE)
    except Unreadable:
        return
    assert got.happenings == ()


@given(
    st.lists(
        st.sampled_from(
            [
                "DTSTART:20300301T150000Z",
                "RRULE:FREQ=YEARLY",
                "DURATION:P1D",
                "DTEND:20200101",
                "EXDATE:x",
                "SUMMARY:a",
                "UID:1",
                "RDATE:20300401T150000Z",
                "DTSTART;VALUE=DATE:20300301",
                "STATUS:?",
            ]
        ),
        max_size=6,
    ),
    st.text(max_size=30),
)
def test_any_lines_are_a_calendar_with_its_problems_named(lines: list[str], words: str) -> None:
    body = ics("\n".join(lines) or "UID:9", f"SUMMARY:{words}")
    for problem in parse(body, now=NOW, zone=ZONE).problems:
        assert problem.endswith(".")
