"""What can be typed as time and as people, and what a contact must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from copbot.contacts.rules import ContactEntry, minutes_of, people_of, spent, troubles
from tests.assistance.given import profile
from tests.people.given import NOW

TODAY = NOW.date()
ENTRY = ContactEntry(TODAY, 30, "consultation", "video")


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("45", 45), ("90 min", 90), ("1:30", 90), ("1.5 h", 90), ("1,5h", 90), ("1h 30", 90), ("2 hours", 120),
        ("1 h 30 min", 90), ("2hrs", 120), (" 15 ", 15), ("", 0), ("half an hour", 0), ("-5", 0), ("1:75", 0), ("h", 0),
    ],
)  # fmt: skip
def test_time_is_read_as_people_write_it(typed: str, minutes: int) -> None:
    assert minutes_of(typed) == minutes


def test_people_and_time_in_words() -> None:
    assert [people_of(each) for each in ("", "12", "1,200", "a few", "-1")] == [None, 12, 1200, -1, -1]
    assert [spent(each) for each in (15, 60, 90)] == ["15 min", "1 h", "1 h 30 min"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"minutes": 0}, "minutes"), ({"minutes": 6001}, "minutes"), ({"day": None}, "day"),
        ({"day": TODAY + timedelta(days=1)}, "day"), ({"day": TODAY - timedelta(days=4000)}, "day"),
        ({"category": ""}, "category"), ({"category": "gone"}, "category"), ({"format": "gone"}, "format"),
        ({"fund_source": "gone"}, "fund_source"), ({"people": -1}, "people"), ({"level": "gone"}, "level"),
        ({"formal": True}, "objectives"), ({"note": "x" * 2001}, "note"), ({"topics": ("gone",)}, "topics"),
        ({"areas": ("gone",)}, "areas"),
    ],
)  # fmt: skip
def test_what_cannot_be_logged_is_said_at_its_field(change: dict[str, object], field: str) -> None:
    assert list(troubles(replace(ENTRY, **change), profile(), TODAY)) == [field]  # type: ignore[arg-type]


def test_a_contact_needs_little() -> None:
    assert troubles(ENTRY, profile(), TODAY) == {}
    whole = replace(
        ENTRY,
        formal=True,
        objectives="They can start one.",
        fund_source="state",
        people=12,
        level="intensive",
    )
    assert troubles(whole, profile(), TODAY) == {}
