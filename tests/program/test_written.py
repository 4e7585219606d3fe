"""The forms in which a profile's values may be written."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from copbot.program.calendar.closed_days import DayMark
from copbot.program.calendar.hours import ClockSpan, spoken_hours
from copbot.program.schema import fields
from copbot.program.schema.faults import did_you_mean, nearest
from tests.rows import for_each


def read(form: Any, value: Any) -> Any:
    return TypeAdapter(form).validate_python(value)


@for_each(
    ("value", "spans"),
    [
        ("09:00-17:00", ((540, 1020),)),
        ("09:00 - 17:00", ((540, 1020),)),
        ("09:00–17:00", ((540, 1020),)),
        ("00:00-24:00", ((0, 1440),)),
        ("08:00-12:00, 13:00-16:30", ((480, 720), (780, 990))),
        ("08:00-12:00,12:00-16:30", ((480, 720), (720, 990))),
        ("9am-5pm", ((540, 1020),)),
        ("9:00-17:00", ((540, 1020),)),
        ("8 AM–12 PM, 1:00 p.m. to 4:30 PM", ((480, 720), (780, 990))),
        ("12am-12am", ((0, 1440),)),
        ("closed", ()),
        (" Closed ", ()),
    ],
)
def test_opening_times_are_read(value: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert read(fields.OpeningTimes, value) == spans


@for_each(
    ("written", "spoken"),
    [
        ("08:00-16:30", "8:00 AM–4:30 PM"),
        ("00:30-12:00, 13:00-24:00", "12:30 AM–12:00 PM, 1:00 PM–12:00 AM"),
        ("closed", "closed"),
    ],
)
def test_hours_are_shown_as_people_write_them_and_read_back_the_same(written: str, spoken: str) -> None:
    assert spoken_hours(written) == spoken
    assert read(fields.OpeningTimes, spoken) == read(fields.OpeningTimes, written)


@for_each(
    "value",
    [
        "9-17",
        "13pm-14pm",
        "0am-5pm",
        "09:00",
        "09:00-",
        "09:00-17:00-18:00",
        "9am",
        "25:00-26:00",
        "09:60-10:00",
        "17:00-09:00",
        "09:00-09:00",
        "20:00-24:01",
        "13:00-16:00, 08:00-12:00",
        "08:00-12:00,",
        "",
        ["09:00-17:00"],
    ],
)
def test_other_opening_times_are_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        read(fields.OpeningTimes, value)


@for_each(
    ("value", "span"),
    [
        ("4 business hours", ClockSpan(4, "hours")),
        ("1 business hour", ClockSpan(1, "hours")),
        ("1.5 business hours", ClockSpan(1.5, "hours")),
        ("1 business day", ClockSpan(1, "days")),
        (" 20 business days ", ClockSpan(20, "days")),
    ],
)
def test_clocks_are_read_and_read_back(value: str, span: ClockSpan) -> None:
    assert read(fields.Clock, value) == span
    assert read(fields.Clock, str(span)) == span


@for_each(
    "value",
    [
        "4 hours",
        "four business hours",
        "-1 business days",
        "0 business hours",
        "0.5 business days",
        "4",
        "",
        "251 business days",
        "2001 business hours",
        None,
        4,
    ],
)
def test_other_clocks_are_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        read(fields.Clock, value)


@for_each(
    ("form", "good", "bad"),
    [
        (fields.Id, ["a", "ssp_start", "wi-dane", "x" * 40], ["", "A", "1a", "-a", "a b", "é", "x" * 41]),
        (fields.Command, ["/ta", "/a-b_c", "/" + "x" * 31], ["", "/", "ta", "/Ta", "/t a", "/" + "x" * 32]),
        (
            fields.Email,
            ["a@b.org", "a.b+c@d-e.co"],
            ["a", "a@b", "a b@c.org", "@c.org", "a@b.", "a@b@c.org"],
        ),
        (fields.Fips, ["55025", "00000"], ["5502", "550250", "5502a", "٥٥٠٢٥", ""]),
        (
            fields.Phone,
            ["911", "988", "608-555-0100", "800-662-4357 ext. 5", "+44 20 7946 0018"],
            ["", "12", "call us", "608-555-CARE", "1" * 21, "608-555-0100 or 911"],
        ),
        (
            fields.TimeZone,
            ["America/Chicago", "UTC", "Asia/Kolkata"],
            ["", "Chicago", "america/chicago", "CDT"],
        ),
        (fields.Label, ["x", "x" * 75, "日本語", "🙂"], ["", "x" * 76, "a\nb", "a\tb", "a\x00b"]),
        (fields.AppName, ["TA Center", "x" * 35], ["", "x" * 36]),
        (fields.Paragraph, ["x", "a\nb", "x" * 1000], ["", "x" * 1001]),
    ],
)
def test_texts_are_taken_or_refused(form: Any, good: list[str], bad: list[str]) -> None:
    for value in good:
        assert read(form, value) == value
    for value in bad:
        with pytest.raises(ValidationError):
            read(form, value)


def test_days_of_every_year_have_no_year() -> None:
    assert read(fields.DayOfYear, "07-01") == DayMark(None, 7, 1)
    assert read(fields.Day, "2026-07-01") == DayMark(2026, 7, 1)
    for value in ("2026-07-01", "02-29", "13-01", "July 1", None):
        with pytest.raises(ValidationError):
            read(fields.DayOfYear, value)


@for_each(
    ("word", "known", "near"),
    [
        ("lable", ["label", "id"], "label"),
        ("LABEL", ["label", "id"], "label"),
        ("wi-regoin-western", ["wi-region-western", "wi-region-southern"], "wi-region-western"),
        ("xyz", ["label", "id"], None),
        ("label", [], None),
    ],
)
def test_the_nearest_right_name_is_found(word: str, known: list[str], near: str | None) -> None:
    assert nearest(word, known) == near


def test_a_hint_always_says_something() -> None:
    assert did_you_mean("lable", ["label"]) == "did you mean “label”?"
    assert did_you_mean("xyz", ["label", "id"]) == "it can be label, id"
    assert did_you_mean("xyz", [f"name{n}" for n in range(20)]).endswith("name7, …")
    assert did_you_mean("xyz", []) == "nothing is known here; remove it"


@for_each(
    ("typed", "number"),
    [
        ("911", "911"),
        ("608-555-0100", "608-555-0100"),
        ("1-800-662-4357", "800-662-4357"),
        ("+1 (608) 555 0100", "608-555-0100"),
        ("6085550100 x12", "608-555-0100 ext. 12"),
        ("+44 20 7946 0018", "+44 20 7946 0018"),
    ],
)
def test_numbers_have_one_form(typed: str, number: str) -> None:
    assert read(fields.Phone, typed) == number
