"""The forms in which a profile writes times, days, clocks and contacts, and what each is refused for."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, PlainValidator, StringConstraints

from copbot.program.calendar.closed_days import DayMark, day_mark
from copbot.program.calendar.hours import ClockSpan, DaySpans
from copbot.program.schema.faults import nearest, refuse
from copbot.signs import plain_signs

_TIME = re.compile(r"(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE)
_SPAN_RIGHT = "write hours like 8am-5pm or 08:00-17:00, a break as 8am-12pm, 1pm-5pm, and a day off as closed"
_CLOCK = re.compile(r"(\d+(?:\.\d+)?) business (hour|day)s?")
_PHONE = re.compile(r"\+?[0-9(][0-9() .-]*(?: ?(?:x|ext\.?) ?\d+)?")
_LONGEST_CLOCK = {"hours": 2000, "days": 250}


def _matching(pattern: str, what: str, right: str) -> AfterValidator:
    """Refuses a text that is no `what`, and says how to write one."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            refuse(f"“{value}” is not {what}", right)
        return value

    return AfterValidator(check)


def _one_line(value: str) -> str:
    if any(ord(character) < 32 for character in value):
        refuse("has a line break in it", "write it on one line")
    return value


_zones = cache(available_timezones)


def _time_zone(value: str) -> str:
    zones = _zones()
    if value not in zones:
        near = nearest(value, sorted(zone for zone in zones if "/" in zone))
        right = f"did you mean “{near}”?" if near else "write one such as America/Chicago"
        refuse(f"“{value}” is not a time zone", right)
    return value


def _phone(value: str) -> str:
    value = plain_signs(value)
    digits = sum(character.isdigit() for character in value)
    if not _PHONE.fullmatch(value) or not 3 <= digits <= 20:
        refuse(f"“{value}” is not a phone number", "write one such as 608-555-0100")
    return _one_format(value)


def _one_format(number: str) -> str:
    """Numbers of North America as 608-555-0100, without a 1 before them; any other as it is written."""
    main, extension = number, ""
    if found := re.search(r" ?(?:x|ext\.?) ?(\d+)$", number):
        main, extension = number[: found.start()], f" ext. {found[1]}"
    digits = re.sub(r"\D", "", main)
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    elif main.startswith("+") or len(digits) != 10:
        return number
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}{extension}"


def _clock(value: Any) -> ClockSpan:
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    right = "write it as 4 business hours or 1 business day"
    if match is None:
        refuse("is not a length of time", right)
    amount, unit = float(match[1]), f"{match[2]}s"
    if unit == "days" and amount != int(amount):
        refuse("counts part of a business day", "write whole days, or business hours")
    if not 0 < amount <= _LONGEST_CLOCK[unit]:
        refuse("is no length a clock can run", f"write more than 0 and at most {_LONGEST_CLOCK[unit]} {unit}")
    return ClockSpan(amount, "hours" if unit == "hours" else "days")


def _day_spans(value: Any) -> DaySpans:
    if isinstance(value, str) and value.strip().casefold() == "closed":
        return ()
    parts = value.split(",") if isinstance(value, str) else refuse("can't be read as hours", _SPAN_RIGHT)
    spans = tuple(_span(part.strip()) for part in parts)
    for (_, before), (opens, _) in pairwise(spans):
        if opens < before:
            refuse("has hours that overlap or run backwards", "write them in order, the earliest first")
    return spans


def _span(written: str) -> tuple[int, int]:
    ends = [_minutes(end) for end in re.split(r"\s*-\s*|\s+to\s+", plain_signs(written))]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        refuse(f"“{written}” can't be read as hours", _SPAN_RIGHT)
    opens, closes = ends[0], ends[1] or 24 * 60
    if closes > 24 * 60:
        refuse(f"“{written}” ends after midnight", "write 24:00 for the end of the day")
    if closes <= opens:
        refuse(f"“{written}” closes before it opens", _SPAN_RIGHT)
    return opens, closes


def _minutes(written: str) -> int | None:
    """Minutes after midnight of 8am, 4:30 PM, 08:00 or 24:00; None for anything else, such as a bare 8."""
    match = _TIME.fullmatch(written)
    if match is None or not (match["half"] or match["minute"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    return hour * 60 + minute if hour <= 24 else None


def _day(value: Any) -> DayMark:
    mark = day_mark(value.strip()) if isinstance(value, str) else None
    if mark is None:
        refuse("is not a day", "write 2026-11-27 for one date, or 11-27 for that date in every year")
    return mark


def _day_of_every_year(value: Any) -> DayMark:
    mark = day_mark(value.strip()) if isinstance(value, str) else None
    if mark is None or mark.year is not None or (mark.month, mark.day) == (2, 29):
        refuse("is not a day of the year", "write month and day, such as 07-01")
    return mark


_SHORT = "use up to 40 small letters, digits, _ or -, a letter first"
_SLASH = "write / and up to 31 small letters, digits, - or _, such as /ta"
_COUNTY = "write its five digits, such as 55025, or remove it"

Id = Annotated[str, _matching("[a-z][a-z0-9_-]{0,39}", "an id", _SHORT)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=75), AfterValidator(_one_line)]
"""Shown as an option or a group's heading, where Slack takes 75 characters."""
AppName = Annotated[str, StringConstraints(min_length=1, max_length=35), AfterValidator(_one_line)]
Command = Annotated[
    str, StringConstraints(max_length=32), _matching("/[a-z0-9_-]{1,31}", "a command", _SLASH)
]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""Fits every place it is shown in: Slack cuts hints at 2,000 characters and sections at 3,000."""
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Email = Annotated[
    str, _matching(r"[^@\s]+@[^@\s]+\.[^@\s.]+", "an email address", "write one such as help@example.org")
]
Phone = Annotated[str, AfterValidator(_phone)]
Fips = Annotated[str, _matching("[0-9]{5}", "a county's number", _COUNTY)]
Clock = Annotated[ClockSpan, PlainValidator(_clock)]
OpeningTimes = Annotated[DaySpans, PlainValidator(_day_spans)]
Day = Annotated[DayMark, PlainValidator(_day)]
DayOfYear = Annotated[DayMark, PlainValidator(_day_of_every_year)]
