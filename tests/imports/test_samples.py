"""What is shipped to begin with: the template with its explained columns, and the practice workspace's resources."""

from __future__ import annotations

import re

from copbot.cli.practice import SAMPLES, bring_samples
from copbot.imports.command import jobs
from copbot.imports.exports.rules import HEADINGS
from copbot.imports.files import columns
from copbot.imports.readers import spreadsheets
from copbot.resources.library import service as library
from copbot.store import Store
from tests.databases import ROOT
from tests.resources.given import NOW, PROFILE

DOCS = ROOT / "docs"


def test_every_column_of_the_template_is_known_and_explained(sqlite_store: Store) -> None:
    with (DOCS / "resources-template.csv").open("rb") as file:
        headings = spreadsheets.read(file).headings
    assert columns.guess(headings).left == ()
    explained = re.findall(r"^\| ([A-Z][\w ]+?) \|", (DOCS / "resources.md").read_text(), re.MULTILINE)
    assert set(HEADINGS) | set(headings) <= set(explained)
    doing = jobs.prepared(sqlite_store, PROFILE, now=lambda: NOW, say=print)
    told = jobs.run(doing, str(DOCS / "resources-template.csv"), None, None)
    assert (told.code, "4 taken, 0 refused." in told.lines, "left out" in told.text) == (0, True, False)


def test_the_practice_workspace_has_forty_invented_resources_brought_once(sqlite_store: Store) -> None:
    assert bring_samples(sqlite_store, PROFILE, now=lambda: NOW)
    with sqlite_store.writing() as session:
        found = library.published(session).items
        library.retire(session, [found[0].uid], by="USAM", now=NOW, why="gone")
    assert len(found) == 40
    assert {one.kind for one in found} == {"service", "link", "document", "answer"}
    assert not any(one.reviewed_on for one in found)
    assert all("invented" in one.source for one in found)
    assert sum(1 for one in found if not one.topics) == 0
    # `.example` and 555-01xx belong to nobody.
    assert all(re.match(r"https://[\w.-]+\.example(/|$)", one.url) for one in found if one.url)
    assert all(re.fullmatch(r"\d{3}-555-01\d\d", phone) for one in found for phone in one.phones)
    assert not bring_samples(sqlite_store, PROFILE, now=lambda: NOW)
    with sqlite_store.reading() as session:
        assert len(library.published(session).items) == 39


def test_the_samples_are_taken_without_a_note(sqlite_store: Store) -> None:
    doing = jobs.prepared(sqlite_store, PROFILE, now=lambda: NOW, say=print, dry_run=True)
    told = jobs.run(doing, str(SAMPLES), None, None)
    assert (told.code, "left out" in told.text) == (0, False)
