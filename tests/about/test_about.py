"""About: every part of the source pages has its place, with source and date; what has none is not shown."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import yaml

from copbot.about import pages as about_pages
from copbot.about import screens
from copbot.about.values import AboutPage
from copbot.errors import NotFound
from copbot.program.profile import load, shipped
from copbot.program.schema.faults import ProfileFault
from copbot.slack.answers import View
from copbot.store import Store
from tests.communities.kit import NOON, PROFILE
from tests.databases import ROOT
from tests.rows import for_each

SHIPPED = about_pages.shipped("harm_reduction_wi")
DOC = (ROOT / "docs/content.md").read_text()
MENUS = (
    "What is HRTAC", "What is Harm Reduction", "Main principles", "Core principles", "approaches", "Stigma",
    "Join the Community", "Request Technical Assistance", "Resources", "Home", "Facts and Stats",
    "The Fentanyl Crisis", "Kansas City", "St. Louis", "Columbia", "Springfield", "Jefferson City",
    "Additional Resources", "What we have been up to", "video", "More", "Funding notice",
)  # fmt: skip


def words(view: View) -> str:
    found: list[str] = []

    def look(node: Any) -> None:
        if isinstance(node, dict):
            found.extend(str(node[name]) for name in ("text", "url") if isinstance(node.get(name), str))
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for each in node:
                look(each)

    look(view["blocks"])
    return "\n".join(found)


def one(text: str) -> AboutPage:
    [found] = about_pages.read("pages.yaml", text)
    return found


@pytest.mark.parametrize("entry", MENUS)
def test_every_entry_of_the_source_pages_has_its_line(entry: str) -> None:
    assert entry in DOC


def test_every_page_the_table_names_is_there_and_every_page_is_in_the_table() -> None:
    assert set(re.findall(r"\| `(\w+)` \|", DOC)) == {page.id for page in SHIPPED}


def test_facts_and_fentanyl_ship_empty_and_hidden(sqlite_store: Store) -> None:
    with sqlite_store.reading() as session:
        shown = {page.id for page in about_pages.every_page(session, PROFILE) if page.is_seen}
        for ident in ("facts", "fentanyl"):
            with pytest.raises(NotFound):
                about_pages.page(session, PROFILE, ident)
    assert not shown & {"facts", "fentanyl", "video"}
    assert {"about", "principles", "approaches", "law_here", "care", "eligibility", "funding"} <= shown


def test_seven_and_five_principles_stand_side_by_side() -> None:
    [page] = [page for page in SHIPPED if page.id == "principles"]
    assert [len(column.points) for column in page.columns] == [7, 5]
    [block] = [block for block in screens.page(page, PROFILE)["blocks"] if "fields" in block]
    assert len(block["fields"]) == 2


@pytest.mark.parametrize("page", [page for page in SHIPPED if not page.hidden], ids=lambda page: page.id)
def test_a_page_names_its_source_its_date_and_who_pays(page: AboutPage) -> None:
    text = words(screens.page(page, PROFILE))
    assert PROFILE.notices.funding in text
    assert page.shows or "Source: " in text
    assert not page.has_own_words or screens.NOT_REVIEWED in text


def test_a_reviewed_page_says_when() -> None:
    found = one("pages:\n  - {id: a, title: A, text: Words, source: us, reviewed_on: 2026-01-31}\n")
    assert "Reviewed on January 31, 2026" in words(screens.page(found, PROFILE))


def test_a_statement_without_source_or_date_is_refused() -> None:
    with pytest.raises(ProfileFault) as fault:
        one("pages:\n  - id: facts\n    title: Facts\n    statements:\n      - text: So it is\n")
    assert "source" in fault.value.words
    assert "reviewed_on" in fault.value.words


def test_with_statements_a_lead_has_imported_the_page_is_shown(sqlite_store: Store) -> None:
    text = (
        "pages:\n  - id: facts\n    title: Facts\n    statements:\n"
        "      - {text: So it is, source: A study, reviewed_on: 2026-02-01}\n"
    )
    with sqlite_store.writing() as session:
        assert about_pages.take(session, PROFILE, about_pages.read("p.yaml", text), by="U1", now=NOON).changed
        assert not about_pages.take(
            session, PROFILE, about_pages.read("p.yaml", text), by="U1", now=NOON
        ).changed
    with sqlite_store.reading() as session:
        found = about_pages.page(session, PROFILE, "facts")
    assert found.statements[0].reviewed_on == date(2026, 2, 1)
    assert "Source: \nA study\n · read on February 1, 2026" in words(screens.page(found, PROFILE))


def test_what_is_exported_is_what_was_there(sqlite_store: Store) -> None:
    with sqlite_store.reading() as session:
        assert about_pages.read("out.yaml", about_pages.as_yaml(session, PROFILE)) == SHIPPED


def test_a_programme_without_pages_still_says_who_can_ask_and_who_pays(sqlite_store: Store) -> None:
    other = load(shipped() / "adult_reading_mo.yaml")  # type: ignore[arg-type]
    with sqlite_store.reading() as session:
        shown = {page.id for page in about_pages.every_page(session, other) if page.is_seen}
    assert {"eligibility", "funding"} <= shown


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("pages:\n  - {id: a, title: A}\n  - {id: a, title: B}\n", "is listed twice"),
        ("pages:\n  - {id: a, title: A, txt: x}\n", "did you mean “text”"),
        ("pages:\n  - {id: a, title: A, links: [{title: x, url: 'slack://x'}]}\n", "is not a link"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(text: str, wrong: str) -> None:
    with pytest.raises(ProfileFault) as fault:
        about_pages.read("pages.yaml", text)
    assert "pages.yaml:" in fault.value.words
    assert wrong in fault.value.words


@for_each(
    ("page", "fact"),
    [
        ("law_here", "sold without a prescription since 2023"),
        ("law_here", "reasonably believing that somebody has an opioid overdose"),
        ("law_here", "in good faith delivers or dispenses it to others: s. 450.11 (1i) (c)"),
        (
            "law_here",
            "gives out tests for xylazine is protected from liability for what testing leads to: s. 895.532",
        ),
        ("law_here", "Check: a bill of January 2026 may have changed this"),
        ("law_here", "961.571 (1) (b) 3. and 4."),
        (
            "principles",
            "people who use drugs deciding, and the harm done by inequality, are named only in the seven",
        ),
        ("principles", "evidence is named only in the five"),
        ("about", "Agencies and organizations that work in Wisconsin can turn to us at no cost"),
    ],
)
def test_facts_and_promises_stand_as_they_were_checked(page: str, fact: str) -> None:
    [found] = [each for each in SHIPPED if each.id == page]
    assert fact in words(screens.page(found, PROFILE))


def test_missouri_is_called_no_neighbor() -> None:
    assert "neighbo" not in (ROOT / "copbot/about/texts/harm_reduction_wi.yaml").read_text()


def test_the_words_we_ship_are_person_first() -> None:
    rows = yaml.safe_load((ROOT / "tests/program/words_to_avoid.yaml").read_text())
    text = (ROOT / "copbot/about/texts/harm_reduction_wi.yaml").read_text().lower()
    text = re.sub(r"https?://\S+", "", text)
    avoided = [word for row in rows for word in row["avoid"]]
    assert len(avoided) > 20
    assert [word for word in avoided if re.search(rf"\b{re.escape(word.lower())}\b", text)] == []
