"""Headings as other systems write them, and the flags that say what is not for the public."""

from __future__ import annotations

import io

import pytest

from copbot.imports.files.columns import guess
from copbot.imports.files.rules import Reading, read_row
from copbot.imports.readers.spreadsheets import read
from tests.resources.given import PROFILE


def readings(text: str) -> list[Reading]:
    got = read(io.BytesIO(text.encode()))
    mapping = guess(got.headings)
    return [read_row(row, mapping, PROFILE) for row in got.rows]


def one(text: str) -> Reading:
    [reading] = readings(text)
    return reading


def test_headings_are_understood_however_they_are_written() -> None:
    for headings in (
        ["Title", "URL"],
        ["resource_name", "web-site"],
        ["PublicName", "WebsiteAddress"],
        ["NAME", "Link"],
    ):
        assert guess(headings).fields == {"title": 0, "url": 1}


def test_a_person_corrects_the_mapping_and_what_is_not_taken_is_named() -> None:
    got = guess(["Name", "Where it is", "Color"], {"address": "Where it is", "title": "name"})
    assert got.fields == {"title": 0, "address": 1}
    assert got.left == ("Color",)


@pytest.mark.parametrize(
    ("heading", "value", "why"),
    [
        ("IsPrivate", "TRUE", "marked private"),
        ("Internal Only", "yes", "marked private"),
        ("Confidential Address", "Y", "marked private"),
        ("Do not use", "x", "marked private"),
        ("Exclude from website", "1", "marked private"),
        ("AgencyStatus", "Inactive", "not in use"),
        ("Status", "Closed", "not in use"),
    ],
)
def test_a_row_that_its_source_keeps_back_is_withheld_with_the_reason(
    heading: str, value: str, why: str
) -> None:
    reading = one(f"Name,{heading}\nSafe house,{value}\n")
    assert reading.withheld == why
    assert reading.incoming is not None
    assert reading.incoming.fields.private is True
    assert one(f"Name,{heading}\nOpen house,\n").withheld == ""


def test_a_title_that_says_do_not_use_is_withheld() -> None:
    assert one("Name\n** DO NOT USE ** Old line\n").withheld == "marked “do not use”"


def test_a_field_that_is_private_is_left_out_and_the_rest_is_taken() -> None:
    reading = one(
        "PublicName,Phone1Number,Phone1IsPrivate,PhysicalAddress1,PhysicalCity,PhysicalAddressIsPrivate\n"
        "House,414-555-0100,True,12 Main St,Racine,Yes\n"
    )
    assert reading.withheld == ""
    assert reading.incoming is not None
    assert reading.incoming.fields.phones == ()
    assert not reading.incoming.fields.address


def test_lists_places_dates_and_kinds_are_read_from_cells() -> None:
    reading = one(
        "Name,Topics,County,Phone,Street,City,State,ZIP,Last verified,Hours\n"
        "Site,naloxone; nonsense,Dane County; Milwaukee,414-555-0100; 800-555-0199,1 Main St,Madison,WI,53703,3/5/2030,Mon 9-5\n"
    )
    assert reading.incoming is not None
    fields = reading.incoming.fields
    assert fields.kind == "service"
    assert fields.topics == ("naloxone",)
    assert len(fields.areas or ()) == 2
    assert fields.phones == ("414-555-0100", "800-555-0199")
    assert fields.address == "1 Main St, Madison, WI 53703"
    assert str(fields.reviewed_on) == "2030-03-05"
    assert "nonsense" in reading.notes[0]


@pytest.mark.parametrize(
    "told", ["2030-03-05", "3/5/2030", "03/05/30", "March 5, 2030", "Mar 5, 2030", "5 March 2030"]
)
def test_a_date_in_each_common_shape_is_the_same_day(told: str) -> None:
    reading = one(f'Name,URL,Reviewed on\nA,https://a.example/x,"{told}"\n')
    assert reading.incoming is not None
    assert str(reading.incoming.fields.reviewed_on) == "2030-03-05"


def test_a_date_that_is_none_refuses_the_row_and_says_how_to_write_it() -> None:
    assert "Write it like 2026-03-31" in one("Name,Reviewed on\nA,someday\n").fault
    assert "Write it like 2026-03-31 14:00" in one("Name,Starts\nA,someday\n").fault


def test_a_row_without_a_number_of_its_own_is_the_same_row_in_the_next_file() -> None:
    first, second = (
        one(f"Name,URL,Summary\nA guide,https://a.example/x,{words}\n") for words in ("old", "new")
    )
    assert first.incoming is not None
    assert second.incoming is not None
    assert first.incoming.identity == second.incoming.identity
