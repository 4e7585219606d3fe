"""Which days a program is closed besides its weekends: public holidays, its own days, minus exceptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from copbot.signs import plain_signs

_DAY = re.compile(r"(?:(?P<year>\d{4})-)?(?P<month>\d{2})-(?P<day>\d{2})")
_OBSERVED = re.compile(r"\s*\(.*observed\)$")
_FRIDAY = 4
# Leap year: "02-29" is a day of the year too.
_ANY_LEAP_YEAR = 2024
# Enough years to meet every name the calendar uses, also those of observed or moved days.
_NAMING_YEARS = range(2024, 2036)


@dataclass(frozen=True)
class DayMark:
    """One date (with a year) or the same date in every year (without)."""

    year: int | None
    month: int
    day: int

    def __str__(self) -> str:
        day = f"{self.month:02d}-{self.day:02d}"
        return f"{self.year:04d}-{day}" if self.year else day

    def matches(self, day: date) -> bool:
        return (self.month, self.day) == (day.month, day.day) and self.year in (None, day.year)


def day_mark(written: str) -> DayMark | None:
    """`2026-11-27` or `11-27` as a mark; None when it is neither, so that a holiday's name may stand there."""
    match = _DAY.fullmatch(plain_signs(written))
    if match is None:
        return None
    year = int(match["year"]) if match["year"] else None
    month, day = int(match["month"]), int(match["day"])
    try:
        date(_ANY_LEAP_YEAR if year is None else year, month, day)
    except ValueError:
        return None
    return DayMark(year, month, day)


@dataclass(frozen=True)
class ClosedDays:
    """`country` and `subdivision` as in ISO 3166; no country means only the days in `extra`."""

    country: str | None = None
    subdivision: str | None = None
    extra: tuple[tuple[DayMark, str], ...] = ()
    removed_days: tuple[DayMark, ...] = ()
    removed_names: frozenset[str] = frozenset()
    saturday_closes_friday: bool = True
    """Whether a holiday on a Saturday is observed on the Friday before."""

    def name_on(self, day: date) -> str | None:
        """Why the program is closed on this day; None when it is not a closed day.

        A removed date wins over everything, an added day over a removed name.
        """
        if any(mark.matches(day) for mark in self.removed_days):
            return None
        added = [name for mark, name in self.extra if mark.matches(day)]
        public = [
            name
            for name in self._public_on(day)
            if plain_name(name) not in self.removed_names and not self._stands_for_saturday(name, day)
        ]
        return "; ".join(added + public) or None

    def _stands_for_saturday(self, name: str, day: date) -> bool:
        if self.saturday_closes_friday or day.weekday() != _FRIDAY or not _OBSERVED.search(name):
            return False
        return plain_name(name) in map(plain_name, self._public_on(day + timedelta(days=1)))

    def _public_on(self, day: date) -> tuple[str, ...]:
        if self.country is None:
            return ()
        return _public_days(self.country, self.subdivision, day.year).get(day, ())


def plain_name(name: str) -> str:
    """`Independence Day (observed)` is the same holiday as `independence day`."""
    return _OBSERVED.sub("", plain_signs(name).strip()).casefold()


def calendar_names() -> Mapping[str, tuple[str, ...]]:
    """Every country with a known calendar and its subdivisions, for suggestions."""
    return {country: tuple(parts) for country, parts in holidays.list_supported_countries().items()}


def holiday_names(country: str, subdivision: str | None) -> tuple[str, ...]:
    """The names a profile can remove."""
    names: dict[str, None] = {}
    for year in _NAMING_YEARS:
        for on_one_day in _public_days(country, subdivision, year).values():
            names.update(dict.fromkeys(_OBSERVED.sub("", name) for name in on_one_day))
    return tuple(names)


# The library's own calendars fill themselves while being read, which two threads must not do at once:
# one whole year is read here and kept as a plain mapping that nobody changes.
@lru_cache(maxsize=256)
def _public_days(country: str, subdivision: str | None, year: int) -> Mapping[date, tuple[str, ...]]:
    calendar = holidays.country_holidays(country, subdiv=subdivision, years=year)
    return {day: tuple(names.split("; ")) for day, names in calendar.items()}
