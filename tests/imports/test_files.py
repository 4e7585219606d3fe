"""Whole files: taken in, tried dry, taken in again, cut off in the middle, and undone."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest

from copbot.errors import Conflict
from copbot.imports.files import jobs, tables
from copbot.imports.files.jobs import FileImport, ImportOptions
from copbot.imports.readers.values import Unreadable
from copbot.resources.library import reviewing
from copbot.resources.library import service as library
from copbot.resources.library.values import Resource
from copbot.store import Store
from tests.resources.given import MEMBER, PROFILE, STAFF

NOW = datetime(2030, 3, 4, 15, tzinfo=UTC)
FOUR = """Title,URL,Topics,Summary
Naloxone basics,https://a.example/naloxone,naloxone,How to use it
Test strips,https://a.example/strips,drug_checking,
Wound care,https://a.example/wounds,wound_care,
Bad,javascript:alert(1),naloxone,
"""


def options(store: Store, **more: Any) -> ImportOptions:
    return ImportOptions(store, "list.csv", "import", PROFILE, lambda: NOW, **more)


def take(store: Store, text: str, **more: bool) -> FileImport:
    return jobs.take_spreadsheet(options(store, **more), io.BytesIO(text.encode()))


def newest(store: Store) -> list[str]:
    with store.reading() as session:
        return list(tables.newest(session))


def everything(store: Store) -> list[Resource]:
    with store.reading() as session:
        return [*library.published(session).items, *library.to_review(session).items]


def test_a_dry_run_says_what_would_be_taken_and_takes_nothing(store: Store) -> None:
    done = take(store, FOUR, dry_run=True)
    assert (done.id, done.report.taken, done.report.refused_count) == (0, 3, 1)
    assert done.report.refused[0][0] == 5
    assert everything(store) == []
    assert newest(store) == []


def test_rows_are_taken_as_drafts_or_published_and_the_same_file_again_changes_nothing(store: Store) -> None:
    assert take(store, FOUR).report.created == 3
    assert {one.state for one in everything(store)} == {"draft"}
    again = take(store, FOUR)
    assert (again.report.created, again.report.unchanged) == (0, 3)
    changed = take(store, FOUR.replace("How to use it", "In six steps"))
    assert (changed.report.updated, changed.report.unchanged) == (1, 2)
    assert len(everything(store)) == 3


@pytest.mark.both_databases
def test_an_import_is_undone_without_touching_what_people_changed_since(store: Store) -> None:
    take(store, FOUR, publish=True)
    second = take(
        store, FOUR.replace("How to use it", "In six steps") + "New,https://a.example/new,naloxone,\n"
    )
    with store.writing() as session:
        strips = next(one for one in library.published(session).items if one.title == "Test strips")
        reviewing.confirm(session, strips.uid, person=STAFF, profile=PROFILE, now=NOW)
    done = jobs.undo(store, second.id, profile=PROFILE, now=lambda: NOW)
    assert (done.removed, done.restored, done.kept) == (1, 1, 0)
    assert {one.title: one.summary for one in everything(store)}["Naloxone basics"] == "How to use it"
    first = jobs.undo(store, 1, profile=PROFILE, now=lambda: NOW)
    assert [one.title for one in everything(store)] == ["Naloxone basics", "Test strips"]
    assert (first.removed, first.kept) == (1, 2)
    with pytest.raises(Conflict):
        jobs.undo(store, 1, profile=PROFILE, now=lambda: NOW)


def test_what_its_source_keeps_back_is_not_stored_and_what_was_public_is_retired(store: Store) -> None:
    text = "Name,Address,Internal Only\nHouse,1 Main St,\nShelter,2 Hidden Ln,yes\n"
    done = take(store, text, publish=True)
    assert (done.report.created, done.report.withheld) == (1, {"marked private": 1})
    assert [one.title for one in everything(store)] == ["House"]
    again = take(store, text.replace("St,", "St,yes"), publish=True)
    assert again.report.withheld == {"marked private": 2}
    assert everything(store) == []


def test_a_file_that_breaks_off_is_refused_before_anything_is_taken(store: Store) -> None:
    with pytest.raises(Unreadable):
        take(store, FOUR + '"open')
    assert everything(store) == []
    with pytest.raises(Unreadable) as refused:
        take(store, "Color,Size\nred,1\n")
    assert "Title" in refused.value.words


def test_an_import_that_was_cut_off_is_finished_by_the_same_file(store: Store) -> None:
    text = "Title,URL\n" + "".join(f"Page {n:04},https://a.example/{n}\n" for n in range(350))

    class CutOff(Exception):
        pass

    def progress(done: int, of: int) -> None:
        assert of == 350
        if done == 200:
            raise CutOff

    body = io.BytesIO(text.encode())
    with pytest.raises(CutOff):
        jobs.take_spreadsheet(options(store, progress=progress), body)
    done = take(store, text)
    assert (done.report.created, done.report.unchanged) == (150, 200)
    assert MEMBER.user not in {one.created_by for one in everything(store)}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_mark_of_an_encoding_is_no_part_of_the_first_heading(store: Store, encoding: str) -> None:
    body = io.BytesIO(FOUR.encode(encoding))
    done = jobs.take_spreadsheet(options(store), body)
    assert (done.mapping["title"], done.guessed, done.report.created) == ("Title", False, 3)
