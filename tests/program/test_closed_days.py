"""Public holidays, a programme's own closed days, and those it works on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from copbot.program.calendar import closed_days
from copbot.program.calendar.closed_days import ClosedDays, DayMark, day_mark
from copbot.program.profile import load, shipped


def closed_in(days: ClosedDays, year: int) -> dict[str, str]:
    first = date(year, 1, 1)
    names = {day: days.name_on(day) for day in (first + timedelta(days=n) for n in range(366))}
    return {day.strftime("%m-%d"): name for day, name in names.items() if name and day.year == year}


def test_the_default_profile_is_closed_when_its_state_is() -> None:
    assert closed_in(load().hours.closed_days, 2026) == {
        "01-01": "New Year's Day",
        "01-19": "Martin Luther King Jr. Day",
        "05-25": "Memorial Day",
        "06-19": "Juneteenth National Independence Day",
        "07-04": "Independence Day",
        "09-07": "Labor Day",
        "11-26": "Thanksgiving Day",
        "12-24": "Christmas Eve",
        "12-25": "Christmas Day",
        "12-31": "New Year's Eve",
    }


def test_the_second_profile_adds_its_own_days_and_works_on_others() -> None:
    closed = closed_in(load(shipped() / "adult_reading_mo.yaml").hours.closed_days, 2026)
    assert closed["12-24"] == closed["12-26"] == "Winter break"
    assert closed["02-16"] == "Washington's Birthday"
    assert "10-12" not in closed
    assert "05-08" not in closed


def test_a_removed_name_takes_its_observed_day_along() -> None:
    days = ClosedDays(country="US", subdivision="WI", removed_names=frozenset({"independence day"}))
    assert days.name_on(date(2026, 7, 3)) is None
    assert days.name_on(date(2026, 7, 4)) is None
    assert days.name_on(date(2026, 5, 25)) == "Memorial Day"


def test_a_day_with_two_holidays_stays_closed_when_one_is_removed() -> None:
    both = date(2027, 2, 15)
    days = ClosedDays(country="US", subdivision="WI", removed_names=frozenset({"susan b. anthony day"}))
    assert days.name_on(both) == "Washington's Birthday"
    neither = frozenset({"susan b. anthony day", "washington's birthday"})
    assert ClosedDays(country="US", subdivision="WI", removed_names=neither).name_on(both) is None


def test_a_removed_date_opens_one_year_only() -> None:
    days = ClosedDays(country="US", removed_days=(DayMark(2026, 12, 25),))
    assert days.name_on(date(2026, 12, 25)) is None
    assert days.name_on(date(2027, 12, 25)) == "Christmas Day"


def test_an_added_day_is_one_date_or_every_years() -> None:
    days = ClosedDays(extra=((DayMark(2026, 11, 27), "Day after"), (DayMark(None, 8, 1), "Retreat")))
    assert closed_in(days, 2026) == {"08-01": "Retreat", "11-27": "Day after"}
    assert closed_in(days, 2027) == {"08-01": "Retreat"}


def test_an_added_day_counts_although_its_holiday_is_removed() -> None:
    days = ClosedDays(
        country="US",
        extra=((DayMark(None, 11, 11), "Staff day"),),
        removed_names=frozenset({"veterans day"}),
    )
    assert days.name_on(date(2026, 11, 11)) == "Staff day"


def test_no_country_means_no_public_holidays() -> None:
    assert closed_in(ClosedDays(), 2026) == {}


def test_a_new_years_day_kept_in_the_old_year_is_known_there() -> None:
    assert ClosedDays(country="US").name_on(date(2021, 12, 31)) == "New Year's Day (observed)"


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("2026-11-27", DayMark(2026, 11, 27)),
        ("11-27", DayMark(None, 11, 27)),
        ("02-29", DayMark(None, 2, 29)),
        ("2024-02-29", DayMark(2024, 2, 29)),
        ("2026-02-29", None),
        ("13-01", None),
        ("11-31", None),
        ("2026-1-1", None),
        ("Labor Day", None),
        ("", None),
        ("0000-01-01", None),
    ],
)
def test_days_are_written_in_two_ways(written: str, mark: DayMark | None) -> None:
    assert day_mark(written) == mark


def test_many_threads_see_the_same_holidays() -> None:
    """The library's calendars fill themselves on reading; ours are whole before anybody reads them."""
    closed_days._public_days.cache_clear()
    days = ClosedDays(country="US", subdivision="WI")
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda n: days.name_on(date(2030 + n % 5, 12, 25)), range(400))
    assert set(answers) == {"Christmas Day"}


@pytest.mark.parametrize(
    ("year", "fridays"), [(2026, {"07-03"}), (2027, {"05-07", "06-18", "12-24", "12-31"})]
)
def test_where_a_saturday_holiday_closes_no_friday_only_those_fridays_open(
    year: int, fridays: set[str]
) -> None:
    moved, kept = (
        ClosedDays(country="US", subdivision="MO", saturday_closes_friday=closes) for closes in (True, False)
    )
    assert set(closed_in(moved, year)) - set(closed_in(kept, year)) == fridays


def test_a_sunday_holiday_still_closes_the_monday() -> None:
    assert load().hours.closed_days.name_on(date(2027, 7, 5)) == "Independence Day (observed)"
    assert load().hours.closed_days.name_on(date(2026, 7, 3)) is None
