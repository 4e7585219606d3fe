"""When digests go out: over every clock change of ten years, and against a second, plainly written reckoning."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.digests.rules import Schedule, missed, next_slot, period_at, slot_of, timing, to_compose

CHANGES = list(
    csv.DictReader((Path(__file__).parents[1] / "program/clock_changes.csv").read_text().splitlines())
)
ZONES = sorted({row["zone"] for row in CHANGES})
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHICAGO = Schedule("America/Chicago")


def at(zone: str, *wall: int) -> datetime:
    return datetime(*wall, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc]


def plainly(schedule: Schedule, day: date) -> datetime:
    """The instant of the schedule's time on a day, found by walking through its minutes."""
    zone = ZoneInfo(schedule.zone)
    instant = datetime.combine(day, time(), UTC) - timedelta(hours=15)
    while True:
        local = instant.astimezone(zone).replace(tzinfo=None)
        if local >= datetime.combine(day, schedule.at):
            return instant
        instant += timedelta(minutes=15)


@pytest.mark.parametrize("zone", ZONES)
def test_around_every_clock_change_each_local_week_has_exactly_one_slot_at_the_same_hour_inv9(
    zone: str,
) -> None:
    changes = [datetime.fromisoformat(row["utc"]) for row in CHANGES if row["zone"] == zone]
    for change in changes:
        day = change.astimezone(ZoneInfo(zone)).date()
        for wall in (time(0), time(1, 30), time(2), time(2, 30), time(3), time(9), time(23, 45)):
            schedule = Schedule(zone, weekday=day.weekday(), at=wall)
            week = [slot_of(schedule, period_at(schedule, change + n * 7 * DAY)) for n in (-1, 0, 1)]
            assert len({slot.period for slot in week}) == 3
            assert week[1].at == plainly(schedule, day)
            local = week[1].at.astimezone(ZoneInfo(zone))
            assert local.time() == wall or local.replace(tzinfo=None) > datetime.combine(day, wall)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(["weekly", "monthly"]),
    st.integers(0, 6),
    st.times(),
    st.datetimes(datetime(2024, 1, 2), datetime(2033, 12, 30)),
)
def test_each_period_has_exactly_one_slot_and_slots_follow_one_another(
    zone: str, rhythm: str, weekday: int, wall: time, moment: datetime
) -> None:
    schedule = Schedule(zone, rhythm, weekday, wall.replace(second=0, microsecond=0))  # type: ignore[arg-type]
    now = moment.replace(tzinfo=UTC)
    periods, last = [], now
    for _ in range(6):
        slot = next_slot(schedule, last, periods)
        assert slot.at >= last
        assert period_at(schedule, slot.at) == slot.period
        assert slot_of(schedule, slot.period) == slot
        periods.append(slot.period)
        last = slot.at
    assert len(set(periods)) == 6
    step = 7 if rhythm == "weekly" else 28
    assert abs((slot_of(schedule, periods[1]).at - slot_of(schedule, periods[0]).at).days - step) <= 8


def test_next_run_shows_the_same_wall_clock_hour_on_both_sides_of_both_changes() -> None:
    for before, after in (((2030, 3, 8), (2030, 3, 11)), ((2030, 11, 1), (2030, 11, 4))):
        for day in (before, after):
            slot = next_slot(CHICAGO, at("America/Chicago", *day, 0))
            assert slot.at.astimezone(ZoneInfo("America/Chicago")).hour == 9


def test_an_edition_is_composed_from_a_day_ahead_until_a_day_after_and_once() -> None:
    monday = at("America/Chicago", 2030, 3, 4, 9)
    long_ago = monday - 30 * DAY
    for ahead, found in (
        (-DAY - HOUR, False),
        (-DAY, True),
        (0 * DAY, True),
        (DAY - HOUR, True),
        (DAY, False),
    ):
        slot = to_compose(CHICAGO, monday + ahead, long_ago, ())
        assert (slot is not None and slot.at == monday) == found, ahead
    assert to_compose(CHICAGO, monday, long_ago, {"2030-W10"}) is None
    assert to_compose(CHICAGO, monday + HOUR, monday + HOUR, ()) is None  # asked for after its slot


def test_what_was_missed_is_named_once_each_and_never_what_was_before() -> None:
    monday = at("America/Chicago", 2030, 3, 4, 9)
    later = monday + 16 * DAY
    assert [slot.period for slot in missed(CHICAGO, later, monday - HOUR, ())] == [
        "2030-W10",
        "2030-W11",
        "2030-W12",
    ]
    assert [slot.period for slot in missed(CHICAGO, later, monday + HOUR, {"2030-W11"})] == ["2030-W12"]
    assert missed(CHICAGO, monday + DAY - HOUR, monday - HOUR, ()) == ()


def test_a_schedule_that_changes_within_its_week_sends_once_in_it() -> None:
    friday = Schedule("America/Chicago", weekday=4)
    monday = at("America/Chicago", 2030, 3, 4, 9)
    assert next_slot(friday, monday, {"2030-W10"}).period == "2030-W11"
    assert next_slot(friday, monday, ()).period == "2030-W10"


def test_a_flight_gives_neither_two_nor_none() -> None:
    tokyo = Schedule("Asia/Tokyo")
    sunday = at("America/Chicago", 2030, 3, 3, 20)  # Monday morning in Tokyo, two hours after nine
    assert to_compose(tokyo, sunday, sunday - 30 * DAY, {"2030-W09"}).period == "2030-W10"  # type: ignore[union-attr]
    assert to_compose(CHICAGO, sunday + 12 * HOUR, sunday - 30 * DAY, {"2030-W10"}) is None


def test_a_monthly_digest_goes_out_on_the_months_first_such_day() -> None:
    schedule = Schedule("America/Chicago", "monthly", weekday=2, at=time(8))
    assert next_slot(schedule, at("America/Chicago", 2030, 3, 7)).at == at("America/Chicago", 2030, 4, 3, 8)
    assert next_slot(schedule, at("America/Chicago", 2030, 3, 1)).period == "2030-03"


def test_a_slot_is_early_then_due_for_a_day_then_late() -> None:
    monday = at("America/Chicago", 2030, 3, 4, 9)
    told = [timing(monday, monday + ahead) for ahead in (-HOUR, 0 * DAY, DAY, DAY + HOUR)]
    assert told == ["early", "due", "due", "late"]
