"""Ten zones' changes of the clock to 2034 and two states' holidays to 2030, against tables kept beside this.

They also tell when a new release of the zone or holiday data moves a due time.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from copbot.program.calendar import hours as business
from copbot.program.calendar.closed_days import ClosedDays
from tests.program.opening import always, office

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


CHANGES = rows("clock_changes.csv")
HOLIDAYS = rows("public_holidays.csv")
A_MINUTE = timedelta(minutes=1)


def change_of(row: dict[str, str]) -> tuple[datetime, timedelta, timedelta]:
    """When it happens, and what the wall clock is ahead of UTC before and after."""
    before, after = (timedelta(hours=float(row[name])) for name in ("hours_before", "hours_after"))
    return datetime.fromisoformat(row["utc"]), before, after


@pytest.mark.parametrize("zone", sorted({row["zone"] for row in CHANGES}))
def test_every_change_of_the_clock_is_met(zone: str) -> None:
    for row in CHANGES:
        if row["zone"] != zone:
            continue
        change, before, after = change_of(row)
        naive = change.replace(tzinfo=None)
        if after > before:  # a gap: all of it happens at the change
            for skipped in (naive + before, naive + before + A_MINUTE, naive + after - A_MINUTE):
                assert business.instant_of(zone, skipped) == change
            assert business.instant_of(zone, naive + after) == change
        else:  # a fold: its wall times happen first before the change
            assert business.instant_of(zone, naive + after) == change + (after - before)
            assert business.instant_of(zone, naive + before - A_MINUTE) == change - A_MINUTE
            assert business.instant_of(zone, naive + before) == change + (before - after)


@pytest.mark.parametrize("zone", sorted({row["zone"] for row in CHANGES}))
def test_round_the_clock_hours_lose_and_repeat_nothing_at_a_change(zone: str) -> None:
    for row in CHANGES:
        if row["zone"] != zone:
            continue
        change, _, _ = change_of(row)
        start = change - timedelta(hours=30)
        assert business.add_business_hours(always(zone), start, 60) == change + timedelta(hours=30)
        assert business.business_minutes_between(always(zone), start, change) == 30 * 60


@pytest.mark.parametrize("zone", sorted({row["zone"] for row in CHANGES}))
def test_office_hours_open_at_eight_on_the_wall_around_every_change(zone: str) -> None:
    for row in CHANGES:
        if row["zone"] != zone:
            continue
        change, _, _ = change_of(row)
        for days in range(-3, 4):
            opening = business.next_opening(office(zone=zone), change + timedelta(days=days, hours=12))
            local = opening.astimezone(business.ZoneInfo(zone))
            assert local.weekday() < 5
            assert (8, 0) <= (local.hour, local.minute) < (16, 30)


@pytest.mark.parametrize("part", ["WI", "MO"])
def test_the_states_holidays_are_those_of_the_table(part: str) -> None:
    days = ClosedDays(country="US", subdivision=part)
    table = {date.fromisoformat(row["day"]): row["names"] for row in HOLIDAYS if row["part"] == part}
    first, last = date(2024, 1, 1), date(2030, 12, 31)
    every_day = (first + timedelta(days=n) for n in range((last - first).days + 1))
    assert {day: name for day in every_day if (name := days.name_on(day))} == table


@pytest.mark.parametrize("part", ["WI", "MO"])
def test_nothing_is_due_on_a_holiday(part: str) -> None:
    hours = office(ClosedDays(country="US", subdivision=part))
    for row in HOLIDAYS:
        if row["part"] != part:
            continue
        holiday = date.fromisoformat(row["day"])
        noon = datetime.fromisoformat(f"{row['day']}T18:00:00+00:00")
        for due in (
            business.next_opening(hours, noon),
            business.add_business_hours(hours, noon - timedelta(days=1), 8.5),
            business.add_business_days(hours, noon - timedelta(days=1), 1),
        ):
            assert due.astimezone(business.ZoneInfo("America/Chicago")).date() != holiday
