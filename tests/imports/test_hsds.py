"""HSDS packages: in, out, and in again; broken keys by name; nothing read outside of a package or beyond its bounds."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from copbot.imports.exports import service as exports
from copbot.imports.files.jobs import FileImport, ImportOptions, take_package
from copbot.imports.hsds import package
from copbot.imports.hsds.rows import FILES, Rows, add_service
from copbot.imports.hsds.rules import KEYS, ServiceRow, Tables, readings
from copbot.imports.readers.values import Unreadable
from copbot.resources.library import service as library
from copbot.resources.library.rules import checked
from copbot.resources.library.values import Resource, ResourceFields
from copbot.store import Store
from tests.databases import SqliteFiles
from tests.imports.test_exports import resource, said
from tests.resources.given import NOW, PROFILE, STAFF, add, fields

A, B, LOST = (f"{number}0000000-0000-4000-8000-000000000000" for number in (1, 2, 9))
EXAMPLE: Mapping[str, str] = {
    "organizations.csv": f"id,name,description\n{A},Lakeside Exchange,We exchange\n",
    "services.csv": "id,organization_id,name,description,url,status,fees_description,eligibility_description,"
    "minimum_age,assured_date\n"
    f"{A},{A},Syringe services,Supplies and a talk,https://lakeside.example,active,Free,Anybody,18,2030-01-05\n"
    f"{B},{A},Old clinic,Gone,,defunct,,,,\n",
    "locations.csv": f"id,location_type,organization_id,name\n{A},physical,{LOST},Center\n",
    "service_at_location.csv": f"id,service_id,location_id\n{A},{A},{A}\n",
    "addresses.csv": "id,location_id,address_1,address_2,city,state_province,postal_code,country,address_type\n"
    f"{A},{A},12 Main St,Door 2,Madison,WI,53703,US,physical\n{B},{A},PO Box 1,,Madison,WI,53703,US,postal\n",
    "phones.csv": "id,service_id,service_at_location_id,number,extension,type,description\n"
    f'{A},{A},{A},"""608-555-0100""",4,voice,Front desk\n',
    "contacts.csv": f"id,organization_id,service_at_location_id,name\n{A},{LOST},{LOST},Ann Persona\n",
    "schedules.csv": "id,service_id,service_at_location_id,byday,opens_at,closes_at,description\n"
    f'{A},,{A},"MO,TU",10:00:00,18:00:00,\n',
    "languages.csv": f"id,location_id,name,code\n{A},{A},Spanish,es\n",
    "service_areas.csv": f"id,service_id,name\n{A},{A},Dane\n{B},{A},Atlantis\n",
    "taxonomies.csv": f"id,name,description\n{A},AIRS,Terms\n",
    "taxonomy_terms.csv": f"id,code,name,description,taxonomy_id\n{A},RX,Needle Exchange,x,{LOST}\n",
    "attributes.csv": f"id,link_id,taxonomy_term_id,link_entity\n{A},{A},{A},service\n",
}
BROKEN = [
    "location.organization_id",
    "contact.organization_id",
    "contact.service_at_location_id",
    "taxonomy_term.taxonomy_id",
]


def zipped(files: Mapping[str, str], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def take(store: Store, path: Path, *, publish: bool = True, dry_run: bool = False) -> FileImport:
    options = ImportOptions(store, path.name, "import", PROFILE, lambda: NOW, publish, dry_run)
    return take_package(options, path)


def services(store: Store) -> list[Resource]:
    with store.reading() as session:
        return list(library.published(session).items)


def exported(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return package.files_of(exports.services(session, profile=PROFILE))


def sets(files: Mapping[str, str]) -> dict[str, set[tuple[str, ...]]]:
    return {name: set(map(tuple, csv.reader(io.StringIO(text)))) for name, text in files.items()}


def test_a_service_has_everything_that_its_tables_say(store: Store, tmp_path: Path) -> None:
    done = take(store, zipped(EXAMPLE, tmp_path / "p.zip"))
    assert (done.report.created, done.report.withheld) == (1, {"not in use": 1})
    [one] = services(store)
    assert (one.kind, one.title, one.source) == ("service", "Syringe services", "Lakeside Exchange")
    assert one.summary == "Supplies and a talk\nCost: Free"
    assert one.address == "12 Main St, Door 2, Madison, WI 53703"
    assert one.phones == ("608-555-0100 ext. 4 (Front desk)",)
    assert one.hours == "Mon, Tue 10:00–18:00"
    assert one.eligibility == "Anybody. Ages 18 and over"
    assert (one.languages, one.areas) == (("Spanish",), (PROFILE.find_areas("Dane County")[0].id,))
    assert (one.service_kind, one.reviewed_on) == ("Needle Exchange", date(2030, 1, 5))
    assert [note for _, note in done.report.notes] == [
        "left out the area “Atlantis”: this program has no one area of that name"
    ]


def test_broken_keys_are_named(sqlite_store: Store, tmp_path: Path) -> None:
    done = take(sqlite_store, zipped(EXAMPLE, tmp_path / "p.zip"), dry_run=True)
    assert [problem.partition(":")[0] for problem in done.problems] == BROKEN
    assert done.problems[0] == "location.organization_id: 1 row points to no organization in this package."
    assert services(sqlite_store) == []


def lived_in(store: Store, tmp_path: Path) -> None:
    """Services of a directory, and others that staff wrote, with everything that could go astray."""
    take(store, zipped(EXAMPLE, tmp_path / "first.zip"))
    place = {"address": "12 Main St, Madison, WI 53703", "phones": ("608-555-0101 or 0102", "911; text too")}
    more = {"hours": "Mon–Fri 9–5; Sat by call", "languages": ("Spanish", "Hmong"), "areas": ()}
    known = [area.id for area in PROFILE.areas]
    more["areas"] = tuple(known[:3])
    with store.writing() as session:
        add(session, "Night van", kind="service", url="https://van.example", **place, **more)
        add(
            session,
            "Night vans",
            kind="service",
            url="https://van.example",
            source="City",
            topics=("naloxone",),
        )
        add(session, "=1+1", kind="service", url="", service_kind="Legal aid", summary="-x\n\"y\", 'z'")
        add(session, "A link")
        library.add(
            session, fields("Hidden", kind="service", private=True), person=STAFF, profile=PROFILE, now=NOW
        )


@pytest.mark.parametrize("form", ["zip", "folder", "description"])
def test_out_into_an_empty_database_and_out_again_the_rows_are_the_same(
    form: str, sqlite_store: Store, tmp_path: Path
) -> None:
    lived_in(sqlite_store, tmp_path)
    first = exported(sqlite_store)
    assert "Hidden" not in first["services.csv"]
    assert len(sets(first)["services.csv"]) == 1 + 4
    path = tmp_path / ("out.zip" if form == "zip" else "out")
    with sqlite_store.reading() as session:
        package.write(exports.services(session, profile=PROFILE), path)
    other = Store(SqliteFiles(tmp_path).copy(tmp_path / "other.db"))
    try:
        done = take(other, path / "datapackage.json" if form == "description" else path)
        assert (done.problems, done.report.refused, done.report.notes) == ((), [], [])
        assert sets(exported(other)) == sets(first)
        again = take(other, path)
        assert (again.report.unchanged, again.report.created, again.report.updated) == (4, 0, 0)
    finally:
        other.close()
    # And into the database that it came from nothing is doubled.
    assert take(sqlite_store, path).report.created == 0


def test_a_package_that_we_write_keeps_its_own_keys(sqlite_store: Store, tmp_path: Path) -> None:
    lived_in(sqlite_store, tmp_path)
    files = exported(sqlite_store)
    described = json.loads(files["datapackage.json"])
    assert {each["path"] for each in described["resources"]} == files.keys() - {"datapackage.json"}
    assert package.read(zipped(files, tmp_path / "p.zip")).problems == ()
    assert set(KEYS) <= set(package._DEFAULT)
    assert all("id" in columns for _, columns in FILES.values())


def test_what_is_marked_private_is_not_told_and_the_report_says_how_much(
    sqlite_store: Store, tmp_path: Path
) -> None:
    files = {
        **EXAMPLE,
        "phones.csv": f"id,service_id,number,IsPrivate\n{A},{A},608-555-0100,true\n{B},{A},608-555-0101,\n",
        "locations.csv": f"id,location_type,name,Confidential Address\n{A},physical,Shelter,yes\n",
    }
    done = take(sqlite_store, zipped(files, tmp_path / "p.zip"))
    [one] = services(sqlite_store)
    assert (one.phones, one.address, one.hours) == (("608-555-0101",), "", "Mon, Tue 10:00–18:00")
    assert "phones.csv: 1 row is marked private and left out." in done.problems


@pytest.mark.parametrize(
    "name", ["../services.csv", "/etc/services.csv", "a/../../x.csv", "C:\\x.csv", "..\\x"]
)
def test_a_zip_whose_names_lead_outside_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        package.read(zipped({**EXAMPLE, name: "id\n1\n"}, tmp_path / "p.zip"))
    assert "outside of itself" in refused.value.words


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "https://example.org/x.csv", "link.csv"])
def test_a_folder_whose_description_leads_outside_is_refused(path: str, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("id,name\n1,x\n")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    told = {"resources": [{"name": "service", "path": path}]}
    (folder / "datapackage.json").write_text(json.dumps(told))
    with pytest.raises(Unreadable) as refused:
        package.read(folder)
    assert "outside of itself" in refused.value.words


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "LARGEST", 1024 * 1024)
    bomb = zipped({"services.csv": "id,name\n" + "0" * 20_000_000}, tmp_path / "p.zip")
    assert bomb.stat().st_size < 100_000
    with pytest.raises(Unreadable) as refused:
        package.read(bomb)
    assert refused.value.words == "This package holds more than 1 MB, so it is not read."
    many = zipped({f"{number}.csv": "" for number in range(501)}, tmp_path / "many.zip")
    with pytest.raises(Unreadable):
        package.read(many)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no services.csv"),
        ({"datapackage.json": "{"}, "is not JSON"),
        ({"datapackage.json": "[" * 100_000}, "is not JSON"),
        ({"services.csv": 'id,name\n1,"open'}, "services.csv: Line 2 cannot be read"),
        ({"services.csv": ""}, "services.csv: This file is empty"),
    ],
)
def test_what_is_no_package_is_refused_in_words(files: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        package.read(zipped(files, tmp_path / "p.zip"))
    assert words in refused.value.words


def test_faults_of_services_are_told_with_their_lines(sqlite_store: Store, tmp_path: Path) -> None:
    text = f"id,name,status\n{A},One,active\n{A},Two,active\n,Three,active\n{B},Four,active,x\n"
    done = take(sqlite_store, zipped({"services.csv": text}, tmp_path / "p.zip"))
    assert done.report.created == 1
    assert [line for line, _ in done.report.refused] == [3, 4, 5]


@given(said(kinds=("service",)))
@example(ResourceFields(kind="service", title="x", eligibility="Anybody.", hours="=9-5", source="x"))
@example(ResourceFields(kind="service", title="x", source="x", phones=('x"', "“x”", '"')))
def test_any_service_is_the_same_after_it_was_written_and_read(told: ResourceFields) -> None:
    first: Rows = {name: {} for name in FILES}
    second: Rows = {name: {} for name in FILES}
    before = resource(checked(told, PROFILE))
    add_service(first, before, A, PROFILE)
    tables = {name: list(rows.values()) for name, rows in first.items()}
    listed = [ServiceRow(2, cells) for cells in tables.pop("service")]
    [reading] = readings(Tables(listed, tables), PROFILE)
    assert (reading.fault, reading.withheld, reading.notes) == ("", "", ())
    assert reading.incoming is not None
    add_service(second, resource(checked(reading.incoming.fields, PROFILE)), A, PROFILE)
    assert second == first


def ends_well(path: Path) -> bool:
    """Whether reading ends in services or in words."""
    try:
        list(readings(package.read(path).tables, PROFILE))
    except Unreadable as refused:
        return bool(refused.words)
    return True


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from(["whole", *EXAMPLE, "datapackage.json"]))
@example(b"PK\x05\x06" + b"\0" * 18, "whole")
def test_any_bytes_end_in_services_or_in_words(tmp_path: Path, body: bytes, where: str) -> None:
    path = tmp_path / "p.zip"
    if where == "whole":
        path.write_bytes(body)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in {**EXAMPLE, where: ""}.items():
                archive.writestr(name, body if name == where else text)
    assert ends_well(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_zip_ends_in_services_or_in_words(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(zipped(EXAMPLE, tmp_path / "p.zip").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "p.zip").write_bytes(whole)
    assert ends_well(tmp_path / "p.zip")
