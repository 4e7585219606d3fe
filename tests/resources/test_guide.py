"""The guide by place: in Slack and as a page to print."""

from __future__ import annotations

import json
import re

import pytest

from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.resources import words
from copbot.resources.guide import page, service
from copbot.resources.notices import NOTICES
from copbot.slack.answers import FileMessage, Push
from copbot.store import Store
from tests.resources.given import (
    MEMBER,
    NOW,
    PROFILE,
    add,
    filled_in,
    knows_people,
    text_in,
    titles,
    uses,
    values_in,
)


@pytest.fixture
def filled(store: Store) -> Store:
    knows_people(store)
    with store.writing() as session:
        for title, kind, areas in (
            ("Main Street van", "Syringe services", ("wi-columbia",)),
            ("A drop-in <b>", "Syringe services", ("wi-columbia", "wi-dane")),
            ("Clinic", "HIV testing", ("wi-region-southern",)),
            ("Mail program", "Naloxone", ("statewide",)),
            ("National line", "Naloxone", ()),
            ("Far away", "Naloxone", ("wi-brown",)),
        ):
            more = {
                "service_kind": kind,
                "areas": areas,
                "phones": ("608-555-0100",),
                "hours": "Mon 9 AM–5 PM",
            }
            add(session, title, kind="service", **more)
        add(session, "A link", areas=("wi-columbia",))
    return store


def test_a_guide_holds_the_services_of_a_place_from_near_to_far_with_care_lines_on_top(filled: Store) -> None:
    view = uses(filled, "command", "resources guide", text="Columbia")
    shown = text_in(view)
    assert titles(view)[1:] == [
        "A drop-in &lt;b&gt;",
        "Main Street van",
        "Clinic",
        "Mail program",
        "National line",
    ]
    assert shown.index("Need help right now?") < shown.index("Columbia County") < shown.index("Clinic")
    for shows in (
        "Syringe services",
        "Southern region",
        "Statewide and national",
        "608-555-0100",
        "Not reviewed yet",
    ):
        assert shows in shown
    assert PROFILE.notices.funding.split()[0] in shown


def test_a_place_that_nobody_knows_names_the_nearest_it_could_be(filled: Store) -> None:
    view = uses(filled, "command", "resources guide", text="Colombia")
    assert "Did you mean" in text_in(view)
    assert values_in(view, "resources.open_guide")[0] == "wi-columbia"
    there = uses(filled, "action", "resources.open_guide", value="wi-columbia", in_modal=True)
    assert "Main Street van" in text_in(there)
    assert "no place “zzzzqqq”" in text_in(uses(filled, "command", "resources guide", text="zzzzqqq"))


def test_a_place_is_chosen_and_one_without_services_says_so(store: Store) -> None:
    knows_people(store)
    asks = uses(store, "command", "resources guide", text="")
    assert "Place" in text_in(asks)
    empty = uses(store, "view", "resources.guide", form=filled_in(area="wi-door"))
    assert "No services are listed for this place yet" in text_in(empty)
    assert values_in(empty, "resources.gap") == ["|wi-door"]


def test_a_long_guide_has_pages(filled: Store) -> None:
    with filled.writing() as session:
        for number in range(30):
            add(session, f"Number {number:02d}", kind="service", service_kind="Food", areas=("wi-columbia",))
    first = uses(filled, "command", "resources guide", text="columbia county")
    assert len(titles(first)[1:]) == 20
    [at] = values_in(first, "resources.guide_page")
    second = uses(
        filled, "action", "resources.guide_page", value=at, in_modal=True, meta={"areas": ["wi-columbia"]}
    )
    assert len(titles(second)[1:]) == 15
    assert not set(titles(first)[1:]) & set(titles(second)[1:])


def test_the_printed_page_escapes_everything_and_needs_nothing_from_elsewhere(filled: Store) -> None:
    with filled.reading() as session:
        guides = tuple(service.guide(session, areas, PROFILE) for areas in (("wi-columbia",), ("wi-brown",)))
    html = page.html_page(guides, PROFILE, NOW.date())
    assert html.index("Need help right now?") < html.index("Main Street van")
    assert "A drop-in &lt;b&gt;" in html
    assert words.day_words(NOW.date()) in html
    assert not re.search(r"<script|<img|<link|@import|url\(", html)
    for line in PROFILE.hotlines:
        assert line.number in html
    assert html.count("<article>") == sum(each.total for each in guides)


def test_an_empty_guide_is_a_page_all_the_same(sqlite_store: Store) -> None:
    with sqlite_store.reading() as session:
        found = service.guide(session, ("wi-door",), PROFILE)
    assert "No services are listed" in page.html_page((found,), PROFILE, NOW.date())


def test_a_guide_comes_as_a_page_to_print_for_the_place_that_is_open(filled: Store) -> None:
    view = uses(filled, "command", "resources guide", text="Columbia").view  # type: ignore[union-attr]
    assert "resources.send_guide" in str(view)
    answer = uses(filled, "action", "resources.send_guide", meta=json.loads(view["private_metadata"]))
    assert isinstance(answer, Push)
    with filled.reading() as session:
        row = session.query(MessageRow).filter_by(kind=service.FILE).one()
        assert (row.destination, row.subject) == (MEMBER.user, f"guide:{MEMBER.user}:wi-columbia")
        file = NOTICES[row.kind](session, Subject(row.subject), Look(PROFILE, NOW, row.uid))
    assert isinstance(file, FileMessage)
    assert file.name == f"guide-wi-columbia-{PROFILE.today(NOW).isoformat()}.html"
    shown = file.content.decode()
    assert "Main Street van" in shown
    assert "Far away" not in shown
